"""What is typical of people with the entry and of people without."""

import numpy as np
import pytest

from weilidai.matching.crowd import Crowd
from weilidai.matching.profiles import PROFILE_MOMENTS, charity_gain, known_flags, mean_of, weighted_quantile


def crowd(columns, invited, **beside):
    weights = {"invited": np.array(invited, dtype=np.float32), "eligible": np.ones(len(invited), dtype=np.float32)}
    return Crowd({k: np.array(v) for k, v in columns.items()}, weights, beside.get("logits", {}), beside["marks"])


def test_a_quantile_counts_weight_and_not_people():
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 5.0, 1.0])
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert weighted_quantile(values, weights, 0.9) == 3.0
    assert weighted_quantile(values, weights, 1.0) == 3.0


def test_with_equal_weights_the_middle_is_the_median():
    values = np.array([9.0, 1.0, 5.0, 7.0, 3.0])
    assert weighted_quantile(values, np.ones(5), 0.5) == np.median(values)


def test_unknown_values_and_weightless_people_do_not_count():
    values, weights = np.array([np.nan, 1.0, 100.0]), np.array([5.0, 1.0, 0.0])
    assert weighted_quantile(values, weights, 0.5) == 1.0
    assert mean_of(values, weights) == 1.0


def test_nobody_has_no_middle_and_no_mean():
    assert np.isnan(weighted_quantile(np.array([1.0]), np.array([0.0]), 0.5))
    assert np.isnan(mean_of(np.array([1.0]), np.array([0.0])))


def test_a_flag_of_an_unknown_value_is_unknown():
    values = np.array([np.nan, 3.0])
    np.testing.assert_array_equal(known_flags(values, values > 2), [np.nan, 1.0])


def test_the_share_beyond_the_mark_is_counted_among_the_invited():
    people = crowd({"daily_open_count": [9.0, 2.0, 9.0]}, [1, 1, 0], marks={"high_opens": 8.0, "low_opens": 3.0})
    assert PROFILE_MOMENTS["invited.share.opens_above_mark"](people) == 0.5
    assert PROFILE_MOMENTS["not_invited.share.opens_below_mark"](people) == 0.0


def test_groups_are_counted_where_contacts_may_be_read():
    people = crowd({"managed_group_count": [np.nan, 4.0, 0.0]}, [1, 1, 1], marks={"groups": 2.0})
    assert PROFILE_MOMENTS["invited.share.groups_from_mark"](people) == 0.5


def test_no_borrowing_is_no_record_or_no_open_loan():
    people = crowd({"open_loan_count": [np.nan, 0.0, 2.0, 1.0]}, [0, 0, 0, 1], marks={})
    assert PROFILE_MOMENTS["not_invited.share.no_borrowing"](people) == pytest.approx(2 / 3)


def test_donations_gain_what_their_part_of_the_score_weighs():
    people = crowd(
        {"charity_months_12m": [0, 12]}, [1, 1], logits={"charity": np.array([0.0, np.log(3)]), "debt": np.zeros(2)},
        marks={"charity_months": 6.0, "weight.social": 0.25, "weight.bureau": 0.75},
    )
    gain = charity_gain({"social": ("charity",), "bureau": ("debt",)})
    assert gain(people) == pytest.approx(0.25 * (0.75 - 0.5))
