"""Holding people against the documents: what was found on one table of people."""

import math
from dataclasses import dataclass

import pandas as pd

from weilidai.dataset.impossible import Impossibilities, impossible_rows
from weilidai.facts import Book, load_book
from weilidai.facts.coverage import Coverage, coverage_by_document, coverage_by_mechanism
from weilidai.matching.crowd import crowd_of
from weilidai.matching.fidelity import Finding, findings
from weilidai.matching.simulated import marks_of
from weilidai.parameters import Parameters
from weilidai.pipeline.fidelity.looks import Looks, look_at


@dataclass(frozen=True)
class FidelityReport:
    """What was found on one table of people."""

    regime: str
    book: Book
    findings: list[Finding]
    impossible: Impossibilities
    looks: Looks

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

        A target that cannot be measured on these people counts as outside and has no distance.
        """
        distances = [abs(one.distance) for one in self.findings if math.isfinite(one.distance)]
        within = sum(one.verdict == "within" for one in self.findings)
        return {
            "fidelity.share_within": within / max(len(self.findings), 1),
            "fidelity.outside": float(len(self.outside)),
            **({"fidelity.worst": max(distances)} if distances else {}),
        }


def hold_against_documents(applicants: pd.DataFrame, truth: pd.DataFrame, parameters: Parameters) -> FidelityReport:
    """Judge every target, look for impossible rows and describe the columns.

    Parameters
    ----------
    applicants, truth
        Generated tables of the same people in the same order.
    parameters
        Numbers of the simulator that made them.
    """
    book = load_book()
    found = findings(book, crowd_of(applicants, truth, marks_of(parameters, book)))
    return FidelityReport(parameters.regime, book, found, impossible_rows(applicants), look_at(applicants))
