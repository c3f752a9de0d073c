"""Matching one regime from the reference, and the check whether a stored regime still holds.

Only the regime's free numbers move. Factors are centred over the people whom the reference looks at, so that
an unchanged factor gives the same person the same contribution in every regime.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.optimize import OptimizeResult

from weilidai.facts import Book
from weilidai.lender import LenderParameters, policy
from weilidai.lender.invitation import factor_logits, factors_reached
from weilidai.matching.compose import with_fitted
from weilidai.matching.crowd import Crowd
from weilidai.matching.descent import Progress, Vector, descend
from weilidai.matching.fidelity import Finding
from weilidai.matching.fit import Fit, distance, moves_over, other_seeds, spread_of
from weilidai.matching.moments import MOMENTS
from weilidai.matching.regime_findings import compared, regime_findings
from weilidai.matching.regimes import Regime, aim, apply_regime
from weilidai.matching.run import Matched
from weilidai.matching.settings import MatchSettings
from weilidai.matching.simulated import Columns, expected_crowd, marks_of, populate, realised_crowd
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters, flatten
from weilidai.population import PopulationParameters

FAR_INSIDE: Final = 1e-6
"""Half the squared distance, in tolerances, at which a fit has arrived."""


class _Problem:
    """Distance of one regime from its targets as a function of its free numbers."""

    def __init__(self, regime: Regime, reference: Parameters, book: Book, settings: MatchSettings) -> None:
        self.base = apply_regime(reference, regime, book)
        self.regime, self.reference, self.book, self.settings = regime, reference, book, settings
        self.before = reference.part("lender", LenderParameters)
        self.paths = list(regime.free)
        self.sd = np.array([regime.free[path].sd for path in self.paths])
        self.marks = marks_of(self.base, book)
        self.reference_blocks, self.blocks = _people(reference, self.base, settings.seed, settings.blocks)
        crowd = expected_crowd(self.reference_blocks, self.before, settings.seed, marks_of(reference, book))
        self._last: tuple[bytes, Vector] | None = None
        self.start = {t.moment: MOMENTS[t.moment](crowd) for t in regime.steering}

    def lender(self, theta: Vector) -> LenderParameters:
        """Read the lender at these values of the free numbers, its changed factors centred anew."""
        fitted = dict(zip(self.paths, map(float, theta), strict=True))
        lender = with_fitted(self.base, fitted).part("lender", LenderParameters)
        return recentred(lender, self.before, self.reference_blocks)

    def on(self, seed: int) -> "_Problem":
        """Pose the same problem to the people of another seed."""
        settings = self.settings.model_copy(update={"seed": seed})
        return _Problem(self.regime, self.reference, self.book, settings)

    def residuals(self, theta: Vector) -> Vector:
        """Distances from the targets, in tolerances."""
        key = theta.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = (key, self._measured(theta))
        return self._last[1]

    def _measured(self, theta: Vector) -> Vector:
        crowd = expected_crowd(self.blocks, self.lender(theta), self.settings.seed, self.marks)
        return np.array([
            distance(aim(t, self.book), compared(t, MOMENTS[t.moment](crowd), self.start[t.moment]))
            for t in self.regime.steering
        ])


def match_regime(
    regime: Regime, reference: Parameters, book: Book, settings: MatchSettings, progress: Progress | None = None
) -> Matched:
    """Find a regime's free numbers from the reference, then judge it on unseen people; nothing is written.

    Parameters
    ----------
    regime
        What differs, and the figures it is matched to.
    reference
        Matched parameters of the reference regime.
    book, settings
        Facts; people, seeds and steps.
    progress
        Told after every step.
    """
    problem = _Problem(regime, reference, book, settings)
    first = np.array([float(problem.base.numbers[path].value) for path in problem.paths])  # type: ignore[arg-type]  # free ones are numbers
    before = float(np.square(problem.residuals(first)).sum())
    theta, after, steps, spread = _solved(problem, first, progress) if problem.paths else (first, before, 0, {})
    fitted: dict[str, Any] = dict(zip(problem.paths, map(float, theta), strict=True))
    centres = problem.lender(theta).invitation.centres
    moved = {name: value for name, value in centres.items() if value != problem.before.invitation.centres.get(name)}
    fitted |= flatten(moved, "lender.invitation.centres")
    numbers = with_fitted(problem.base, {path: round(value, 6) for path, value in fitted.items()}).numbers
    judged = judge_regime(Parameters(regime.name, numbers), reference, regime, book, settings)
    found = Parameters(regime.name, numbers, {
        "facts": book.digest, "parameters": Parameters(regime.name, numbers).digest, "reference": reference.digest,
        "settings": settings.model_dump(), "distance": {"before": round(before, 3), "after": round(after, 3)},
        "steps": steps, "spread": spread, "targets": [one.to_row() for one in judged],
    })
    return Matched(found, Fit(found, before, after, steps), judged)


def _solved(
    problem: _Problem, first: Vector, progress: Progress | None
) -> tuple[Vector, float, int, dict[str, float]]:
    free = problem.regime.free
    low, high = (np.array([getattr(free[path], side) for path in problem.paths]) for side in ("low", "high"))
    start = np.clip(first, low, high)
    found = descend(problem.residuals, start, low, high, problem.sd, problem.settings, progress, _near_enough)
    others = (problem.on(seed) for seed in other_seeds(problem.settings))
    moves = moves_over(problem, others, found.theta, found.jacobian)
    spread = {path: float(f"{sd:.3g}") for path, sd in spread_of(moves, problem.paths).items()}
    return found.theta, found.distance, found.steps, spread


def _near_enough(intermediate_result: OptimizeResult) -> None:
    """Stop where every target is met far more closely than its tolerance: no step could be seen."""
    if intermediate_result.cost < FAR_INSIDE:
        raise StopIteration


def recentred(lender: LenderParameters, before: LenderParameters, blocks: Sequence[Columns]) -> LenderParameters:
    """Centre the factors that a regime changes over the people whom the reference looks at."""
    changed = _changed_factors(lender, before)
    bare = lender.invitation.model_copy(update={"centres": {}})
    only = {name for name, reached in factors_reached(bare).items() if reached & changed}
    looked_at = [policy(before.eligibility).passes(columns) for columns in blocks]
    people = sum(int(who.sum()) for who in looked_at)
    totals = dict.fromkeys(changed, 0.0)
    for columns, who in zip(blocks, looked_at, strict=True):
        parts = factor_logits(columns, bare, only)
        for factor in changed:
            totals[factor] += float(parts[factor][who].sum(dtype=np.float64))
    centres = {**before.invitation.centres, **{factor: total / people for factor, total in totals.items()}}
    invitation = lender.invitation.model_copy(update={"centres": centres})
    return lender.model_copy(update={"invitation": invitation})


def _changed_factors(lender: LenderParameters, before: LenderParameters) -> set[str]:
    own, old = lender.invitation, before.invitation
    scales = {name for name, scale in own.scales.items() if scale != old.scales.get(name)}
    moved = {name for name, term in own.terms.items() if term != old.terms.get(name) or term.scale in scales}
    reached = factors_reached(own)
    return {factor for name in moved for factor in reached[name]}


def judge_regime(
    parameters: Parameters, reference: Parameters, regime: Regime, book: Book, settings: MatchSettings
) -> list[Finding]:
    """Measure a regime's own targets on unseen people who live through both regimes, worst first."""
    return regime_findings(regime, book, *both_crowds(parameters, reference, book, settings))


def both_crowds(
    parameters: Parameters, reference: Parameters, book: Book, settings: MatchSettings
) -> tuple[Crowd, Crowd]:
    """Let the same unseen people live in the reference and in a regime."""
    seed = settings.check_seed
    people = _people(reference, parameters, seed, -(-settings.check_people // BLOCK))
    before, after = (
        realised_crowd(blocks, own.part("lender", LenderParameters), seed, marks_of(own, book))
        for own, blocks in zip((reference, parameters), people, strict=True)
    )
    return before, after


def _people(reference: Parameters, own: Parameters, seed: int, blocks: int) -> tuple[list[Columns], list[Columns]]:
    """Make the people in the reference's year and in the regime's; later years leave them as they are."""
    before, after = (one.part("population", PopulationParameters) for one in (reference, own))
    made = populate(before, seed, blocks)
    return made, made if after == before else populate(after, seed, blocks)
