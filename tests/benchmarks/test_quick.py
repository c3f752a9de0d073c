"""The benchmarks work: a little of each, so that a figure on the page is never that of broken code."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import run
from benchmarks.measuring import Bound, Figure, side_by_side
from benchmarks.page import HEADINGS
from benchmarks.run import PARTS, main

ONE = Figure("generation", "people", "people/s", 50.0, "a floor", 100.0, 5, Bound("at_least", 60))


def written(folder: Path, *parts: str) -> dict[str, Any]:
    main(["--size", "quick", "--parts", *parts, "--out", str(folder)])
    found: dict[str, Any] = json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))
    return found


def check(found: dict[str, Any], parts: set[str]) -> None:
    assert {figure["part"] for figure in found["figures"]} == parts
    assert all(figure["own"] >= 0 and figure["peer"] > 0 for figure in found["figures"])
    exact = [figure for figure in found["figures"] if "largest difference" in figure["name"]]
    assert all(figure["is_met"] for figure in exact)


@pytest.mark.slow
def test_a_little_of_what_runs_in_one_process_is_measured(tmp_path: Path) -> None:
    check(written(tmp_path, "generation", "training", "deciding"), {"generation", "training", "deciding"})
    shown = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert [HEADINGS[name] in shown for name in ("generation", "training", "deciding", "memory")] == [1, 1, 1, 0]


@pytest.mark.slow
def test_a_little_of_everything_is_measured(tmp_path: Path) -> None:
    check(written(tmp_path, *PARTS), set(PARTS))


def test_a_part_measured_again_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    kept = {"figures": [ONE.to_dict()], "machine": {}, "versions": {}}
    (tmp_path / "benchmarks.json").write_text(json.dumps(kept), encoding="utf-8")
    found = written(tmp_path, "deciding")
    assert found["figures"][0] == json.loads(json.dumps(ONE.to_dict()))
    assert len(found["figures"]) > 1


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"figures": [ONE.to_dict()], "machine": {}, "versions": {}}
    monkeypatch.setattr(run, "measure", lambda *_: told)
    assert written(tmp_path / "new" / "folder", "deciding")["figures"]


def test_a_figure_says_whether_it_is_what_was_wanted() -> None:
    assert ONE.is_met is False
    assert ONE.ratio == pytest.approx(0.5)


def test_things_are_timed_turn_by_turn() -> None:
    order: list[str] = []
    side_by_side(lambda: order.append("a"), lambda: order.append("b"), repeats=2)
    assert order == ["a", "b"] * 3
