"""Reduction of a quota."""

import numpy as np
import pytest

from weilidai.lender.reduction import applies_for_many, closing_chance, reduced_quota, stays_first_borrower


def _f(*values):
    return np.array(values, np.float32)


def test_many_applications_cost_thirty_percent_of_the_current_quota(lender):
    no = np.array([False])
    assert reduced_quota(_f(20_000), _f(8000), ~no, no, lender.reduction) == pytest.approx(14_000)
    assert applies_for_many({"bureau_inquiry_count_3m": _f(2, 3, np.nan)}, lender.reduction).tolist() == [
        False, True, False]


def test_without_a_second_loan_half_of_the_initial_quota_is_left_even_under_the_floor(lender):
    yes, no = np.array([True, True]), np.array([False, False])
    assert reduced_quota(_f(20_000, 700), _f(8000, 500), no, yes, lender.reduction).tolist() == [4000, 250]


def test_a_reduction_never_adds(lender):
    yes, no = np.array([True]), np.array([False])
    assert reduced_quota(_f(3000), _f(30_000), no, yes, lender.reduction) == 3000


def test_the_rule_on_second_loans_sleeps_until_a_regime_wakes_it(lender):
    months, again, uniform = _f(6, 5, 12), np.array([False, False, True]), _f(0, 0, 0)
    assert not stays_first_borrower(months, again, uniform, lender.reduction).any()
    awake = lender.reduction.model_copy(update={"no_reborrow_share_applies": 1.0})
    assert stays_first_borrower(months, again, uniform, awake).tolist() == [True, False, False]


def test_who_is_overdue_is_closed_sooner(lender, one):
    size = len(one.people["age_years"])
    no, yes = np.zeros(size, bool), np.ones(size, bool)
    calm = closing_chance(one.people, no, no, lender.reduction.closing)
    late = closing_chance(one.people, yes, no, lender.reduction.closing)
    assert (late > calm).all()
    assert calm.min() > 0
    assert (closing_chance(one.people, no, yes, lender.reduction.closing) == 1).all()
