import json

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE
from weilidai.errors import ConfigError, DataError
from weilidai.inference.decider import Decider
from weilidai.inference.signature import output_fields

PROMISED = {"factor", "dimension", "contribution", "value", "mark", "document", "section", "text"}


def same(first: pd.DataFrame, second: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_a_decision_has_the_promised_columns(decider: Decider, people: pd.DataFrame) -> None:
    decided = decider.decide(people, reasons="en")
    assert list(decided.columns) == [field.name for field in output_fields()]
    assert list(decided.index) == list(people.index)
    assert decided["p_invite"].between(0, 1).all()
    assert (decided["quota_low_cny"] <= decided["quota_cny"]).all()
    assert (decided["quota_cny"] <= decided["quota_high_cny"]).all()


def test_reasons_are_given_on_request_only(decider: Decider, people: pd.DataFrame) -> None:
    plain = decider.decide(people)
    assert "reasons" not in plain.columns
    same(decider.decide(people, reasons="zh").drop(columns="reasons"), plain)


def test_reasons_are_a_json_list_that_ends_at_documents(decider: Decider, people: pd.DataFrame) -> None:
    for told in decider.decide(people.head(40), reasons="zh")["reasons"]:
        reasons = json.loads(told)
        assert len(reasons) <= 4
        for reason in reasons:
            assert set(reason) >= PROMISED
            assert reason["text"].strip()


def test_one_person_gets_the_same_figures_as_in_a_table(decider: Decider, people: pd.DataFrame) -> None:
    table = decider.decide(people.head(60), reasons="en")
    alone = pd.concat([decider.decide(people.iloc[place : place + 1], reasons="en") for place in range(60)])
    same(alone, table)


def test_the_order_of_rows_and_columns_does_not_matter(decider: Decider, people: pd.DataFrame) -> None:
    shuffled = people.sample(frac=1, random_state=1)[sorted(people.columns)]
    same(decider.decide(shuffled, reasons="en").loc[people.index], decider.decide(people, reasons="en"))


def test_the_kind_of_number_does_not_matter(decider: Decider, people: pd.DataFrame) -> None:
    """A float32 table, a float64 table and numbers as objects hold the same people."""
    numbers = [name for name in people.columns if CATALOGUE[name].kind in ("number", "count")]
    wanted = decider.decide(people, reasons="en")
    for kind in ("float32", "float64", "object"):
        again = people.astype(dict.fromkeys(numbers, kind)).assign(person_id=people["person_id"])
        same(decider.decide(again, reasons="en"), wanted)


def test_columns_that_may_be_missing_may_be_left_out(decider: Decider, people: pd.DataFrame) -> None:
    optional = [name for name in decider.columns if CATALOGUE[name].may_be_missing]
    unknown = people.assign(**dict.fromkeys(optional, np.nan))
    same(decider.decide(people.drop(columns=optional), reasons="zh"), decider.decide(unknown, reasons="zh"))


def test_columns_the_model_does_not_read_change_nothing(decider: Decider, people: pd.DataFrame) -> None:
    noisy = people.assign(is_invited=True, favourite_colour="green", logit_age=1.0, age_years=90)
    same(decider.decide(noisy), decider.decide(people))


def test_a_table_without_numbers_of_people_is_decided_too(decider: Decider, people: pd.DataFrame) -> None:
    assert "person_id" not in decider.decide(people.drop(columns="person_id")).columns


def test_an_unseen_category_decides_alike_alone_and_in_a_table(decider: Decider, people: pd.DataFrame) -> None:
    strange = people.head(50).copy()
    strange.loc[strange.index[0], "user_type"] = "astronaut"
    same(decider.decide(strange.head(1)), decider.decide(strange).head(1))


@pytest.mark.parametrize(("column", "kind", "value", "told"), [
    ("daily_open_count", "float64", np.inf, "is infinite"),
    ("daily_open_count", "object", "12", "text"),
    ("monthly_spend_cny", "float64", -1.0, "outside the possible range"),
    ("has_salary_card", "int64", 2, "neither true nor false"),
])  # fmt: skip
def test_a_breach_of_the_contract_is_refused_by_column(
    decider: Decider, people: pd.DataFrame, column: str, kind: str, value: object, told: str
) -> None:
    broken = people.astype({column: kind})
    broken.loc[broken.index[3], column] = value
    with pytest.raises(DataError, match=told) as refused:
        decider.decide(broken)
    assert column in str(refused.value)


def test_a_missing_column_is_named_and_nobody_is_shown(decider: Decider, people: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="friend_count"):
        decider.decide(people.drop(columns="friend_count"))


def test_an_empty_table_is_refused(decider: Decider, people: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="no rows"):
        decider.decide(people.head(0))


def test_a_language_without_reasons_is_refused(decider: Decider, people: pd.DataFrame) -> None:
    with pytest.raises(ConfigError, match="known: en, zh"):
        decider.decide(people, reasons="fr")  # type: ignore[arg-type]


def test_doubts_about_a_table_can_be_asked_for(decider: Decider, people: pd.DataFrame) -> None:
    assert [p.column for p in decider.problems(people.assign(favourite_colour="green"))] == ["favourite_colour"]


def test_a_loaded_model_says_what_it_is(decider: Decider) -> None:
    assert "bundle" in repr(decider)
    assert decider.birth_certificate["made_by"] == "a test"
