"""A model asked about people who live long after those it learnt from says so once, and decides all the same."""

import warnings
from dataclasses import replace

import pandas as pd
import pytest

from small_bundle import build_bundle, draw_people
from weilidai.inference.age import LEARNT_FROM, ModelAge, StaleModelWarning, months_between
from weilidai.inference.decider import Decider

LEARNT = {"first": "2021-01", "newest": "2021-09", "warn_after_months": 12}


def decider(told: dict[str, object] | None = None) -> Decider:
    bundle, _ = build_bundle()
    return Decider(replace(bundle, birth_certificate={LEARNT_FROM: LEARNT if told is None else told}), "a test")


def people_of(*months: object) -> pd.DataFrame:
    return draw_people(len(months), seed=1).assign(snapshot_month=list(months))


@pytest.mark.parametrize("month", ["2023-05", "2022-10"])
def test_people_of_much_later_months_warn_once_and_are_decided_as_ever(month: str) -> None:
    old, people = decider(), people_of("2021-09", month)
    with pytest.warns(StaleModelWarning, match="learn it anew"):
        decided = old.decide(people)
    with warnings.catch_warnings(action="error"):
        old.decide(people)
    pd.testing.assert_frame_equal(decided, decider({}).decide(people), check_exact=True)


def test_one_person_of_a_much_later_month_warns_too() -> None:
    old, person = decider(), people_of("2023-05").iloc[0].to_dict()
    with pytest.warns(StaleModelWarning, match="2021-09"):
        old.decide_one(person)


@pytest.mark.parametrize("month", ["2021-01", "2022-09", "", None, 202305, "2023-13", ["2023-05"]])
def test_people_within_the_limit_or_of_no_month_do_not_warn(month: object) -> None:
    with warnings.catch_warnings(action="error"):
        decider().decide(people_of(month))
        decider().decide_one({**people_of("2021-09").iloc[0].to_dict(), "snapshot_month": month})


def test_no_warning_is_wanted_or_no_months_are_known() -> None:
    for told in ({}, {**LEARNT, "warn_after_months": None}, {"warn_after_months": 3}):
        assert ModelAge.of({LEARNT_FROM: told}) is None
    assert ModelAge.of({}) is None


def test_the_people_too_late_are_counted_among_the_doubts_of_a_table() -> None:
    people = people_of("2021-09", "2023-05", "2023-01")
    (problem,) = [one for one in decider().problems(people) if one.column == "snapshot_month"]
    assert (problem.count, problem.rows, problem.is_fatal) == (2, (2, 3), False)
    assert problem.what.startswith("up to 20 months after")
    assert not [one for one in decider().problems(people.iloc[:1]) if one.column == "snapshot_month"]


def test_months_are_counted_across_years() -> None:
    assert months_between("2021-09", "2023-05") == 20
    assert months_between("2021-09", "2021-01") == -8
    assert months_between("2021-09", None) is None
