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
from weilidai.lender.invitation import factor_logits
from weilidai.matching.compose import with_fitted
from weilidai.matching.crowd import Crowd
from weilidai.matching.descent import Progress, Vector, descend
from weilidai.matching.fidelity import GROUPS, TWO_SIDED_95, Finding, verdict_on, worst_first
from weilidai.matching.fit import Fit
from weilidai.matching.moments import MOMENTS
from weilidai.matching.regimes import Regime, RegimeTarget, apply_regime, wanted
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
        self.regime, self.book, self.settings = regime, book, settings
        self.before = reference.part("lender", LenderParameters)
        self.paths = list(regime.free)
        self.sd = np.array([regime.free[path].sd for path in self.paths])
        self.marks = marks_of(self.base, book)
        self.blocks = populate(reference.part("population", PopulationParameters), settings.seed, settings.blocks)
        crowd = expected_crowd(self.blocks, self.before, settings.seed, marks_of(reference, book))
        self._last: tuple[bytes, Vector] | None = None
        self.start = {t.moment: MOMENTS[t.moment](crowd) for t in regime.targets}

    def lender(self, theta: Vector) -> LenderParameters:
        """Read the lender at these values of the free numbers, its changed factors centred anew."""
        fitted = dict(zip(self.paths, map(float, theta), strict=True))
        return recentred(with_fitted(self.base, fitted).part("lender", LenderParameters), self.before, self.blocks)

    def residuals(self, theta: Vector) -> Vector:
        """Distances from the targets, in tolerances."""
        key = theta.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = (key, self._measured(theta))
        return self._last[1]

    def _measured(self, theta: Vector) -> Vector:
        crowd = expected_crowd(self.blocks, self.lender(theta), self.settings.seed, self.marks)
        return np.array([
            (_compared(t, MOMENTS[t.moment](crowd), self.start[t.moment]) - wanted(t, self.book)) / t.tolerance
            for t in self.regime.targets
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
    theta, after, steps = _solved(problem, first, progress) if problem.paths else (first, before, 0)
    fitted: dict[str, Any] = dict(zip(problem.paths, map(float, theta), strict=True))
    centres = problem.lender(theta).invitation.centres
    moved = {name: value for name, value in centres.items() if value != problem.before.invitation.centres.get(name)}
    fitted |= flatten(moved, "lender.invitation.centres")
    numbers = with_fitted(problem.base, {path: round(value, 6) for path, value in fitted.items()}).numbers
    judged = judge_regime(Parameters(regime.name, numbers), reference, regime, book, settings)
    found = Parameters(regime.name, numbers, {
        "facts": book.digest, "parameters": Parameters(regime.name, numbers).digest, "reference": reference.digest,
        "settings": settings.model_dump(), "distance": {"before": round(before, 3), "after": round(after, 3)},
        "steps": steps, "targets": [one.to_row() for one in judged],
    })
    return Matched(found, Fit(found, before, after, steps), judged)


def _solved(problem: _Problem, first: Vector, progress: Progress | None) -> tuple[Vector, float, int]:
    free = problem.regime.free
    low, high = (np.array([getattr(free[path], side) for path in problem.paths]) for side in ("low", "high"))
    start = np.clip(first, low, high)
    found = descend(problem.residuals, start, low, high, problem.sd, problem.settings, progress, _near_enough)
    return found.theta, found.distance, found.steps


def _near_enough(intermediate_result: OptimizeResult) -> None:
    """Stop where every target is met far more closely than its tolerance: no step could be seen."""
    if intermediate_result.cost < FAR_INSIDE:
        raise StopIteration


def recentred(lender: LenderParameters, before: LenderParameters, blocks: Sequence[Columns]) -> LenderParameters:
    """Centre the factors that a regime changes over the people whom the reference looks at."""
    changed = _changed_factors(lender, before)
    terms = {name: term for name, term in lender.invitation.terms.items() if term.factor in changed}
    bare = lender.invitation.model_copy(update={"terms": terms, "centres": {}})
    looked_at = [policy(before.eligibility).passes(columns) for columns in blocks]
    people = sum(int(who.sum()) for who in looked_at)
    totals = dict.fromkeys(changed, 0.0)
    for columns, who in zip(blocks, looked_at, strict=True):
        for factor, part in factor_logits(columns, bare).items():
            totals[factor] += float(part[who].sum(dtype=np.float64))
    centres = {**before.invitation.centres, **{factor: total / people for factor, total in totals.items()}}
    invitation = lender.invitation.model_copy(update={"centres": centres})
    return lender.model_copy(update={"invitation": invitation})


def _changed_factors(lender: LenderParameters, before: LenderParameters) -> set[str]:
    own, old = lender.invitation, before.invitation
    scales = {name for name, scale in own.scales.items() if scale != old.scales.get(name)}
    return {
        term.factor for name, term in own.terms.items() if term != old.terms.get(name) or term.scale in scales
    }


def judge_regime(
    parameters: Parameters, reference: Parameters, regime: Regime, book: Book, settings: MatchSettings
) -> list[Finding]:
    """Measure a regime's targets on unseen people who live through both regimes, worst first."""
    seed = settings.check_seed
    population = reference.part("population", PopulationParameters)
    blocks = populate(population, seed, -(-settings.check_people // BLOCK))
    before, after = (
        realised_crowd(blocks, own.part("lender", LenderParameters), seed, marks_of(own, book))
        for own in (reference, parameters)
    )
    got = [_compared(t, MOMENTS[t.moment](after), MOMENTS[t.moment](before)) for t in regime.targets]
    spreads = _spreads(regime.targets, before, after)
    found = [_finding(*row, book) for row in zip(regime.targets, got, spreads, strict=True)]
    return worst_first(found)


def _spreads(targets: Sequence[RegimeTarget], before: Crowd, after: Crowd) -> list[float]:
    """Estimate standard errors by leaving out the same people of both regimes, one group of them in turn."""
    group = np.arange(len(before.columns["age_years"])) % GROUPS
    rows = []
    for left_out in range(GROUPS if targets else 0):
        one, other = before.part(group != left_out), after.part(group != left_out)
        rows.append([_compared(t, MOMENTS[t.moment](other), MOMENTS[t.moment](one)) for t in targets])
    around = np.array(rows) - np.mean(rows, axis=0) if rows else np.empty((0, 0))
    errors: list[float] = np.sqrt((GROUPS - 1) / GROUPS * np.square(around).sum(axis=0)).tolist()
    return errors


def _finding(target: RegimeTarget, got: float, spread: float, book: Book) -> Finding:
    aim, fact = wanted(target, book), book.fact(target.fact)
    off = (got - aim) / target.tolerance
    low, high = got - TWO_SIDED_95 * spread, got + TWO_SIDED_95 * spread
    verdict = verdict_on(low, got, high, aim - target.tolerance, aim + target.tolerance)
    return Finding(
        target.fact, target.moment, aim, got, low, high, target.tolerance, "fit", verdict, round(off, 6),
        fact.label_en, fact.label_zh, fact.document, fact.section, fact.unit, target.why,
    )


def _compared(target: RegimeTarget, after: float, before: float) -> float:
    """Put a regime's moment into the terms of its target."""
    if target.relation == "times_reference":
        return after / before - 1
    return after - before if target.relation == "plus_reference" else after
