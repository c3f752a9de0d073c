"""Everything the lender decides, and the truth behind it."""

import numpy as np
import pytest

from weilidai.columns import CATALOGUE, DECISIONS
from weilidai.lender.decisions import NO_GRADE, decide
from weilidai.noise import BLOCK, Noise

SIGMAS = 4.5
BINS = 8
INSIDE = {
    "is_invited": "is_eligible", "has_closed_entry": "is_invited", "has_tried": "is_invited",
    "has_applied": "has_tried", "is_requeued": "has_tried",
    "is_verified": "has_applied", "is_intercepted": "has_applied", "is_approved": "is_verified",
    "is_opened": "is_approved", "is_overdue": "is_opened",
}


def assert_calibrated(chance, outcome, who, bins=BINS):
    """Compare outcomes with chances, bin by bin of the chance, within binomial intervals."""
    p, happened = chance[who].astype(np.float64), outcome[who]
    edges = np.unique(np.quantile(p, np.linspace(0, 1, bins + 1)))[1:-1]
    place = np.searchsorted(edges, p, side="right")
    for number in np.unique(place):
        inside = place == number
        spread = np.sqrt((p[inside] * (1 - p[inside])).sum())
        assert abs(happened[inside].sum() - p[inside].sum()) <= SIGMAS * spread + 1e-9, f"bin {number}"


@pytest.mark.parametrize("state", INSIDE)
def test_a_state_is_reached_only_through_the_one_before(everyone, state):
    assert everyone.columns[state].any()
    assert not (everyone.columns[state] & ~everyone.columns[INSIDE[state]]).any()


def test_who_closed_the_entry_did_not_apply(everyone):
    assert not (everyone.columns["has_closed_entry"] & everyone.columns["has_applied"]).any()


def test_who_tried_has_either_applied_or_been_queued_again(everyone):
    c = everyone.columns
    assert ((c["has_applied"] ^ c["is_requeued"]) == c["has_tried"]).all()


def test_approved_is_only_who_was_verified_and_not_intercepted(everyone):
    c = everyone.columns
    assert not (c["is_approved"] & (c["is_intercepted"] | ~c["is_verified"])).any()
    assert (c["is_opened"] == c["is_approved"]).all()


def test_only_opened_people_have_quota_grade_and_rate(everyone):
    opened = everyone.columns["is_opened"]
    for name in ("initial_quota_cny", "current_quota_cny", "daily_rate"):
        assert (np.isnan(everyone.columns[name]) == ~opened).all()
        assert (everyone.columns[name][opened] == everyone.would_get[name][opened]).all()
    assert ((everyone.columns["credit_grade"] == NO_GRADE) == ~opened).all()


@pytest.mark.parametrize("name", [n for n in DECISIONS if CATALOGUE[n].low is not None])
def test_decisions_stay_in_the_contracts_range(everyone, name):
    known = everyone.columns[name][~np.isnan(everyone.columns[name])]
    low = CATALOGUE[name].low
    assert known.min() >= low - abs(low) * 1e-6
    assert known.max() <= CATALOGUE[name].high


def test_the_chance_to_open_is_the_product_of_the_chances(everyone):
    p = everyone.chances
    product = (everyone.truth["p_invite"].astype(np.float64) * (1 - p["close"]) * p["apply"] * p["in_time"]
               * p["verify"] * (1 - p["intercept"]) * p["approve"])
    assert everyone.truth["p_open"] == pytest.approx(product, abs=1e-6)


def test_all_truth_is_a_chance_or_an_amount(everyone):
    for name in ("p_invite", "p_open", "p_overdue"):
        assert ((everyone.truth[name] >= 0) & (everyone.truth[name] <= 1)).all()
    assert (everyone.truth["quota_mean_cny"] > 0).all()


def test_invitations_happen_as_often_as_their_chances_say(everyone):
    assert_calibrated(everyone.truth["p_invite"], everyone.columns["is_invited"], everyone.columns["is_eligible"], 20)


def test_openings_happen_as_often_as_their_chances_say(everyone):
    assert_calibrated(everyone.truth["p_open"], everyone.columns["is_opened"], everyone.columns["is_eligible"], 20)


def test_overdues_happen_as_often_as_their_chances_say(everyone):
    assert_calibrated(everyone.truth["p_overdue"], everyone.columns["is_overdue"], everyone.columns["is_opened"], 3)


@pytest.mark.parametrize(("chance", "outcome", "among"), [
    ("close", "has_closed_entry", lambda c: c["is_invited"]),
    ("apply", "has_tried", lambda c: c["is_invited"] & ~c["has_closed_entry"]),
    ("in_time", "has_applied", lambda c: c["has_tried"]),
    ("verify", "is_verified", lambda c: c["has_applied"]),
    ("intercept", "is_intercepted", lambda c: c["has_applied"]),
    ("approve", "is_approved", lambda c: c["is_verified"] & ~c["is_intercepted"]),
])
def test_every_step_happens_as_often_as_its_chance_says(everyone, chance, outcome, among):
    assert_calibrated(everyone.chances[chance], everyone.columns[outcome], among(everyone.columns))


def test_grants_meet_their_expectation(everyone):
    opened = everyone.columns["is_opened"]
    off = everyone.columns["initial_quota_cny"][opened].astype(np.float64) - everyone.truth["quota_mean_cny"][opened]
    assert abs(off.mean()) < SIGMAS * off.std() / np.sqrt(opened.sum()) + 5


def test_the_same_noise_decides_the_same(make, one):
    again = make()[1]
    for name, values in one.made.columns.items():
        assert again.columns[name].tobytes() == values.tobytes()


def test_a_better_chance_never_takes_an_invitation_away(make, one):
    """The draws stay; only the chance moves."""
    more = np.minimum(one.people["licaitong_balance_cny"] + 20_000, 1e8)
    _, made = make(set_to={"licaitong_balance_cny": more})
    assert (made.columns["is_invited"] >= one.made.columns["is_invited"]).all()
    assert made.columns["is_invited"].sum() > one.made.columns["is_invited"].sum()


def test_an_outage_stops_openings_of_its_month_and_no_earlier_ones(everyone, contracted) -> None:
    people = {name: values[:BLOCK] for name, values in everyone.people.items()}
    calm = contracted.model_copy(update={"journey": contracted.journey.model_copy(update={"outage": None})})
    without, stopped = (decide(people, lender, Noise(4242, 0)) for lender in (calm, contracted))
    outage = contracted.journey.outage
    opened_in = people["snapshot_month"] - without.would_get["opened_months_ago"]
    share = np.where(opened_in == outage.month - 1, 1 - outage.days / outage.days_in_month, 1)
    assert (share < 1).any()
    assert stopped.truth["p_open"] == pytest.approx(without.truth["p_open"] * share, rel=1e-5)
    fewer = without.columns["is_opened"] & ~stopped.columns["is_opened"]
    assert set(opened_in[fewer]) <= {outage.month - 1}
    assert not (stopped.columns["is_opened"] & ~without.columns["is_opened"]).any()


def test_who_meets_the_outage_has_not_tried_and_waits_for_the_entry(everyone, contracted) -> None:
    people = {name: values[:BLOCK] for name, values in everyone.people.items()}
    calm = contracted.model_copy(update={"journey": contracted.journey.model_copy(update={"outage": None})})
    without, stopped = (decide(people, lender, Noise(4242, 0)).columns for lender in (calm, contracted))
    met = without["has_tried"] & ~stopped["has_tried"]
    acted = without["entry_months_ago"][met & ~without["is_opened"]]
    month = people["snapshot_month"][met & ~without["is_opened"]] - acted
    assert set(month) == {contracted.journey.outage.month - 1}
    assert np.isnan(stopped["hours_to_act"][met]).all()
    assert not (stopped["has_applied"] | stopped["is_requeued"] | stopped["is_intercepted"])[met].any()
    here = people["snapshot_month"] == contracted.journey.outage.month - 1
    assert stopped["is_entry_available"][here].sum() < 0.7 * without["is_entry_available"][here].sum()
    assert np.array_equal(stopped["is_entry_available"][~here & ~met], without["is_entry_available"][~here & ~met])
