"""Tiers of the quota."""

import numpy as np
import pytest

from weilidai.columns import QUOTA_TIERS
from weilidai.lender.quota_tier import review_interval_days, tier_codes, tier_rate


def _f(*values):
    return np.array(values, np.float32)


def test_the_lower_end_of_a_band_belongs_to_it(lender):
    quota = _f(250, 500, 4900, 5000, 29_900, 30_000, 200_000)
    names = [QUOTA_TIERS[code] for code in tier_codes(quota, lender.quota_tier)]
    assert names == ["new", "new", "new", "active", "active", "prime", "prime"]


def test_a_better_tier_is_looked_at_more_often(lender):
    assert review_interval_days(np.arange(3, dtype=np.uint8), lender.quota_tier).tolist() == [30, 7, 0]


@pytest.mark.parametrize(("tier", "rate", "held_to"), [
    ("new", 0.00023, 0.0003), ("new", 0.00045, 0.00045), ("active", 0.00045, 0.0004), ("active", 0.00023, 0.00023),
    ("prime", 0.00035, 0.0003), ("prime", 0.00017, 0.0002),
])
def test_a_grades_rate_moves_to_the_nearest_end_of_its_tier(lender, tier, rate, held_to):
    codes = np.array([QUOTA_TIERS.index(tier)], np.uint8)
    assert tier_rate(_f(rate), codes, lender.quota_tier) == pytest.approx(held_to)


def test_tiers_only_show_in_columns_of_their_own(everyone):
    """The grade's rate stays as it is: holding it to the tier would move the documented means by grade."""
    c, opened = everyone.columns, everyone.columns["is_opened"]
    lowest = opened & (c["credit_grade"] == 2)
    assert c["daily_rate"][lowest].mean() == pytest.approx(0.00045, abs=5e-6)
    assert c["tier_daily_rate"][lowest].mean() < 0.00041
