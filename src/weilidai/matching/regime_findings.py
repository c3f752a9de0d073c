"""What is found of a regime: its own figures, those of the reference that stay, and those that it moves."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from weilidai.facts import Book, Target
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.crowd import Crowd
from weilidai.matching.fidelity import (
    GROUPS,
    OPEN_DIGITS,
    TWO_SIDED_95,
    Finding,
    findings,
    jackknife,
    measured,
    verdict_on,
    worst_first,
)
from weilidai.matching.fit import distance
from weilidai.matching.regimes import Regime, RegimeTarget, aim, why_moved


def regime_findings(regime: Regime, book: Book, before: Crowd, after: Crowd) -> list[Finding]:
    """Judge a regime's own targets, worst first.

    Parameters
    ----------
    regime, book
        Whose figures, and where the documented ones stand.
    before, after
        People under the reference and under the regime; the same ones, so that chance cancels out.
    """
    got = [_measured(t, before, after) for t in regime.targets]
    spreads = _spreads(regime.targets, before, after)
    rows = zip(regime.targets, got, spreads, strict=True)
    return worst_first(_finding(target, value, spread, regime, book) for target, value, spread in rows)


def held_findings(regime: Regime, book: Book, before: Crowd, after: Crowd) -> tuple[list[Finding], list[Finding]]:
    """Judge all that a regime is held to: its own targets, and those of the reference that it leaves as they are."""
    return regime_findings(regime, book, before, after), kept_findings(regime, book, after)


def kept_targets(regime: Regime, book: Book) -> list[Target]:
    """List the reference's targets that a regime leaves as they are.

    A moment that the regime has a figure of its own for is the regime's; a change against the reference is none.
    """
    own = _own_figures(regime)
    return [t for t in book.targets() if t.moment not in own and why_moved(regime, t.moment) is None]


def kept_findings(
    regime: Regime, book: Book, crowd: Crowd, targets: Sequence[Target] | None = None
) -> list[Finding]:
    """Judge the reference's targets that a regime leaves as they are, or some of them, worst first.

    A rule of the reference about people of whom a regime has none here is neither kept nor broken: these people are
    too few. What a fit is steered by must be measured in every regime.
    """
    found = findings(book, crowd, kept_targets(regime, book) if targets is None else targets)
    return found if regime.name == REFERENCE_REGIME else worst_first(map(_of_somebody, found))


def _of_somebody(one: Finding) -> Finding:
    is_about_nobody = one.role == "check" and math.isnan(one.got)
    return replace(one, verdict="undecided") if is_about_nobody else one


def _own_figures(regime: Regime) -> set[str]:
    return {target.moment for target in regime.targets if target.relation == "equal"}


def moved_findings(regime: Regime, book: Book, crowd: Crowd) -> list[Finding]:
    """Measure the reference's targets that a regime is meant to move; the verdict is ``moved``, the reason its own."""
    own = _own_figures(regime)
    reasons = {t.moment: why_moved(regime, t.moment) for t in book.targets() if t.moment not in own}
    moved = [t for t in book.targets() if reasons.get(t.moment) is not None]
    found = findings(book, crowd, moved)
    return [replace(one, verdict="moved", why=reasons[one.moment] or "") for one in found]


def compared(target: RegimeTarget, after: float, before: float) -> float:
    """Put a regime's moment into the terms of its target."""
    if target.relation == "times_reference":
        return after / before - 1
    return after - before if target.relation == "plus_reference" else after


def _measured(target: RegimeTarget, before: Crowd, after: Crowd) -> float:
    return compared(target, measured(target.moment, after), measured(target.moment, before))


def _spreads(targets: Sequence[RegimeTarget], before: Crowd, after: Crowd) -> list[float]:
    """Estimate standard errors by leaving out the same people of both regimes, one group of them in turn."""
    group = np.arange(len(before.columns["age_years"])) % GROUPS
    rows = []
    for left_out in range(GROUPS):
        one, other = before.part(group != left_out), after.part(group != left_out)
        rows.append([_measured(target, one, other) for target in targets])
    errors: list[float] = jackknife(np.array(rows)).tolist()
    return errors


def _finding(target: RegimeTarget, got: float, spread: float, regime: Regime, book: Book) -> Finding:
    asked, fact = aim(target, book), book.fact(target.fact)
    off = distance(asked, got)
    low, high = got - TWO_SIDED_95 * spread, got + TWO_SIDED_95 * spread
    verdict = verdict_on(low, got, high, asked.low, asked.high)
    return Finding(
        target.fact, target.moment, asked.wanted, got, low, high, target.tolerance, target.role, verdict,
        round(off, OPEN_DIGITS) if math.isfinite(off) else math.inf, fact.label_en, fact.label_zh, fact.document,
        fact.section, fact.unit if asked.wanted in fact.values else "none", target.why, target.bound,
        regime=regime.name, relation=target.relation,
    )
