"""Documented, true and found weights side by side."""

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import DataError
from weilidai.explain.recovery import agreement, dimension_table, true_contributions
from weilidai.facts import FactorCatalogue

FOUR = {"bureau": 0.4, "social_behaviour": 0.25, "spending": 0.2, "assets": 0.15}
ROWS = 2000


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    random = np.random.default_rng(9)
    sizes = {"overdue_history": 4, "social_ties": 2.5, "payment_frequency": 2, "licaitong_holding": 1.5, "region": 1}
    table = pd.DataFrame({f"logit_{name}": size * random.normal(size=ROWS) for name, size in sizes.items()})
    return table.assign(person_id=range(ROWS), p_invite=0.5)


def test_the_table_shows_what_the_truth_weighs(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = true_contributions(truth, catalogue)
    table = dimension_table(model, truth, catalogue, FOUR).set_index("dimension")
    assert list(table.columns) == ["documented_weight", "oracle_share", "model_share"]
    assert list(table.index) == list(catalogue.dimensions)
    for name, weight in FOUR.items():
        assert table.loc[name, "documented_weight"] == weight
        assert table.loc[name, "oracle_share"] == pytest.approx(weight, abs=0.02)
    assert np.isnan(table.loc["region", "documented_weight"])
    assert table.loc["region", "oracle_share"] == pytest.approx(0.1, abs=0.02)
    np.testing.assert_allclose(table["oracle_share"], table["model_share"])


def test_the_documented_shares_add_up_to_one(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = np.random.default_rng(1).normal(size=(ROWS, len(catalogue.factors)))
    table = dimension_table(model, truth, catalogue, FOUR)
    weighed = table["documented_weight"].notna()
    assert table.loc[weighed, ["oracle_share", "model_share"]].sum().tolist() == pytest.approx([1, 1])


def test_a_shift_of_everybody_changes_no_share(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = true_contributions(truth, catalogue)
    pd.testing.assert_frame_equal(
        dimension_table(model + 5, truth, catalogue, FOUR), dimension_table(model, truth, catalogue, FOUR)
    )


def test_the_truth_agrees_with_itself(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = true_contributions(truth, catalogue)
    found = agreement(model, truth, catalogue)
    assert 0.5 < found.pop("documented_compared") < 1
    assert set(found.values()) == {1.0}


def test_the_main_dimension_is_one_of_the_weighting_that_decides_and_speaks_up(catalogue: FactorCatalogue) -> None:
    truth = pd.DataFrame({"logit_region": [1.0, -1.0, 0.0], "logit_city_tier": [-2.0, 2.0, 0.0]})
    parts = {"place": ["region", "city_tier"], "rest": ["spending_level"]}
    model = true_contributions(truth, catalogue)
    model[0, list(catalogue.factors).index("spending_level")] = -9
    found = agreement(model, truth, catalogue, parts)
    assert found["documented_compared"] == pytest.approx(1 / 3)  # the second is favoured, the third nobody minds
    assert found["main_documented_dimension"] == 0
    assert found["main_dimension"] < 1


def test_the_opposite_of_the_truth_agrees_with_nothing(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    found = agreement(-true_contributions(truth, catalogue), truth, catalogue)
    assert found["sign"] == 0
    assert found["main_factor"] == 0


def test_a_small_error_leaves_the_sign_and_may_change_the_rank(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = true_contributions(truth, catalogue)
    noise = 0.3 * np.random.default_rng(2).normal(size=model.shape) * (model != 0)
    found = agreement(model + noise, truth, catalogue)
    assert 0.8 < found["main_dimension"] < 1
    assert 0.9 < found["sign"] < 1
    assert 0.9 < found["top_four"] <= 1


def test_a_factor_the_truth_lacks_counts_as_zero(catalogue: FactorCatalogue) -> None:
    read = true_contributions(pd.DataFrame({"logit_region": [1.0, -1.0]}), catalogue)
    assert read.shape == (2, len(catalogue.factors))
    assert np.abs(read).sum() == 2


def test_nobody_against_whom_the_truth_holds_anything_means_no_figure(catalogue: FactorCatalogue) -> None:
    truth = pd.DataFrame({"logit_region": [1.0, 1.0]})
    found = agreement(np.zeros((2, len(catalogue.factors))), truth, catalogue)
    assert found.pop("documented_compared") == 0
    assert all(np.isnan(value) for value in found.values())


def test_tables_of_different_people_are_refused(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    with pytest.raises(DataError, match="do not belong"):
        dimension_table(np.zeros((3, len(catalogue.factors))), truth, catalogue, FOUR)


def test_an_unknown_factor_or_dimension_is_refused(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    with pytest.raises(DataError, match="no factor is called 'luck'"):
        true_contributions(pd.DataFrame({"logit_luck": [1.0]}), catalogue)
    with pytest.raises(DataError, match="no dimension 'credit'"):
        dimension_table(true_contributions(truth, catalogue), truth, catalogue, {"credit": 1.0})
