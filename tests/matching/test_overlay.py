"""Numbers laid over stored ones: from facts or chosen, each with its origin, and nothing else moved."""

import pytest
from pydantic import ValidationError

from weilidai.errors import ConfigError
from weilidai.matching.overlay import Change, overlaid
from weilidai.parameters import Number

SOURCE = "configs/regime/made_up.yaml"
RULE = {"column": "pay_score", "comparison": ">=", "fact": "D0.5.expansion_pay_score"}


def laid(stored, book, *changes):
    return overlaid(stored, [Change(why="told so", **change) for change in changes], book, SOURCE)


def test_a_number_read_from_a_fact_names_the_fact(stored, book):
    path = "lender.eligibility.rules.debt.value"
    changed = laid(stored, book, {"path": path, "fact": "D4.2.debt_ratio_current"})
    assert changed.numbers[path] == Number(0.3, "fact", "D4.2.debt_ratio_current")


def test_a_chosen_number_names_the_file(stored, book):
    path = "lender.pricing.half_width"
    assert laid(stored, book, {"path": path, "value": 0}).numbers[path] == Number(0, "setting", SOURCE)


def test_everything_else_stays(stored, book):
    path = "lender.pricing.half_width"
    changed = laid(stored, book, {"path": path, "value": 0})
    assert {p for p in stored.numbers if stored.numbers[p] != changed.numbers[p]} == {path}
    assert list(changed.numbers) == list(stored.numbers)


def test_a_new_rule_is_met_after_the_old_ones(stored, book):
    path = "lender.eligibility.rules.pay_score"
    changed = laid(stored, book, {"path": path, "value": RULE},
                   {"path": f"{path}.value", "fact": "D0.5.expansion_pay_score"})
    assert list(changed.tree()["lender"]["eligibility"]["rules"])[-1] == "pay_score"
    assert changed.numbers[f"{path}.value"].value == 600


@pytest.mark.parametrize(("change", "near"), [
    ({"path": "lender.pricing.half_widht", "value": 0}, "lender.pricing.half_width"),
    ({"path": "lender.eligibility.rules.dept.value", "value": 0.3}, "lender.eligibility.rules.debt.value"),
    ({"path": "lender.pricing.half_width", "fact": "D4.2.debt_ratio_curent"}, "D4.2.debt_ratio_current"),
])
def test_a_place_or_a_fact_that_does_not_exist_is_refused_with_the_near_name(stored, book, change, near):
    with pytest.raises(ConfigError, match=f"did you mean '{near}'"):
        laid(stored, book, change)


def test_a_value_that_the_fact_does_not_have_is_refused(stored, book):
    with pytest.raises(ConfigError, match="value_index 1 is none of them"):
        laid(stored, book, {"path": "lender.pricing.half_width", "fact": "D4.2.debt_ratio_current", "value_index": 1})


def test_what_matching_found_can_be_moved_and_keeps_the_file_as_its_origin(stored, book):
    path = "lender.repayment.overdue_intercept"
    changed = laid(stored, book, {"path": path, "plus": -0.5}).numbers[path]
    assert changed == Number(stored.numbers[path].value - 0.5, "setting", SOURCE)


def test_a_number_can_follow_another(stored, book):
    tiers = "lender.invitation.terms.city_tier.levels"
    changed = laid(stored, book, {"path": f"{tiers}.tier2", "same_as": f"{tiers}.tier1"})
    assert changed.numbers[f"{tiers}.tier2"].value == stored.numbers[f"{tiers}.tier1"].value


@pytest.mark.parametrize("origin", [{"plus": 1}, {"same_as": "lender.pricing.high"}])
def test_a_number_that_is_not_there_cannot_be_moved_or_copied(stored, book, origin):
    with pytest.raises(ConfigError, match="did you mean 'lender\\.pricing\\.half_width'"):
        laid(stored, book, {"path": "lender.pricing.half_widht", **origin})


def test_a_stage_may_take_a_new_term(stored, book):
    term = {"factor": "grey_activity", "column": "has_grey_activity", "shape": "present", "weight": -3}
    changed = laid(stored, book, {"path": "lender.journey.approval.terms.grey", "value": term})
    assert changed.tree()["lender"]["journey"]["approval"]["terms"]["grey"] == term


@pytest.mark.parametrize("origin", [
    {}, {"fact": "D4.2.debt_ratio_current", "value": 0.3}, {"plus": 0.1, "same_as": "lender.pricing.high"},
])
def test_a_change_has_one_origin(origin):
    with pytest.raises(ValidationError, match="and only one"):
        Change(path="lender.pricing.half_width", why="told so", **origin)
