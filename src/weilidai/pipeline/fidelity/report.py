"""Holding people against the documents: what was found on one table of people."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from weilidai.dataset.impossible import Impossibilities, impossible_rows
from weilidai.facts import Book, load_book
from weilidai.facts.coverage import Coverage, coverage_by_document, coverage_by_mechanism
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.matching.crowd import Crowd, crowd_of
from weilidai.matching.fidelity import Finding, findings, worst_first
from weilidai.matching.readings import load_readings
from weilidai.matching.regime_findings import held_findings, moved_findings
from weilidai.matching.regimes import load_regime
from weilidai.matching.simulated import marks_of
from weilidai.matching.uncertainty import FittedNumber, fitted_numbers
from weilidai.parameters import Parameters
from weilidai.pipeline.fidelity.looks import Looks, look_at
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.simulate import simulate
from weilidai.population import PopulationParameters

OTHER_SEED: Final = 20_211
"""Seed of the people under the reference where that of the judged people is not known."""


@dataclass(frozen=True)
class Origin:
    """What is known of how a table of people was made."""

    seed: int | None = None
    """Seed of the population; None where nothing tells it."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """Readings that were chosen, those by default left out or not."""
    remarks: tuple[str, ...] = ()
    """What a reader must know besides."""

    @property
    def other_readings(self) -> dict[str, str]:
        """Give the readings that are not the one by default."""
        known = load_readings()
        return {key: choice for key, choice in self.readings.items() if choice != known[key].default}


@dataclass(frozen=True)
class FidelityReport:
    """What was found on one table of people."""

    regime: str
    book: Book
    findings: list[Finding]
    impossible: Impossibilities
    looks: Looks
    moved: tuple[Finding, ...] = ()
    """Figures of the reference that the regime is meant to move, farthest first; they are measured and not judged."""
    numbers: tuple[FittedNumber, ...] = ()
    """Fitted numbers of the simulator, the least known first."""
    remarks: tuple[str, ...] = ()
    """What a reader must know of these people before any figure."""

    @property
    def outside(self) -> list[Finding]:
        """Findings farther off than their tolerance even at the near end of their interval, worst first."""
        return [one for one in self.findings if one.verdict == "outside"]

    @property
    def undecided(self) -> list[Finding]:
        """Findings beyond their tolerance that these people are too few to judge."""
        return [one for one in self.findings if one.verdict == "undecided"]

    @property
    def coverage(self) -> tuple[list[Coverage], list[Coverage]]:
        """Count the facts by the way they are followed: by document with the sum at the end, and by mechanism."""
        return coverage_by_document(self.book), coverage_by_mechanism(self.book)

    @property
    def metrics(self) -> dict[str, float]:
        """Fixed name -> value: share of targets within their tolerance, and the largest distance in tolerances.

        A target that cannot be measured on these people has no distance and counts as outside; a check of the
        reference about people of whom another regime has none here counts as undecided.
        """
        distances = [abs(one.distance) for one in self.findings if math.isfinite(one.distance)]
        within = sum(one.verdict == "within" for one in self.findings)
        return {
            "fidelity.share_within": within / max(len(self.findings), 1),
            "fidelity.outside": float(len(self.outside)),
            **({"fidelity.worst": max(distances)} if distances else {}),
        }


def hold_against_documents(
    applicants: pd.DataFrame, truth: pd.DataFrame, parameters: Parameters, origin: Origin | None = None
) -> FidelityReport:
    """Judge every target, look for impossible rows and describe the columns.

    People of another regime than the reference are held against that regime's own figures and against those of
    the reference that it leaves as they are.

    Parameters
    ----------
    applicants, truth
        Generated tables of the same people in the same order.
    parameters
        Numbers of the simulator that made them.
    origin
        Their seed and readings, where known.
    """
    book, origin = load_book(), origin or Origin()
    crowd = crowd_of(applicants, truth, marks_of(parameters, book))
    judged, moved = _judged(crowd, parameters.regime, origin, book)
    bounds = parameters.part("population", PopulationParameters).bounds
    numbers = fitted_numbers(parameters, load_parameters(), book)
    return FidelityReport(
        parameters.regime, book, judged, impossible_rows(applicants, bounds), look_at(applicants), tuple(moved),
        tuple(numbers), tuple(_remarks(parameters.regime, origin)),
    )


def _judged(crowd: Crowd, name: str, origin: Origin, book: Book) -> tuple[list[Finding], list[Finding]]:
    if name == REFERENCE_REGIME:
        return findings(book, crowd), []
    regime = load_regime(name)
    is_compared = any(target.relation != "equal" for target in regime.targets)
    before = _under_the_reference(len(crowd.columns["age_years"]), origin, book) if is_compared else crowd
    own, kept = held_findings(regime, book, before, crowd)
    moved = sorted(moved_findings(regime, book, crowd), key=lambda one: -abs(one.distance))
    return worst_first([*own, *kept]), moved


def _under_the_reference(rows: int, origin: Origin, book: Book) -> Crowd:
    """Let the same people live in the reference, under the same readings."""
    numbers = numbers_of(REFERENCE_REGIME, origin.readings)
    seed = OTHER_SEED if origin.seed is None else origin.seed
    return crowd_of(*simulate(numbers, rows, seed), marks_of(numbers, book))


def _remarks(regime: str, origin: Origin) -> list[str]:
    said = list(origin.remarks)
    known = load_readings()
    for key, choice in origin.other_readings.items():
        said.append(
            f"Reading {key} is '{choice}' here and '{known[key].default}' by default ({known[key].conflict}): "
            f"{known[key].choices[choice].says}. The numbers are not matched anew, so a distance from a target may be "
            "what the reading moves."
        )
    if regime != REFERENCE_REGIME:
        said.append(
            f"These people live in the regime {regime}: they are held against its own figures and against those of "
            f"the reference {REFERENCE_REGIME} that it leaves as they are; what it is meant to move is listed apart."
        )
        if origin.seed is None:
            said.append("The seed of these people is not known, so changes are measured against other people.")
    return said
