"""What two regimes do differently, change by change, each ending at a document."""

from itertools import permutations

import pytest

from current_numbers import current_numbers
from weilidai.facts import load_book
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.pipeline.regime_changes import PARTS, RegimeChange, changes_between

PAIRS = list(permutations(regime_names(), 2))


def changes(before: str, after: str) -> tuple[RegimeChange, ...]:
    sides = (current_numbers(before), current_numbers(after))
    return changes_between(*sides, (load_regime(before), load_regime(after)), load_book())


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_every_number_that_differs_belongs_to_one_change(before: str, after: str) -> None:
    paths = [path for change in changes(before, after) for path in change.paths]
    sides = [current_numbers(regime).numbers for regime in (before, after)]
    values = [{path: number.value for path, number in side.items() if path.startswith(PARTS)} for side in sides]
    differing = {path for path in {**values[0], **values[1]} if values[0].get(path) != values[1].get(path)}
    assert sorted(paths) == sorted(differing)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_every_change_ends_at_a_documented_rule_or_policy(before: str, after: str) -> None:
    book = load_book()
    for change in changes(before, after):
        assert change.facts or change.lifted, change.name
        assert {*change.facts, *change.lifted} <= set(book.facts)


def test_the_contraction_names_its_bars_and_its_policies() -> None:
    found = {change.name: change for change in changes("optimisation", "contraction")}
    assert found["rule.inquiries"].facts == ("D4.2.inquiries_current",)
    assert found["rule.inquiries"].lifted == ("D4.2.inquiries_initial",)
    assert found["rule.debt"].facts == ("D4.2.debt_ratio_current",)
    assert found["general_level"].facts == ("D4.3.lending_volume_change",)
    assert "D4.2.weight_order_current" in found["weight.assets"].facts
    assert [change.kind for change in found.values()][:2] == ["rule", "rule"]


def test_the_data_separation_is_named_as_what_takes_the_social_weight() -> None:
    found = {change.name: change for change in changes("optimisation", "data_separated")}
    assert found["weight.social_behaviour"].facts == ("D4.7.social_data_separated",)


def test_a_centre_moves_with_what_moved_it() -> None:
    found = {change.name: change for change in changes("optimisation", "data_separated")}
    assert "lender.invitation.centres.charity" in found["weight.social_behaviour"].paths
    assert "lender.invitation.centres.contacts_permission" in found["weight.social_behaviour"].paths


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_centre_never_moves_by_itself(before: str, after: str) -> None:
    assert [change.name for change in changes(before, after) if change.kind == "centre"] == []


def test_what_a_regime_had_of_its_own_is_told_as_lifted() -> None:
    found = {change.name: change for change in changes("expansion", "optimisation")}
    assert found["rule.pay_score"].facts == ()
    assert found["rule.pay_score"].lifted == ("D0.5.expansion_pay_score",)
