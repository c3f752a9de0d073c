"""Rows that cannot be."""

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.dataset import impossible
from weilidai.pipeline.simulate import simulate
from weilidai.population import PopulationParameters

BOUNDS = current_numbers().part("population", PopulationParameters).bounds


def impossible_rows(people):
    return impossible.impossible_rows(people, BOUNDS)


@pytest.fixture(scope="module")
def people():
    return simulate(current_numbers(), 3000, 17)[0]


def count_of(found, what):
    return next(check.count for check in found.checks if check.what == what)


def broken(people, column, value, rows=5):
    changed = people.copy()
    changed[column] = changed[column].astype(object)
    changed.iloc[:rows, changed.columns.get_loc(column)] = value
    changed[column] = changed[column].infer_objects()
    return changed


BREAKS = [
    ("age_years", -1, "a figure outside its possible range"),
    ("licaitong_months", 179, "licaitong_months above real_name_months"),
    ("annual_flow_cny", -1.0, "a yearly flow below twelve months of spending"),
    ("friend_count", np.nan, "no value where everybody has one"),
]


@pytest.mark.parametrize(("column", "value", "what"), BREAKS, ids=[what for *_, what in BREAKS])
def test_a_person_who_cannot_be_is_counted(people, column, value, what):
    before, after = impossible_rows(people), impossible_rows(broken(people, column, value))
    assert count_of(after, what) >= count_of(before, what) + 4
    assert after.rows >= before.rows + 4


def test_a_step_of_the_journey_without_the_one_before_is_counted(people):
    opened = people.assign(is_opened=True)
    found = impossible_rows(opened)
    assert count_of(found, "is_opened without is_approved") == int((~people["is_approved"]).sum())
    assert count_of(found, "initial_quota_cny without opening, or opening without it") > 0


def test_a_withheld_permission_that_hides_nothing_is_counted(people):
    withheld = people.assign(has_pay_score_enabled=False)
    shown = int(people["pay_score"].notna().sum())
    what = "a value that a withheld permission or a missing record or card should hide"
    assert count_of(impossible_rows(withheld), what) >= shown


def test_a_person_with_several_faults_is_one_impossible_row(people):
    twice = broken(broken(people, "age_years", -1), "account_age_months", 2000)
    assert impossible_rows(twice).rows <= impossible_rows(people).rows + 5


def test_every_generated_figure_is_inside_its_possible_range(people):
    assert count_of(impossible_rows(people), "a figure outside its possible range") == 0
    ends = people.assign(quota_change_6m_share=-1.0)
    assert count_of(impossible_rows(ends), "a figure outside its possible range") == 0


def test_the_same_person_twice_is_impossible(people):
    doubled = people.assign(person_id=7)
    assert count_of(impossible_rows(doubled), "the same person twice") == len(people) - 1


def test_the_journey_of_generated_people_is_possible(people):
    steps = [check for check in impossible_rows(people).checks if " without " in check.what or "together" in check.what]
    assert {check.what: check.count for check in steps if check.count} == {}


def test_an_opening_from_another_entry_than_the_one_acted_on_is_counted(people):
    opened = int(people["is_opened"].sum())
    assert opened > 20
    found = impossible_rows(people.assign(entry_months_ago=0.0))
    assert count_of(found, "another entry than the one that led to the opening") == opened
    gone = impossible_rows(people.assign(opened_months_ago=np.nan))
    assert count_of(gone, "opened_months_ago without opening, or opening without it") == opened


def test_a_change_is_blamed_for_what_it_makes_impossible_and_not_for_the_years_it_takes(people):
    student = people[people["user_type"] == "student"].head(1)
    older = student.assign(age_years=31)
    assert impossible.made_impossible(student, older, BOUNDS).rows == 0
    assert impossible.made_impossible(student, student.assign(friend_count=-1), BOUNDS).rows == 1
