import numpy as np

from weilidai.lender.standing_time import longest_open, opened_months, stood_quota
from weilidai.matching import load_parameters
from weilidai.pipeline.simulate import simulate


def f(*values):
    return np.array(values, dtype=np.float32)


def test_nobody_has_opened_before_the_name_was_verified_or_the_service_was_there() -> None:
    people = {"real_name_months": f(3, 40, 0), "weilidai_months": f(9, 12, 9)}
    assert longest_open(people).tolist() == [3, 12, 0]


def test_a_changed_quota_has_stood_half_a_year_and_an_unchanged_one_need_not() -> None:
    changed = np.array([True, True, True, False])
    assert opened_months(f(1, 5, 6, 1), changed, f(99, 99, 99, 99)).tolist() == [7, 11, 6, 1]


def test_the_longest_possible_time_goes_before_everything() -> None:
    changed = np.array([True, False, True])
    assert opened_months(f(36, 36, 2), changed, f(8, 19, 4)).tolist() == [8, 19, 4]


def test_a_quota_that_nobody_has_looked_at_is_still_the_first_grant() -> None:
    assert stood_quota(f(900, 900, 500), f(500, 500, 500), f(5, 6, 0)).tolist() == [500, 900, 500]


def test_every_changed_quota_has_stood_half_a_year(everyone) -> None:
    c = everyone.columns
    changed = c["is_opened"] & (c["current_quota_cny"] != c["initial_quota_cny"])
    assert changed.sum() > 5000
    assert (c["opened_months_ago"][changed] >= 6).all()


def test_no_borrower_repaid_more_often_than_once_a_month_since_the_opening(everyone) -> None:
    c, opened = everyone.columns, everyone.columns["is_opened"]
    months = c["opened_months_ago"][opened]
    assert (c["on_time_count"][opened] <= months).all()
    assert (months <= everyone.people["real_name_months"][opened]).all()
    assert np.isnan(c["opened_months_ago"][~opened]).all()


def test_in_the_trial_nobody_opened_before_the_service_began() -> None:
    people, _ = simulate(load_parameters("trial"), 60_000, 3)
    opened = people[people["is_opened"]]
    since_launch = (2016 - 2015) * 12 + opened["snapshot_month"].str[5:].astype(int) - 5
    assert len(opened) > 100
    assert (opened["opened_months_ago"] <= since_launch).all()
    assert (opened["on_time_count"] <= since_launch).all()
    assert (opened["opened_months_ago"] == since_launch).mean() > 0.1
