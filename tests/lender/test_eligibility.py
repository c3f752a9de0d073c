"""Who is looked at."""

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.columns import CATALOGUE
from weilidai.facts import load_book
from weilidai.lender import LenderParameters, policy
from weilidai.lender.eligibility import wait_months
from weilidai.matching.regimes import apply_regime, load_regime, regime_names

OWNED = {
    name for factor in load_book().factors.factors.values() if factor.dimension == "assets" for name in factor.columns
} | {"wallet_balance_cny"}
"""Columns of what a person has, earns or puts by."""


def test_eligible_is_who_meets_every_rule_and_the_scorecard(lender, everyone):
    failed = policy(lender.eligibility).failed(everyone.people)
    assert (everyone.columns["is_eligible"] == ~np.any(list(failed.values()), axis=0)).all()


def test_every_rule_turns_somebody_away_and_a_good_part_remains(lender, everyone):
    for name, who in policy(lender.eligibility).failed(everyone.people).items():
        assert 0 < who.mean() < 0.8, name
    assert 0.2 < everyone.columns["is_eligible"].mean() < 0.6


def test_the_policy_reads_only_what_a_lender_sees(lender):
    assert all(CATALOGUE[name].is_feature for name in policy(lender.eligibility).columns)


@pytest.mark.parametrize("regime", regime_names())
def test_nothing_that_a_person_owns_is_asked_for_beyond_the_documented_use_of_licaitong(regime):
    numbers = apply_regime(current_numbers(), load_regime(regime), load_book())
    looked_at = policy(numbers.part("lender", LenderParameters).eligibility)
    asked = {(rule.column, rule.fact) for rule in looked_at.rules if rule.column in OWNED}
    assert asked == ({("licaitong_months", "D0.5.expansion_licaitong")} if regime == "expansion" else set())
    assert not {item.column for item in looked_at.scorecard.items} & OWNED


def test_every_rule_cites_a_fact_that_exists(lender):
    facts, written = load_book().facts, policy(lender.eligibility)
    cited = [rule.fact for rule in written.rules] + [item.fact for item in written.scorecard.items]
    assert {*cited, written.scorecard.fact} <= set(facts)


def test_the_weights_of_the_scorecard_add_up_to_one(lender):
    assert abs(sum(item.weight for item in policy(lender.eligibility).scorecard.items) - 1) < 1e-9


def test_too_many_inquiries_mean_the_documented_months_to_wait_and_nothing_else_does(lender, everyone):
    looked_at = policy(lender.eligibility)
    too_many = looked_at.failed(everyone.people)["inquiries"]
    waits = everyone.columns["inquiry_wait_months"]
    assert set(waits[too_many]) == {6}
    assert set(waits[~too_many]) == {0}


def test_of_two_waits_the_longer_one_counts(lender, everyone):
    looked_at = policy(lender.eligibility)
    failed = looked_at.failed(everyone.people)
    longer = lender.eligibility.model_copy(update={"wait_months": {"inquiries": 6.0, "debt": 9.0}})
    waits = wait_months(everyone.people, looked_at, longer)
    assert (waits[failed["debt"]] == 9).all()
    assert (waits[failed["inquiries"] & ~failed["debt"]] == 6).all()
