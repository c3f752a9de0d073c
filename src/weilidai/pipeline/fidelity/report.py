"""Holding people against the documents, and writing down what was found."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from weilidai.dataset.impossible import Impossibilities, impossible_rows
from weilidai.facts import Book, load_book
from weilidai.facts.coverage import Coverage, coverage_by_document, coverage_by_mechanism, untargeted_facts
from weilidai.matching.crowd import crowd_of
from weilidai.matching.fidelity import Finding, findings
from weilidai.matching.simulated import marks_of
from weilidai.parameters import Parameters
from weilidai.pipeline.fidelity.looks import Looks, look_at

FINDINGS: Final = "fidelity.json"
COVERAGE: Final = "coverage.json"
PAGE: Final = "fidelity.html"


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
        """Findings farther off than their tolerance, worst first."""
        return [one for one in self.findings if one.verdict != "within"]

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
        within = len(self.findings) - len(self.outside)
        return {
            "fidelity.share_within": within / max(len(self.findings), 1),
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


def write_fidelity(report: FidelityReport, folder: Path, certificate: Mapping[str, Any]) -> Path:
    """Write ``fidelity.json``, ``coverage.json`` and the page ``fidelity.html`` into a folder; give the page.

    Parameters
    ----------
    report
        What was found.
    folder
        Made when it is not there; files of these names are replaced.
    certificate
        Where the people come from.
    """
    from weilidai.pipeline.fidelity.page import fidelity_page

    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / FINDINGS, [one.to_dict() for one in report.findings])
    _write_json(folder / COVERAGE, coverage_of(report))
    (folder / PAGE).write_text(fidelity_page(report, certificate), encoding="utf-8")
    return folder / PAGE


def coverage_of(report: FidelityReport) -> dict[str, Any]:
    """Give as plain data how many facts are followed by which way, what is not, and the impossible rows."""
    by_document, by_mechanism = report.coverage
    return {
        "by_document": [row.to_dict() for row in by_document],
        "by_mechanism": [row.to_dict() for row in by_mechanism],
        "untargeted": [{"fact_id": one.fact.id, "why": one.why} for one in untargeted_facts(report.book)],
        "people": report.impossible.people,
        "impossible_rows": report.impossible.rows,
        "impossible": {check.what: check.count for check in report.impossible.checks},
    }


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
