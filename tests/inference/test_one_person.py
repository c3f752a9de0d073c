"""One person as plain values: the figures of a table of one row to the last digit, or the table's own refusal."""

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small_bundle  # type: ignore[import-not-found]
from doors import tables  # type: ignore[import-not-found]
from weilidai.errors import ConfigError, DataError, WeilidaiError
from weilidai.inference.decider import Decider
from weilidai.inference.one_person import OnePerson

LANGUAGES = st.sampled_from([None, "zh", "en"])
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def plain(people: pd.DataFrame) -> list[dict[str, Any]]:
    """Give people as a caller without pandas would: numbers, flags and words, None where a value is missing."""
    rows = people.astype(object).where(people.notna(), None).to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def as_a_table(decider: Decider, person: dict[str, Any], language: Any) -> Any:
    try:
        decided = decider.decide(pd.DataFrame([person]), language)
    except WeilidaiError as error:
        return type(error), str(error)
    return {name: _plain(values.iloc[0]) for name, values in decided.items()}


def alone(decider: Decider, person: dict[str, Any], language: Any) -> Any:
    try:
        return decider.decide_one(person, language)
    except WeilidaiError as error:
        return type(error), str(error)


@FEW
@given(people=tables(), language=LANGUAGES)
def test_one_person_gets_what_a_table_of_one_row_gets(decider: Decider, people: pd.DataFrame, language: Any) -> None:
    for person in plain(people):
        assert alone(decider, person, language) == as_a_table(decider, person, language)


@pytest.mark.parametrize("language", [None, "zh", "en"])
def test_ordinary_people_are_decided_without_a_table(
    decider: Decider, language: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = small_bundle.draw_people(200, seed=11).drop(columns=["is_invited", "is_opened", "initial_quota_cny"])
    told = decider.decide(people, language)
    monkeypatch.setattr(Decider, "decide", None)
    assert [decider.decide_one(person, language) for person in plain(people)] == [
        {str(name): _plain(value) for name, value in row.items()} for row in told.to_dict("records")
    ]


STRANGE = [np.float64(3.0), np.int64(3), 2**60, 10**400, "3", [3], float("inf"), b"3", 3 + 0j]


@pytest.mark.parametrize("strange", STRANGE)
def test_a_value_in_doubt_is_left_to_the_table(decider: Decider, strange: Any) -> None:
    person = plain(small_bundle.draw_people(1, seed=3))[0] | {"friend_count": strange}
    assert OnePerson.of(decider.bundle, lambda: decider.attribution).decide(person, None) is None


def test_what_may_be_left_out_of_a_table_may_be_left_out_here(decider: Decider) -> None:
    person = plain(small_bundle.draw_people(1, seed=3))[0]
    without = {name: value for name, value in person.items() if name != "overdue_count_24m"}
    assert decider.decide_one(without) == decider.decide_one(person | {"overdue_count_24m": None})


def test_a_person_without_a_needed_value_is_refused_by_name_and_not_by_value(decider: Decider) -> None:
    person = plain(small_bundle.draw_people(1, seed=3))[0]
    del person["friend_count"]
    with pytest.raises(DataError, match="friend_count"):
        decider.decide_one(person)


def test_reasons_in_an_unknown_language_are_refused(decider: Decider) -> None:
    with pytest.raises(ConfigError, match="no reasons"):
        decider.decide_one(plain(small_bundle.draw_people(1, seed=3))[0], "fr")  # type: ignore[arg-type]


def test_a_model_of_a_table_of_ones_own_is_always_asked_as_a_table(decider: Decider) -> None:
    assert OnePerson.of(replace(decider.bundle, own_table=Mock()), lambda: decider.attribution) is None
