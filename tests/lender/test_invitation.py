"""Whom the lender invites."""

import numpy as np
import pytest
from scipy.special import expit

from weilidai.columns import CATALOGUE, FEATURES, PERMISSIONS
from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.lender.invitation import factor_logits, weight_of
from weilidai.matching import load_parameters

FACTORS = load_book().factors
MOST_RISE = 1e-5
"""Rounding of single precision when a part is centred."""
TERMS = load_parameters().part("lender", LenderParameters).invitation.terms.values()
SIGNED = [n for n in FEATURES if FACTORS.direction(n) and FACTORS.of_column(n).id in {t.factor for t in TERMS}]


def moved(name, values, direction):
    """Move a column up or down for everybody, within what is possible."""
    column = CATALOGUE[name]
    if column.kind == "flag":
        return direction > 0
    away = values * np.float32(2) + np.float32(1 if column.high > 1 else 0.1) if direction > 0 else values / 2
    away = np.clip(away, column.low, column.high).astype(np.float32)
    return np.floor(away) if column.kind == "count" else away


def test_the_probability_is_the_intercept_plus_all_parts(lender, everyone):
    parts = [part for name, part in everyone.truth.items() if name.startswith("logit_")]
    log_odds = lender.invitation.intercept + np.sum(parts, axis=0, dtype=np.float64)
    eligible = everyone.columns["is_eligible"]
    assert everyone.truth["p_invite"][eligible] == pytest.approx(expit(log_odds[eligible]), abs=2e-6)


def test_the_probability_is_nothing_exactly_for_the_ineligible(everyone):
    assert ((everyone.truth["p_invite"] == 0) == ~everyone.columns["is_eligible"]).all()


def test_every_part_belongs_to_a_documented_factor_and_has_its_centre(lender, factors):
    named = {term.factor for term in lender.invitation.terms.values()}
    assert named == set(lender.invitation.centres)
    assert named <= set(factors.factors)


def test_every_part_reads_a_column_of_its_own_factor(lender, factors):
    for name, term in lender.invitation.terms.items():
        assert factors.of_column(term.column).id == term.factor, name


def test_parts_are_centred_among_the_eligible(everyone):
    eligible = everyone.columns["is_eligible"]
    for name, part in everyone.truth.items():
        if name.startswith("logit_"):
            among = part[eligible].astype(np.float64)
            assert abs(among.mean()) < 6 * among.std() / np.sqrt(eligible.sum()) + 1e-5, name


@pytest.mark.parametrize("name", SIGNED)
def test_a_column_never_moves_its_own_factor_against_the_documented_direction(make, one, factors, name):
    factor, sign = factors.of_column(name).id, factors.direction(name)
    before = one.made.truth[f"logit_{factor}"]
    seen = ~np.isnan(one.people[name].astype(np.float32))
    for way in (1, -1):
        _, made = make(set_to={name: moved(name, one.people[name], way)})
        change = (made.truth[f"logit_{factor}"] - before)[seen]
        assert (change * sign * way >= -MOST_RISE).all(), f"moved {way}"


@pytest.mark.parametrize("name", ["daily_payment_count", "licaitong_balance_cny", "daily_open_count", "friend_count"])
def test_more_of_what_people_can_do_never_costs_them_the_invitation(make, one, name):
    _, made = make(set_to={name: moved(name, one.people[name], 1)})
    assert (made.truth["p_invite"] >= one.made.truth["p_invite"] - MOST_RISE).all()
    assert (made.truth["p_invite"] > one.made.truth["p_invite"]).any()


def test_payments_relieve_people_without_a_record_and_the_others_gain_what_paying_gives(make, one, lender):
    paid = moved("daily_payment_count", one.people["daily_payment_count"], 1)
    more, made = make(set_to={"daily_payment_count": paid})
    gained = sum(
        made.truth[f"logit_{factor}"] - one.made.truth[f"logit_{factor}"]
        for factor in ("bureau_record", "payment_frequency")
    )
    thin = ~one.people["has_bureau_record"]
    reach = lender.invitation.terms["payment_frequency"].mark
    paying = [np.minimum(people["daily_payment_count"] / reach, 1) for people in (one.people, more)]
    term = lender.invitation.terms["payment_frequency"]
    own = weight_of(term, lender.invitation.scales) * (paying[1] - paying[0])
    assert gained[~thin] == pytest.approx(own[~thin], abs=MOST_RISE)
    assert (gained[thin] >= own[thin] - MOST_RISE).all()
    assert (gained - own > MOST_RISE)[thin].mean() > 0.8


def test_what_two_columns_do_only_together_is_shared_evenly(one, lender):
    name = "bureau_record"
    apart = lender.invitation.model_copy(update={"meetings": {}})
    whole, shared = factor_logits(one.people, apart), factor_logits(one.people, lender.invitation)
    given = whole[name] - shared[name]
    assert given == pytest.approx(shared["payment_frequency"] - whole["payment_frequency"], abs=MOST_RISE)
    assert np.ptp(given) > 0.01
    others = set(whole) - {name, "payment_frequency", "card_repayment", "credit_cards", "city_tier"}
    assert all((whole[factor] == shared[factor]).all() for factor in others)


def test_a_missing_value_counts_from_the_average_of_those_seen(one, lender):
    unseen = np.isnan(one.people["overdue_count_24m"])
    part = one.made.truth["logit_overdue_history"][unseen]
    term = lender.invitation.terms["overdue_history"]
    average = weight_of(term, lender.invitation.scales) * lender.invitation.neutral["overdue_history"]
    assert part == pytest.approx(average - lender.invitation.centres["overdue_history"], abs=MOST_RISE)


def test_a_record_never_counts_less_than_none(make, one):
    _, made = make(set_to={"has_bureau_record": True})
    assert (made.truth["logit_bureau_record"] >= one.made.truth["logit_bureau_record"]).all()


def test_withheld_permissions_leave_every_probability_a_number(make):
    _, made = make(set_to=dict.fromkeys(PERMISSIONS, False))
    assert all(np.isfinite(part).all() for part in made.truth.values())
