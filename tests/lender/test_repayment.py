"""After opening."""

import numpy as np
import pytest

from weilidai.lender.repayment import on_time_count, overdue_probability, unreached_probability


def test_a_repayment_is_counted_for_each_month_of_use_one_less_when_overdue(lender):
    months, used = np.array([10, 10, 10, 1], np.float32), np.array([1, 0.25, 1, 0], np.float32)
    overdue = np.array([False, False, True, True])
    assert on_time_count(months, overdue, used, lender.repayment).tolist() == [10, 5, 9, 0]


def test_every_month_is_repaid_from_the_assumed_use_on(lender):
    months, no = np.full(3, 12, np.float32), np.zeros(3, bool)
    share = lender.repayment.every_month_from_share
    used = np.array([share / 2, share, 1], np.float32)
    assert on_time_count(months, no, used, lender.repayment).tolist() == [6, 12, 12]


def test_what_strains_a_person_never_makes_an_overdue_less_likely(make):
    for name, low, high in (("overdue_count_24m", 0, 5), ("debt_to_income_share", 0.05, 0.45),
                            ("bureau_inquiry_count_3m", 0, 5), ("other_repayment_on_time_share", 1, 0.7)):
        calm, strained = make(set_to={name: low})[1], make(set_to={name: high})[1]
        assert (strained.truth["p_overdue"] >= calm.truth["p_overdue"]).all(), name


def test_reminders_that_reach_everybody_leave_nobody_out(lender, one):
    assert not unreached_probability(one.people, np.ones(len(one.people["age_years"]), bool), lender.repayment).any()


def test_the_overdue_and_the_others_together_miss_the_documented_share_of_reminders(contracted, one):
    late = overdue_probability(one.people, contracted.repayment).astype(float)
    size = len(late)
    if_late, if_timely = (
        unreached_probability(one.people, np.full(size, overdue), contracted.repayment) for overdue in (True, False)
    )
    assert late * if_late + (1 - late) * if_timely == pytest.approx(np.full(size, 0.28), abs=1e-4)
    assert (if_late > if_timely).all()


def test_only_opened_accounts_have_a_history(everyone):
    opened = everyone.columns["is_opened"]
    assert not (everyone.columns["is_overdue"] & ~opened).any()
    for name in ("utilisation_share", "on_time_count", "quota_change_6m_share"):
        assert (np.isnan(everyone.columns[name]) == ~opened).all()


def test_repayments_are_no_more_than_months(everyone):
    opened = everyone.columns["is_opened"]
    counts, months = everyone.columns["on_time_count"][opened], everyone.columns["opened_months_ago"][opened]
    assert (counts <= months).all()
    used = everyone.columns["utilisation_share"][opened]
    assert ((used >= 0) & (used <= 1)).all()
