import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.errors import ConfigError, DataError, ModelError
from weilidai.facts import FactorCatalogue
from weilidai.models.features import Features, choose_features, encode, encode_each, settled_columns
from weilidai.rules import Eligibility


def test_no_feature_is_protected_decided_later_or_settled_by_a_rule(features: Features) -> None:
    assert "age_years" not in features.names
    assert "is_covered_area" not in features.names
    assert not {"pay_score", "tencent_credit_score"} & set(features.names)
    assert all(CATALOGUE[name].is_feature for name in features.names)


def test_only_flags_that_a_rule_fixes_are_settled(policy: Eligibility) -> None:
    assert settled_columns(policy) == ("is_covered_area",)


@pytest.mark.parametrize("key", ["excluded_dimensions", "excluded_columns"])
def test_excluding_what_does_not_exist_suggests_what_does(factors: FactorCatalogue, key: str) -> None:
    with pytest.raises(ConfigError, match=f"^{key}: unknown name"):
        choose_features(factors, **{key: ["tencent_score"]})


def test_a_model_without_any_feature_is_refused(factors: FactorCatalogue) -> None:
    with pytest.raises(ConfigError, match="no feature is left"):
        choose_features(factors, excluded_dimensions=["rest", "tencent_scores"])


def test_a_category_has_no_direction() -> None:
    with pytest.raises(ModelError, match="direction 1 cannot be held for 'region'"):
        Features(("region",), (1,), {"region": LEVELS["region"]})


def test_features_survive_being_written_down(features: Features) -> None:
    assert Features.from_dict(features.to_dict()) == features


def test_columns_are_read_by_name_whatever_their_order(people: pd.DataFrame, features: Features) -> None:
    matrix = encode(people, features)
    assert np.array_equal(matrix, encode(people[people.columns[::-1]], features), equal_nan=True)
    assert (matrix.dtype, matrix.flags.c_contiguous) == (np.float32, True)


def test_flags_become_numbers_and_categories_their_codes(people: pd.DataFrame, features: Features) -> None:
    matrix = encode(people, features)
    flags = matrix[:, features.names.index("has_salary_card")]
    codes = matrix[:, features.names.index("user_type")]
    assert np.array_equal(flags == 1, people["has_salary_card"])
    assert [LEVELS["user_type"][int(code)] for code in codes[:50]] == people["user_type"].iloc[:50].tolist()


def test_an_unknown_category_is_scored_as_missing(people: pd.DataFrame, features: Features) -> None:
    strange = people.iloc[:10].copy()
    strange.loc[strange.index[:3], "user_type"] = "astronaut"
    strange.loc[strange.index[3], "user_type"] = None
    codes = encode(strange, features)[:, features.names.index("user_type")]
    assert np.isnan(codes[:4]).all()
    assert not np.isnan(codes[4:]).any()


def test_words_have_the_same_codes_however_they_are_stored(people: pd.DataFrame, features: Features) -> None:
    strange = people.iloc[:10].copy()
    strange.loc[strange.index[:4], "user_type"] = ["astronaut", None, "", strange["user_type"].iloc[5]]
    for dtype in ("object", "category"):
        other = strange.astype({"user_type": dtype})
        assert np.array_equal(encode(strange, features), encode(other, features), equal_nan=True)


def test_rows_that_are_looked_at_are_read_as_if_there_were_no_others(people: pd.DataFrame, features: Features) -> None:
    rows = np.array([3, 0, 77, 4999])
    assert np.array_equal(encode(people, features, rows), encode(people.iloc[rows], features), equal_nan=True)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "object", "float64", "int64"])
def test_the_way_numbers_are_stored_does_not_change_them(people: pd.DataFrame, features: Features, dtype: str) -> None:
    other = people.copy()
    other["friend_count"] = other["friend_count"].astype(dtype)
    assert np.array_equal(encode(people, features), encode(other, features), equal_nan=True)


def test_numbers_spelt_as_text_are_refused(people: pd.DataFrame, features: Features) -> None:
    spelt = people.astype({"friend_count": "str"})
    with pytest.raises(DataError, match="friend_count: holds text where a number belongs"):
        encode(spelt, features)


def test_missing_columns_are_named_together(people: pd.DataFrame, features: Features) -> None:
    with pytest.raises(DataError, match="2 columns are missing: city_tier, friend_count"):
        encode(people.drop(columns=["friend_count", "city_tier"]), features)


def test_a_column_given_twice_is_refused(people: pd.DataFrame, features: Features) -> None:
    doubled = pd.concat([people, people[["friend_count"]]], axis=1)
    with pytest.raises(DataError, match="friend_count: the column occurs more than once"):
        encode(doubled, features)


def test_several_models_read_a_table_as_each_would_alone(people: pd.DataFrame, features: Features) -> None:
    fewer = Features(features.names[:-5], features.directions[:-5], {
        name: levels for name, levels in features.levels.items() if name in features.names[:-5]
    })  # fmt: skip
    category = next(iter(fewer.levels))
    other_codes = Features((category,), (0,), {category: fewer.levels[category][::-1]})
    for wanted in ([features, fewer], [fewer, features], [fewer, other_codes]):
        for matrix, one in zip(encode_each(people, wanted), wanted, strict=True):
            np.testing.assert_array_equal(matrix, encode(people, one))
            assert matrix.flags.c_contiguous
