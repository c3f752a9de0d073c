"""Documented directions as differences between groups."""

import numpy as np
import pytest

from weilidai.matching.crowd import Crowd
from weilidai.matching.directions import DIRECTION_MOMENTS

MARKS = {"low_opens": 3.0, "high_opens": 8.0, "few_friends": 200.0, "many_friends": 500.0, "comfortable_payments": 20.0}


def crowd(columns, **weights):
    return Crowd(
        {name: np.array(values) for name, values in columns.items()},
        {name: np.array(values, dtype=np.float32) for name, values in weights.items()}, {}, MARKS,
    )


def test_a_gap_is_the_share_of_one_group_less_that_of_the_other():
    people = crowd({"friend_count": [600, 700, 100, 300]}, invited=[1, 0, 0, 1])
    assert DIRECTION_MOMENTS["invited_gap.friends"](people) == 0.5


def test_the_smallest_step_falls_below_zero_when_the_order_breaks():
    people = crowd({"daily_open_count": [1.0, 5.0, 9.0]}, invited=[0.1, 0.05, 0.5])
    assert DIRECTION_MOMENTS["invited_step.opens"](people) == pytest.approx(-0.05)


def test_a_mark_by_the_month_is_read_on_days():
    people = crowd({"daily_payment_count": [0.7, 0.6]}, invited=[1, 0])
    assert DIRECTION_MOMENTS["invited_gap.payments"](people) == 1


def test_a_gap_without_one_of_the_groups_is_no_number():
    people = crowd({"friend_count": [600]}, invited=[1])
    assert np.isnan(DIRECTION_MOMENTS["invited_gap.friends"](people))


def test_a_hidden_column_is_looked_for_among_those_who_refuse():
    columns = {"pay_score": [np.nan, 600.0, np.nan], "has_pay_score_enabled": [False, True, True]}
    assert DIRECTION_MOMENTS["hidden_share.pay_score"](crowd(columns)) == 1


def test_the_first_grant_is_compared_inside_each_kind():
    columns = {
        "initial_quota_cny": [1000.0, 2000.0, 10000.0, 20000.0], "has_salary_card": [False, True, False, True],
        "user_type": np.array([0, 0, 5, 5], dtype=np.uint8),
    }
    people = crowd(columns, opened=[1, 1, 1, 1])
    assert DIRECTION_MOMENTS["first_grant_gap.salary_card"](people) == pytest.approx(np.log(2))


def test_the_extremes_are_those_of_the_opened():
    people = crowd({"daily_rate": [0.0001, 0.0003, 0.0004]}, opened=[0, 1, 1])
    assert DIRECTION_MOMENTS["daily_rate.least"](people) == 0.0003
    assert DIRECTION_MOMENTS["annual_rate.most"](people) == pytest.approx(0.144)
