"""The change of a chance between two regimes, in parts that sum to it."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilidai.errors import ConfigError
from weilidai.explain.regime_difference import MOST_CHANGES, Standing, shapley, sigmoid, split_difference

LOG_ODDS = st.floats(-12, 12)
RULES = st.dictionaries(st.sampled_from(["covered_area", "inquiries", "debt", "pay_score"]), st.booleans())
CHANGES = ("general_level", "weight.assets", "term.user_kind")


def weigher(before, after):
    """Weigh two factors so that no change is additive, and all of them together give the second log-odds."""

    def weigh(come):
        share = (len(come) / len(CHANGES)) ** 2 + (0.3 if "general_level" in come and len(come) == 1 else 0.0)
        value = before + share * (after - before)
        return np.array([value * 0.25, value * 0.75])

    return weigh


@given(before=RULES, after=RULES, first=LOG_ODDS, second=LOG_ODDS)
def test_the_parts_sum_to_the_whole_change(before, after, first, second) -> None:
    one, other = Standing(before, first), Standing(after, second)
    split = split_difference(one, other, CHANGES, weigher(first, second))
    assert split.total == pytest.approx(other.p_invite - one.p_invite, abs=1e-9)
    weighed = sum(part.sum() for part in split.log_odds.values())
    assert weighed == pytest.approx(second - first, abs=1e-9)


@given(before=RULES, after=RULES, first=LOG_ODDS, second=LOG_ODDS)
def test_the_way_back_undoes_every_part_of_the_weighing(before, after, first, second) -> None:
    one, other = Standing(before, first), Standing(after, second)
    there = split_difference(one, other, CHANGES, weigher(first, second))
    back = split_difference(other, one, CHANGES, lambda come: weigher(first, second)(frozenset(CHANGES) - come))
    for name in CHANGES:
        assert there.log_odds[name] == pytest.approx(-back.log_odds[name], abs=1e-9)


def test_a_rule_that_newly_fails_takes_the_whole_chance() -> None:
    before, after = Standing({"debt": True}, 0.4), Standing({"debt": False}, -2.0)
    split = split_difference(before, after, CHANGES, weigher(0.4, -2.0))
    assert split.rules == {"debt": pytest.approx(-sigmoid(0.4))}
    assert split.probability_per_log_odds == 0


def test_rules_that_fail_together_share_equally() -> None:
    before, after = Standing({"debt": True, "inquiries": True}, 1.0), Standing({"debt": False, "inquiries": False}, 1.0)
    split = split_difference(before, after, (), lambda _: np.array([1.0]))
    assert list(split.rules.values()) == pytest.approx([-sigmoid(1.0) / 2] * 2)


def test_a_rule_that_only_one_regime_has_stands_in_nobodys_way_in_the_other() -> None:
    before, after = Standing({"pay_score": False}, 0.0), Standing({}, 0.0)
    assert before.p_invite == 0
    assert split_difference(before, after, (), lambda _: np.zeros(1)).rules == {"pay_score": pytest.approx(0.5)}


def test_a_rule_missed_before_and_after_leaves_nothing_to_share() -> None:
    before = Standing({"covered_area": False, "debt": True}, 2.0)
    after = Standing({"covered_area": False, "debt": False}, 2.0)
    assert split_difference(before, after, (), lambda _: np.zeros(1)).rules == {"debt": 0.0}


def test_shares_are_the_mean_over_all_orders() -> None:
    worth = {"": 0, "a": 1, "b": 2, "c": 0, "ab": 5, "ac": 1, "bc": 4, "abc": 9}

    def value(joined):
        return np.array([float(worth["".join(sorted(joined))])])

    means = dict.fromkeys("abc", 0.0)
    for order in permutations("abc"):
        for place, name in enumerate(order):
            means[name] += (value(order[: place + 1]) - value(order[:place]))[0] / math.factorial(3)
    assert {name: part[0] for name, part in shapley("abc", value).items()} == pytest.approx(means)


def test_more_changes_than_can_be_tried_are_refused() -> None:
    with pytest.raises(ConfigError, match="cannot be split exactly"):
        shapley([str(number) for number in range(MOST_CHANGES + 1)], lambda _: np.zeros(1))


def test_an_equal_chance_has_a_slope_and_no_part() -> None:
    standing = Standing({}, 0.3)
    split = split_difference(standing, standing, (), lambda _: np.array([0.3]))
    assert (split.total, split.rules) == (0, {})
    assert split.probability_per_log_odds == pytest.approx(sigmoid(0.3) * (1 - sigmoid(0.3)))
