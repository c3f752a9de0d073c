"""Documented against generated, fact by fact."""

import math
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.facts import Book, Fact, Target
from weilidai.facts.schema import Bound
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.crowd import Crowd
from weilidai.matching.fit import distance
from weilidai.matching.moments import MOMENTS

GROUPS: Final = 20
"""Groups of people left out in turn to see how much a moment varies."""
THREADS: Final = 2
TWO_SIDED_95: Final = 1.96
OPEN_DIGITS: Final = 6
VERDICTS: Final = ("outside", "undecided", "within")
"""Worst first."""


@dataclass(frozen=True)
class Finding:
    """One target on generated people: wanted, got with its 95 % interval, and the verdict."""

    fact_id: str
    moment: str
    wanted: float
    got: float
    low: float
    high: float
    tolerance: float
    role: str
    verdict: str
    """``within`` its tolerance; ``outside`` when the whole interval lies beyond it; else ``undecided``: these
    people are too few to tell."""
    distance: float
    """Distance in tolerances; 1 is the edge."""
    label_en: str
    label_zh: str
    document: str
    section: int
    unit: str
    why: str
    bound: Bound = "near"
    """Whether the value is met from both sides or from one."""
    regime: str = REFERENCE_REGIME
    """Regime the figure speaks of."""
    relation: str = "equal"
    """``times_reference`` and ``plus_reference``: the figure is a change against the same people in the reference."""

    def to_dict(self) -> dict[str, Any]:
        """Give plain data; what cannot be measured is null."""
        return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in asdict(self).items()}

    def to_row(self) -> dict[str, Any]:
        """Give what a certificate of stored parameters keeps."""
        return {
            "fact": self.fact_id, "moment": self.moment, "wanted": self.wanted, "got": round(self.got, OPEN_DIGITS),
            "tolerance": self.tolerance, "verdict": self.verdict,
        }


def findings(book: Book, crowd: Crowd, targets: Sequence[Target] | None = None) -> list[Finding]:
    """Judge targets on a crowd, every one of the book where none are named, worst first.

    The interval comes from leaving out one twentieth of the people in turn (delete-a-group jackknife). Where one
    of them holds everybody of a group, nothing is known of chance, and the interval is endless.
    """
    targets = book.targets() if targets is None else targets
    spreads = _spreads(list(dict.fromkeys(target.moment for target in targets)), crowd)
    return worst_first(finding(book, t, measured(t.moment, crowd), spreads[t.moment]) for t in targets)


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings by verdict, then by distance."""
    return sorted(found, key=lambda one: (VERDICTS.index(one.verdict), -abs(one.distance)))


def verdict_on(low: float, got: float, high: float, least: float, most: float) -> str:
    """Judge a measured value with its interval against the accepted range; what could not be measured is outside."""
    if least <= got <= most:
        return "within"
    return "undecided" if low <= most and high >= least else "outside"


def finding(book: Book, target: Target, got: float, spread: float) -> Finding:
    """Judge one target by what was measured and by its standard error."""
    fact = book.fact(target.fact)
    off = distance(target, got)
    low, high = got - TWO_SIDED_95 * spread, got + TWO_SIDED_95 * spread
    return Finding(
        target.fact, target.moment, target.wanted, got, low, high,
        target.tolerance, target.role, verdict_on(low, got, high, target.low, target.high),
        round(off, OPEN_DIGITS) if math.isfinite(off) else math.inf,
        fact.label_en, fact.label_zh, fact.document, fact.section, _unit(target, fact), target.why, target.bound,
    )


def _unit(target: Target, fact: Fact) -> str:
    """Give the fact's unit where the wanted value is its own; a share or gap read from it has none."""
    return fact.unit if target.wanted in fact.values else "none"


def measured(moment: str, crowd: Crowd) -> float:
    """Measure a moment; NaN where the people it speaks of are not among these."""
    try:
        return MOMENTS[moment](crowd)
    except (ZeroDivisionError, ValueError, RuntimeWarning):
        return math.nan


def _spreads(names: Sequence[str], crowd: Crowd) -> dict[str, float]:
    """Estimate the standard error of each moment; people are dealt to the groups in turn."""
    group = np.arange(len(crowd.columns["age_years"])) % GROUPS

    def without(left_out: int) -> list[float]:
        part = crowd.part(group != left_out)
        return [measured(name, part) for name in names]

    with ThreadPoolExecutor(THREADS) as pool:
        rows = list(pool.map(without, range(GROUPS)))
    return dict(zip(names, jackknife(np.array(rows)).tolist(), strict=True))


def jackknife(without: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give standard errors from moments measured without each group in turn; shape (GROUPS, moments) to (moments,).

    A moment that cannot be measured without one of the groups has an endless error.
    """
    around = without - np.mean(without, axis=0)
    errors = np.sqrt((GROUPS - 1) / GROUPS * np.square(around).sum(axis=0))
    known: npt.NDArray[np.float64] = np.where(np.isnan(errors), np.inf, errors)
    return known
