"""Every testable claim of the documents meets a statistic, and every statistic a claim."""

import pytest

from weilidai.columns import GRADES, USER_TYPES
from weilidai.facts import untargeted
from weilidai.matching.moments import MOMENTS
from weilidai.matching.regimes import load_regime, regime_names

BESIDE_THE_TARGETS = {
    **{f"first_grant.mean.{kind}": "kinds without a documented mean, for comparison" for kind in USER_TYPES},
    **{f"first_grant.relative_sd.{kind}": "kinds without a documented spread" for kind in USER_TYPES},
    **{f"annual_rate.mean.{grade}": "the daily rate in other words" for grade in GRADES},
}
"""Moment -> what it serves when no target names it."""
NUMBERED_DIRECTIONS = {
    "D0.3.pay_score_off_effect",  # a hidden column is hidden for all or for none
    "D0.3.authorisation_moves_quota",  # the two means beside it differ by 17,000 yuan
    "D1.3.value_raises_triggers",  # the three means beside it rise by 1.2 at least
    "D1.5.types_differ",  # the means beside it are 2.2 to one
}
MAY_BE_SMALL = {
    "D0.3.refusal_effect",  # refusing may cost the function, and need not
    "D2.1.payment_active_target",  # reaching the share of everybody is all that is claimed
    "D1.8.instalments_help",  # above nothing
}
"""Directions of which no size can be read."""


def test_every_testable_claim_has_a_target_or_a_reason(book):
    assert [fact.id for fact in untargeted(book)] == []


def test_every_reason_on_the_register_is_more_than_a_word(book):
    assert all(len(entry.why.split()) > 5 for entry in book.untested.values())


def test_every_target_names_a_moment_there_is(book):
    assert {target.moment for target in book.targets()} - set(MOMENTS) == set()


def test_every_moment_serves_a_claim_or_says_what_else(book):
    dated = {target.moment for name in regime_names() for target in load_regime(name).targets}
    unused = set(MOMENTS) - {target.moment for target in book.targets()} - dated
    assert unused - set(BESIDE_THE_TARGETS) == set()


def test_a_claim_tests_one_moment_from_one_side_only_once(book):
    seen = [(target.fact, target.moment, target.bound) for target in book.targets()]
    assert len(seen) == len(set(seen))


def test_a_direction_is_never_asked_to_hit_a_number_unless_other_claims_give_it(book):
    directions = {fact.id for fact in book.facts.values() if fact.kind == "direction" and not fact.values}
    by_number = [t.fact for t in book.targets() if t.fact in directions and t.bound == "near"]
    assert set(by_number) <= NUMBERED_DIRECTIONS


def test_the_widest_range_of_rates_is_the_documented_one(book):
    ranges = {name: book.fact(f"D3.6.{name}_daily_rate").values for name in ("weilidai", "we2000", "xiaoe")}
    width = {name: max(values) - min(values) for name, values in ranges.items()}
    assert max(width, key=width.__getitem__) == "xiaoe"


@pytest.mark.parametrize("moment", ["invited.share.opens_above_mark", "not_invited.share.opens_below_mark"])
def test_a_profile_asks_for_about_half_and_never_for_all(book, moment):
    (target,) = (t for t in book.targets() if t.moment == moment)
    assert (target.bound, target.low) == ("at_least", pytest.approx(0.4))


def test_a_direction_between_groups_asks_for_more_than_a_sign(book):
    gaps = [t for t in book.targets() if "_gap" in t.moment and t.bound != "near" and t.fact not in MAY_BE_SMALL]
    assert [t.fact for t in gaps if abs(t.wanted) <= t.tolerance] == []
    assert [t.fact for t in gaps if (t.wanted > 0) != (t.bound == "at_least")] == []
