"""What everybody would cost follows from what was measured, and from nothing else."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import Bound, Figure
from benchmarks.wechat_page import PEOPLE, wechat_page, works_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
MADE = Figure("scale", "making people, 100 people, two workers of one thread", "people/s", 180.0, "one worker", 100.0,
              5, wanted_ratio=Bound("at_least", 1.6))  # fmt: skip
SPENT = Figure("scale", MADE.name, "CPU s/million people", 10_000.0, "one worker", 9_500.0, 5)
DISK = Figure("scale", "disk of people", "bytes/person", 400.0, "decisions", 100.0, 1)


def found(*figures: Figure) -> dict[str, Any]:
    machine = {"processor": "a processor", "cores": "2", "load before the run": "0.1"}
    return {"figures": [figure.to_dict() for figure in figures], "machine": machine, "versions": {}}


def test_core_hours_come_from_cpu_seconds_and_hours_by_the_clock_from_the_efficiency() -> None:
    work = works_of([MADE.to_dict(), SPENT.to_dict()])[0]
    assert work.core_hours == pytest.approx(PEOPLE * 0.01 / 3600)
    assert work.efficiency == pytest.approx(180 * 0.01 / 2)
    assert [work.hours_with(count) for count in (2, 16)] == pytest.approx([PEOPLE / 180 / 3600, PEOPLE / 1440 / 3600])


@pytest.mark.parametrize("two", [60.0, 97.5, 109.0])
def test_where_a_second_worker_brought_nothing_more_workers_still_take_less_time(two: float) -> None:
    shared = replace(MADE, own=two)
    work = works_of([shared.to_dict(), SPENT.to_dict()])[0]
    hours = [work.hours_with(count) for count in (2, 16, 128, 1024)]
    assert hours == pytest.approx([PEOPLE / two / 3600 / each for each in (1, 8, 64, 512)])
    assert work.core_hours == works_of([MADE.to_dict(), SPENT.to_dict()])[0].core_hours


def test_nobody_computes_more_than_all_the_time() -> None:
    assert works_of([replace(MADE, own=300.0).to_dict(), SPENT.to_dict()])[0].efficiency == 1


def test_the_page_names_core_hours_disk_and_its_assumptions() -> None:
    page = wechat_page(found(MADE, SPENT, DISK))
    assert "| making people | 3,611 |" in page
    assert "| 1.8 | 10,000 | 90% |" in page
    assert "| disk of people | 400 bytes/person | 484 GiB |" in page
    assert "was not run at this size" in page
    assert "## Assumptions" in page


def test_without_measured_scaling_there_is_no_page() -> None:
    assert wechat_page(found()) == ""
    assert wechat_page(found(MADE, DISK)) == ""


def test_the_page_kept_is_the_one_that_the_kept_figures_give() -> None:
    figures = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
    page = DOCS / "wechat_size.md"
    assert (page.read_text(encoding="utf-8") if page.exists() else "") == wechat_page(figures)
