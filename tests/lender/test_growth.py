"""From the first grant to the quota of today."""

import numpy as np

from weilidai.lender.growth import current_quota, months_open


def test_months_run_from_one_to_the_most(lender):
    months = months_open(np.array([0, 0.5, 1 - 2.0**-24], np.float32), lender.growth)
    assert months[0] == 1
    assert months[-1] == lender.growth.most_months


def test_todays_quota_lies_under_the_cap_in_whole_steps(lender, everyone):
    quota = everyone.would_get["current_quota_cny"]
    assert quota.min() >= lender.growth.low_cny
    assert quota.max() <= lender.growth.high_cny
    assert not (quota % lender.growth.step_cny).any()


def test_a_quota_grows_with_time_with_the_first_grant_and_with_bill_details(lender, one):
    size = len(one.people["age_years"])
    zero, first = np.zeros(size, np.float32), np.full(size, 8000, np.float32)

    def quota(people, cny=first, months=12):
        return current_quota(people, cny, np.full(size, months, np.float32), zero, lender.growth)

    shared = {**one.people, "has_transactions_permission": np.ones(size, bool)}
    held_back = {**one.people, "has_transactions_permission": np.zeros(size, bool)}
    assert (quota(one.people, months=30) >= quota(one.people)).all()
    assert (quota(one.people, first * 2) >= quota(one.people)).all()
    assert (quota(shared) >= quota(held_back)).all()
