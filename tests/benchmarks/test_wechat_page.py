"""What everybody would cost follows from what was measured, and from nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import Bound, Figure
from benchmarks.wechat_page import PEOPLE, hours_with, wechat_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
MADE = Figure("scale", "making people, 100 people, two workers of one thread", "people/s", 180.0, "one worker", 100.0,
              5, wanted_ratio=Bound("at_least", 1.6))  # fmt: skip
DISK = Figure("scale", "disk of people", "bytes/person", 400.0, "decisions", 100.0, 1)


def found(*figures: Figure) -> dict[str, Any]:
    machine = {"processor": "a processor", "cores": "2", "load before the run": "0.1"}
    return {"figures": [figure.to_dict() for figure in figures], "machine": machine, "versions": {}}


def test_every_doubling_of_the_workers_keeps_the_efficiency_of_the_second() -> None:
    one = PEOPLE / 100 / 3600
    figure = MADE.to_dict()
    assert [hours_with(figure, count) for count in (1, 2, 16)] == pytest.approx([one, one / 1.8, one / 1.8**4])


def test_the_page_names_core_hours_disk_and_its_assumptions() -> None:
    page = wechat_page(found(MADE, DISK))
    assert "| making people | 3,611 |" in page
    assert "| disk of people | 400 bytes/person | 484 GiB |" in page
    assert "was not run at this size" in page
    assert "## Assumptions" in page


def test_without_measured_scaling_there_is_no_page() -> None:
    assert wechat_page(found()) == ""


def test_the_page_kept_is_the_one_that_the_kept_figures_give() -> None:
    figures = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
    page = DOCS / "wechat_size.md"
    assert (page.read_text(encoding="utf-8") if page.exists() else "") == wechat_page(figures)
