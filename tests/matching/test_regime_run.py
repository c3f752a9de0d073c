"""Matching a regime moves its own numbers only, and people keep what the regime does not touch."""

import numpy as np
import pytest

from weilidai.lender import LenderParameters
from weilidai.matching import MatchSettings
from weilidai.matching.regime_run import _Problem, match_regime, recentred
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.noise import BLOCK

QUICK = MatchSettings(blocks=2, check_people=2 * BLOCK)
DRAWN = {"quota_opaque_share"}
"""Its change stands in the regime and is drawn for each person, so a few hundred borrowers miss it by chance."""


@pytest.fixture(scope="module")
def contraction(stored, book):
    return match_regime(load_regime("contraction"), stored, book, QUICK)


def test_the_free_numbers_bring_every_target_home_that_they_reach(contraction, stored, book):
    assert contraction.fit.distance_before > 10
    regime = load_regime("contraction")
    problem = _Problem(regime, stored, book, QUICK)
    off = problem.residuals(np.array([float(contraction.parameters.numbers[path].value) for path in regime.free]))
    reached = [target.moment not in DRAWN for target in regime.steering]
    assert np.square(off[reached]).sum() < 0.1
    assert contraction.fit.distance_after == pytest.approx(np.square(off).sum(), rel=1e-3)


def test_what_no_free_number_reaches_is_set_and_off_by_chance_alone(contraction):
    regime = load_regime("contraction")
    set_by = {change.fact for change in regime.changes if change.path not in regime.free}
    assert {target.fact for target in regime.steering if target.moment in DRAWN} <= set_by
    drawn = [one for one in contraction.findings if one.moment in DRAWN]
    assert {one.moment for one in drawn} == DRAWN
    assert {one.verdict for one in drawn} <= {"within", "undecided"}


def test_nothing_but_free_numbers_and_centres_is_found(contraction, stored, book):
    regime = load_regime("contraction")
    laid = apply_regime(stored, regime, book).numbers
    moved = {path for path, number in contraction.parameters.numbers.items() if number != laid.get(path)}
    centres = {path for path in moved if path.startswith("lender.invitation.centres.")}
    assert moved - centres == set(regime.free)
    assert {contraction.parameters.numbers[path].kind for path in moved} == {"parameter"}


def test_what_a_regime_chose_names_its_file(contraction):
    chosen = [number for number in contraction.parameters.numbers.values() if number.kind == "setting"]
    assert {number.source for number in chosen} == {"configs/regime/contraction.yaml"}


def test_the_certificate_holds_wanted_and_got(contraction, stored):
    certificate = contraction.parameters.certificate
    assert certificate["reference"] == stored.digest
    assert {row["fact"] for row in certificate["targets"]} >= {"D4.3.lending_volume_change", "D4.3.overdue_rise"}


def test_the_certificate_holds_the_spread_of_every_free_number(contraction):
    spread = contraction.parameters.certificate["spread"]
    free = load_regime("contraction").free
    assert set(spread) == set(free)
    assert all(0 < spread[path] < free[path].sd for path in free)


def test_a_regime_without_free_numbers_is_stored_as_it_is_laid(stored, book):
    regime = load_regime("expansion")
    found = match_regime(regime, stored, book, QUICK).parameters
    assert found.numbers == apply_regime(stored, regime, book).numbers


def test_unchanged_factors_keep_their_centre_and_silent_ones_have_none(lender, stored, book, blocks):
    laid = apply_regime(stored, load_regime("data_separated"), book).part("lender", LenderParameters)
    centres = recentred(laid, lender, blocks).invitation.centres
    assert centres["overdue_history"] == lender.invitation.centres["overdue_history"]
    assert centres["charity"] == centres["complaints"] == 0


def test_centring_anew_over_the_same_people_finds_the_same(lender, blocks):
    louder = {**lender.invitation.scales, "bureau": 2 * lender.invitation.scales["bureau"]}
    changed = lender.model_copy(update={"invitation": lender.invitation.model_copy(update={"scales": louder})})
    centres = recentred(changed, lender, blocks).invitation.centres
    twice = 2 * lender.invitation.centres["credit_cards"]
    np.testing.assert_allclose(centres["credit_cards"], twice, rtol=0.02)
