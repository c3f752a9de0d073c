"""The statistics of quota and price after opening."""

import numpy as np
import pytest

from weilidai.matching.crowd import Crowd
from weilidai.matching.limit_moments import LIMIT_MARKS, LIMIT_MOMENTS

MARKS = {"bills_least": 3.0, "bills_most": 5.0, "premium_cny": 10_000.0}


def _crowd(**columns):
    people = {name: np.array(values) for name, values in columns.items()}
    size = len(next(iter(people.values())))
    grown = np.array(columns.pop("grown", np.zeros(size)), np.float32)
    return Crowd(people, {"opened": np.ones(size, np.float32), "increased": grown}, {}, MARKS)


def test_the_bill_payers_are_those_within_the_documented_band():
    crowd = _crowd(bill_payment_count_1m=[2, 3, 5, 6], grown=[0, 1, 0, 1])
    assert LIMIT_MOMENTS["increased_share.bill_payers"](crowd) == 0.5


def test_a_salary_card_is_compared_as_a_relative_chance():
    crowd = _crowd(has_salary_card=[True, True, False, False, False], grown=[1, 0.4, 0.5, 0.5, 0.5])
    assert LIMIT_MOMENTS["increased_change.salary_card"](crowd) == pytest.approx(0.4)


def test_insurance_counts_where_it_earned_something():
    crowd = _crowd(insurance_gain_cny=[800.0, 0.0], insurance_premium_cny=[10_000.0, 50_000.0])
    assert LIMIT_MOMENTS["insurance_gain.per_premium_cny"](crowd) == pytest.approx(800)


def test_a_step_is_the_smallest_fall_from_tier_to_tier():
    crowd = _crowd(tier_daily_rate=[4e-4, 3.9e-4, 2e-4], quota_tier=[0, 1, 2])
    assert LIMIT_MOMENTS["tier_rate_step"](crowd) == pytest.approx(1e-5)


def test_every_mark_is_a_number_of_the_lender():
    assert all(path.startswith("lender.") for path in LIMIT_MARKS.values())
