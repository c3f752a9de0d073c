"""The rate's own review."""

import numpy as np
import pytest

from weilidai.lender.rate_review import base_spread_bp, has_rate_review, next_daily_rate, star_rating


def _f(*values):
    return np.array(values, np.float32)


def test_five_repayments_on_time_open_a_review_once_three_months_are_over(lender):
    months, repaid = _f(12, 12, 2, 12), _f(5, 4, 5, 12)
    overdue = np.array([False, False, False, True])
    assert has_rate_review(months, repaid, overdue, lender.rate_review).tolist() == [True, False, False, False]


def test_monthly_repayments_leave_nobody_a_review_before_the_fifth_month(everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    assert (c["on_time_count"][opened] <= c["opened_months_ago"][opened]).all()
    assert c["opened_months_ago"][c["has_rate_review"]].min() >= 5


def test_a_review_is_a_possibility_and_never_raises_a_rate(everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    before, after = c["tier_daily_rate"][opened], c["next_daily_rate"][opened]
    lowered = (after < before - 1e-7) & (c["star_rating"][opened] < 7)
    assert (after <= before + 1e-7).all()
    assert 0.3 < lowered[c["has_rate_review"][opened]].mean() < 0.6
    assert not lowered[~c["has_rate_review"][opened]].any()


def test_seven_stars_have_the_lowest_rate_and_nobody_goes_below(lender, everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    best = opened & (c["star_rating"] == 7)
    assert best.any()
    assert c["next_daily_rate"][best] == pytest.approx(lender.rate_review.price.best_star_rate)
    assert c["next_daily_rate"][opened].min() >= lender.rate_review.price.low * (1 - 1e-6)


def test_stars_rise_with_the_score_from_one_to_seven(lender):
    assert star_rating(_f(300, 500, 850), lender.rate_review).tolist() == [1, 3, 7]


def test_a_discount_is_only_given_to_granted_reviews(lender):
    rate, stars, open_ = _f(0.0004, 0.0004), _f(4, 4), np.array([True, True])
    lower, same = next_daily_rate(rate, open_, stars, _f(0, 0.999), lender.rate_review)
    assert lower < same == pytest.approx(0.0004)


def test_the_surcharge_runs_from_30_to_80_basis_points_with_the_rate(lender):
    assert base_spread_bp(_f(0.0002, 0.00035, 0.0005), lender.rate_review).tolist() == [30, 55, 80]
