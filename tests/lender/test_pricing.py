"""Credit grade and daily rate."""

import numpy as np
import pytest

from weilidai.columns import GRADES
from weilidai.lender.pricing import daily_rate, grade_codes
from weilidai.units import DAYS_PER_YEAR_QUOTED

INDEX = np.linspace(-6, 6, 2001, dtype=np.float32)


def test_rates_lie_in_the_documented_range_and_under_the_yearly_cap(lender, everyone):
    rate = everyone.would_get["daily_rate"].astype(np.float64)
    assert rate.min() >= lender.pricing.low * (1 - 1e-6)
    assert rate.max() <= lender.pricing.high * (1 + 1e-6)
    assert rate.max() * DAYS_PER_YEAR_QUOTED <= lender.pricing.annual_cap


def test_a_better_index_never_means_a_worse_grade_or_a_dearer_rate(lender):
    codes = grade_codes(INDEX, lender.pricing)
    assert (np.diff(codes.astype(int)) <= 0).all()
    assert (np.diff(daily_rate(INDEX, codes, lender.pricing)) <= 0).all()
    assert set(codes.tolist()) == set(range(len(GRADES)))


def test_every_rate_of_a_better_grade_is_below_every_rate_of_a_worse_one(everyone):
    codes, rate = everyone.would_get["credit_grade"], everyone.would_get["daily_rate"]
    assert rate[codes == 0].max() < rate[codes == 1].min()
    assert rate[codes == 1].max() < rate[codes == 2].min()


@pytest.mark.parametrize("code", range(len(GRADES)))
def test_a_rate_stays_near_its_grades_rate(lender, everyone, code):
    rate = everyone.would_get["daily_rate"][everyone.would_get["credit_grade"] == code]
    middle = lender.pricing.grade_rate[GRADES[code]]
    assert np.abs(rate - middle).max() <= lender.pricing.half_width + 1e-6


@pytest.mark.parametrize("code", range(len(GRADES)))
def test_who_lies_in_the_middle_of_a_grade_pays_the_grades_own_rate(lender, code):
    grade = GRADES[code]
    index, codes = np.array([lender.pricing.middle[grade]], np.float32), np.array([code], np.uint8)
    assert grade_codes(index, lender.pricing).tolist() == [code]
    assert daily_rate(index, codes, lender.pricing) == pytest.approx(lender.pricing.grade_rate[grade], abs=1e-6)
