"""Matching from the facts to a stored parameter file, and the check whether a stored one still holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weilidai.facts import Book
from weilidai.lender import LenderParameters
from weilidai.matching.compose import REFERENCE_REGIME, compose
from weilidai.matching.fidelity import Finding, findings
from weilidai.matching.fit import Fit, fit
from weilidai.matching.settings import MatchSettings
from weilidai.matching.simulated import marks_of, populate, realised_crowd
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.population import PopulationParameters

Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Matched:
    """New parameters with their certificate, and how they do on unseen people."""

    parameters: Parameters
    fit: Fit
    findings: list[Finding]


@dataclass(frozen=True)
class Standing:
    """Whether stored parameters still belong to the facts, and how they do on unseen people."""

    changed: list[str]
    """Paths whose documented or assumed number differs from the stored one."""
    findings: list[Finding]
    """The regime's own targets; of the reference, every target."""
    kept: list[Finding] = field(default_factory=list)
    """Targets of the reference that a regime leaves as they are."""
    retargeted: list[str] = field(default_factory=list)
    """Facts whose target is not the one that was matched to."""

    @property
    def outside(self) -> list[Finding]:
        """Findings outside their tolerance by more than chance, the own ones first."""
        return [one for one in (*self.findings, *self.kept) if one.verdict == "outside"]

    @property
    def holds(self) -> bool:
        """Whether nothing changed and no target is outside its tolerance."""
        return not (self.changed or self.retargeted or self.outside)


def match(
    book: Book, settings: MatchSettings, *, regime: str = REFERENCE_REGIME,
    start: Mapping[str, float] | None = None, progress: Progress | None = None,
) -> Matched:
    """Fit the free numbers, then judge them on unseen people; nothing is written."""
    found = fit(compose(book, regime), book, settings, start, progress)
    judged = judge(found.parameters, book, settings)
    certificate: dict[str, Any] = {
        "facts": book.digest, "parameters": found.parameters.digest, "settings": settings.model_dump(),
        "distance": {"before": round(found.distance_before, 3), "after": round(found.distance_after, 3)},
        "steps": found.steps,
        "spread": {path: float(f"{value:.3g}") for path, value in found.spread.items()},
        "targets": [one.to_row() for one in sorted(judged, key=lambda one: one.fact_id)],
    }
    return Matched(Parameters(regime, found.parameters.numbers, certificate), found, judged)


def judge(parameters: Parameters, book: Book, settings: MatchSettings) -> list[Finding]:
    """Measure every target on unseen people with these parameters."""
    population = parameters.part("population", PopulationParameters)
    lender = parameters.part("lender", LenderParameters)
    blocks = populate(population, settings.check_seed, -(-settings.check_people // BLOCK))
    marks = marks_of(parameters, book)
    return findings(book, realised_crowd(blocks, lender, settings.check_seed, marks))


def changed_numbers(parameters: Parameters, book: Book) -> list[str]:
    """List the paths whose documented or assumed number is not the stored one (free numbers aside)."""
    composed = compose(book, parameters.regime).numbers
    return [path for path, number in composed.items() if not _same(parameters, path, number.value)]


def _same(parameters: Parameters, path: str, value: object) -> bool:
    stored = parameters.numbers.get(path)
    return stored is not None and (stored.kind == "parameter" or stored.value == value)
