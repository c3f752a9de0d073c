"""Hard rules and threshold scorecards as data."""

import json
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest

from weilidai.rules import Eligibility, Rule, ScoreItem, ThresholdScorecard, eligibility_from_dict, eligibility_to_dict

NAN = float("nan")
ITEMS = (
    ScoreItem("history", "a", 12, 0.25, "F"), ScoreItem("payments", "b", 0.5, 0.3, "F"),
    ScoreItem("cards", "c", 2, 0.2, "F"), ScoreItem("activity", "d", 8, 0.25, "F"),
)
CARD = ThresholdScorecard("prequalification", ITEMS, 0.7, "F")
POLICY = Eligibility(
    (
        Rule("adult", "age", ">=", 18, "F"), Rule("area", "is_covered", "==", 1, "F"),
        Rule("debt", "debt", "<=", 0.5, "F"),
    ),
    CARD,
)


def crowd(**columns):
    full = {item.column: [item.mark] for item in ITEMS} | {"age": [30], "is_covered": [True], "debt": [0.1]}
    size = max((len(values) for values in columns.values()), default=1)
    return pd.DataFrame({name: values * (size if len(values) == 1 else 1) for name, values in (full | columns).items()})


@pytest.mark.parametrize(("comparison", "kept"), [
    (">=", [False, True, True]), ("<=", [True, True, False]), ("==", [False, True, False]), ("!=", [True, False, True]),
])
def test_a_rule_compares_each_person_with_its_bar(comparison, kept):
    assert Rule("bar", "x", comparison, 2, "F").passes({"x": np.array([1, 2, 3])}).tolist() == kept


def test_a_rule_on_a_category_compares_words():
    kinds = np.array(["student", "retired"])
    assert Rule("kind", "x", "!=", "student", "F").passes({"x": kinds}).tolist() == [False, True]


@pytest.mark.parametrize("comparison", [">=", "<=", "==", "!="])
def test_a_missing_value_passes_every_rule(comparison):
    assert Rule("bar", "x", comparison, 2, "F").passes({"x": np.array([NAN], np.float32)}).all()


def test_a_missing_value_reaches_no_mark():
    assert CARD.score(crowd(a=[NAN], d=[NAN])).tolist() == pytest.approx([0.5])


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_any_three_of_the_four_documented_items_pass_and_no_two_do_in_whatever_order_they_stand(order):
    card = ThresholdScorecard("prequalification", tuple(ITEMS[i] for i in order), 0.7, "F")
    for size, passes in ((4, True), (3, True), (2, False), (1, False), (0, False)):
        for reached in combinations("abcd", size):
            people = {item.column: np.array([item.mark * (item.column in reached)]) for item in ITEMS}
            assert (card.score(people) >= np.float32(card.pass_mark)).tolist() == [passes], reached


def test_failed_rules_come_in_the_lenders_order_with_the_scorecard_last():
    assert list(POLICY.failed(crowd())) == ["adult", "area", "debt", "prequalification"]


def test_who_passes_is_who_fails_nothing():
    people = crowd(age=[17, 18, 40, 40, 40], is_covered=[True, True, False, True, True],
                   debt=[0.1, 0.5, 0.1, NAN, 0.6], a=[12, 11, 12, 12, 12], d=[8, 0, 8, 8, 8])
    failed = POLICY.failed(people)
    assert POLICY.passes(people).tolist() == [False, False, False, True, False]
    assert (POLICY.passes(people) == ~np.any(list(failed.values()), axis=0)).all()
    assert [name for name, who in failed.items() if who[1]] == ["prequalification"]


def test_a_policy_survives_being_written_as_json():
    assert eligibility_from_dict(json.loads(json.dumps(eligibility_to_dict(POLICY)))) == POLICY


def test_a_policy_names_every_column_it_reads():
    assert sorted(POLICY.columns) == ["a", "age", "b", "c", "d", "debt", "is_covered"]
