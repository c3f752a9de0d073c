"""The pages on faults and on the ML Test Score name tests that exist, and leave no row out."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULTS = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
SCORE = (ROOT / "docs" / "ml_test_score.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FAULT_ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
SCORE_ROW = re.compile(r"^\| (\w+) (\d) \| [^|]+ \| (0|0\.5|1) \| (.+) \|$", re.MULTILINE)
LEAST_OF_A_SECTION = 6


@lru_cache
def names_in(file: str) -> frozenset[str]:
    if not (ROOT / file).is_file():
        return frozenset()
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("page", [FAULTS, SCORE], ids=["faults", "score"])
def test_every_named_test_exists(page: str) -> None:
    assert [f"{file}::{name}" for file, name in NAMED.findall(page) if name not in names_in(file)] == []


def test_every_fault_has_its_test_or_its_reason() -> None:
    rows = {int(number): cell for number, cell in FAULT_ROW.findall(FAULTS)}
    assert list(rows) == list(range(1, 75))
    assert [number for number, cell in rows.items() if not NAMED.search(cell) and "Reason: " not in cell] == []


def test_every_section_of_the_score_is_high_enough_and_added_up_right() -> None:
    sections: dict[str, list[float]] = {}
    for section, _, points, cell in SCORE_ROW.findall(SCORE):
        assert NAMED.search(cell) or points == "0", cell
        sections.setdefault(section, []).append(float(points))
    assert {section: len(points) for section, points in sections.items()} == dict.fromkeys(
        ("Data", "Model", "Infrastructure", "Monitoring"), 7
    )
    for section, points in sections.items():
        assert f"## {section}: {sum(points):g} of 7" in SCORE
        assert sum(points) >= LEAST_OF_A_SECTION
    assert f"**Score: {min(map(sum, sections.values())):g}.**" in SCORE
