"""Writing down what was found: figures as JSON, and the page that people read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from weilidai.facts.coverage import untargeted_facts
from weilidai.pipeline.fidelity.page import fidelity_page
from weilidai.pipeline.fidelity.report import FidelityReport

FINDINGS: Final = "fidelity.json"
COVERAGE: Final = "coverage.json"
NUMBERS: Final = "parameters.json"
PAGE: Final = "fidelity.html"


def write_fidelity(report: FidelityReport, folder: Path, certificate: Mapping[str, Any]) -> Path:
    """Write findings, coverage and fitted numbers as JSON and the page ``fidelity.html`` into a folder; give the page.

    Parameters
    ----------
    report
        What was found.
    folder
        Made when it is not there; files of these names are replaced.
    certificate
        Where the people come from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_json(folder / FINDINGS, [one.to_dict() for one in report.findings])
    _write_json(folder / COVERAGE, coverage_of(report))
    _write_json(folder / NUMBERS, [one.to_dict() for one in report.numbers])
    (folder / PAGE).write_text(fidelity_page(report, certificate), encoding="utf-8")
    return folder / PAGE


def coverage_of(report: FidelityReport) -> dict[str, Any]:
    """Give as plain data how many facts are followed by which way, what is not, and the impossible rows."""
    by_document, by_mechanism = report.coverage
    return {
        "regime": report.regime,
        "remarks": list(report.remarks),
        "moved": [one.to_dict() for one in report.moved],
        "by_document": [row.to_dict() for row in by_document],
        "by_mechanism": [row.to_dict() for row in by_mechanism],
        "untargeted": [{"fact_id": one.fact.id, "why": one.why} for one in untargeted_facts(report.book)],
        "people": report.impossible.people,
        "impossible_rows": report.impossible.rows,
        "impossible": {check.what: check.count for check in report.impossible.checks},
    }


def _write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
