"""Finding the free numbers."""

from dataclasses import replace
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest

from weilidai.facts import Target
from weilidai.matching import MatchSettings, compose
from weilidai.matching.fit import _Problem, distance, fit, perturbed
from weilidai.matching.moments import MOMENTS
from weilidai.matching.simulated import centred, expected_crowd

FREE = {
    "lender.invitation.intercept": "invited_share",
    "lender.invitation.terms.app_activity.weight": "invited_share.high_activity",
    "lender.journey.approval.intercept": "approved_share",
    "lender.repayment.overdue_intercept": "overdue_share",
}
"""A free number -> the moment that pins it down."""
TINY = MatchSettings(seed=3, blocks=2, steps=8, pull=0.0, precision=1e-7, spread_seeds=0)


def target(bound="near"):
    return Target("D0.1.x", "invited_share", 0.15, 0.01, "fit", "a test", bound)


@pytest.fixture(scope="module")
def known(book):
    """A book whose documented values are what the assumed numbers give, with four free numbers."""
    priors = MappingProxyType({path: book.priors()[path] for path in FREE})
    small = SimpleNamespace(targets=lambda: (), priors=lambda: priors, fact=book.fact)
    problem = _Problem(compose(book), small, TINY)
    start = np.array([priors[path].start for path in problem.paths])
    population, lender = problem.parts(start)
    blocks = problem.people(start, population)
    crowd = expected_crowd(blocks, centred(lender, blocks, TINY.seed), TINY.seed, problem.marks)
    targets = tuple(
        Target(f"D0.1.{i}", name, MOMENTS[name](crowd), 0.005, "fit", "known by construction")
        for i, name in enumerate(FREE.values())
    )
    return SimpleNamespace(targets=lambda: targets, priors=lambda: priors, fact=book.fact)


def test_the_fit_finds_the_numbers_it_was_led_away_from(book, known):
    start = perturbed(known, TINY, 0.7)
    steps = []
    found = fit(compose(book), known, TINY, start, lambda step, off: steps.append((step, off)))
    assert found.distance_before > 1
    assert found.distance_after < 1e-3 * found.distance_before
    for path, prior in known.priors().items():
        assert abs(start[path] - prior.start) > 0.01
        assert found.parameters.numbers[path].kind == "parameter"
        assert found.parameters.numbers[path].value == pytest.approx(prior.start, abs=0.02 * prior.sd)
    assert [step for step, _ in steps] == list(range(1, found.steps + 1))


def test_what_only_people_can_tell_is_measured_along(book, known):
    found = fit(compose(book), known, TINY.model_copy(update={"steps": 1}))
    measured = {path for path, n in found.parameters.numbers.items() if n.kind == "parameter"} - set(FREE)
    assert "lender.first_grant.signal_centre" in measured
    assert any(path.startswith("lender.invitation.centres.") for path in measured)


def test_a_perturbed_start_stays_inside_the_bounds(book):
    moved = perturbed(book, TINY, 50)
    assert set(moved) == set(book.priors())
    assert all(book.priors()[path].low <= value <= book.priors()[path].high for path, value in moved.items())


def test_a_perturbed_start_is_the_same_every_time(book):
    assert perturbed(book, TINY, 1) == perturbed(book, TINY, 1)
    assert perturbed(book, TINY, 1) != perturbed(book, TINY.model_copy(update={"seed": 4}), 1)


@pytest.mark.parametrize(("bound", "got", "wanted"), [
    ("near", 0.17, 2), ("near", 0.13, -2), ("at_least", 0.17, 0), ("at_least", 0.13, -2),
    ("at_most", 0.17, 2), ("at_most", 0.13, 0),
])
def test_a_distance_is_counted_in_tolerances_and_only_on_the_forbidden_side(bound, got, wanted):
    assert distance(target(bound), got) == pytest.approx(wanted)
    assert distance(replace(target(bound), tolerance=0.02), got) == pytest.approx(wanted / 2)


@pytest.mark.slow
def test_average_and_spread_over_seeds_are_those_of_fits_made_anew(book, known):
    settings = TINY.model_copy(update={"spread_seeds": 4})
    found = fit(compose(book), known, settings)
    anew = []
    for seed in range(settings.seed + 1, settings.seed + 5):
        other = fit(compose(book), known, settings.model_copy(update={"seed": seed, "spread_seeds": 0}))
        anew.append([other.parameters.numbers[path].value for path in FREE])
    true_spread = dict(zip(FREE, np.std(anew, axis=0, ddof=1), strict=True))
    own = fit(compose(book), known, TINY)
    mean = np.mean([*anew, [own.parameters.numbers[path].value for path in FREE]], axis=0)
    for path, centre in zip(FREE, mean, strict=True):
        assert found.parameters.numbers[path].value == pytest.approx(centre, abs=0.1 * true_spread[path])
    for path, spread in found.spread.items():
        assert spread == pytest.approx(true_spread[path], rel=0.25)
    assert set(found.spread) == set(FREE)
