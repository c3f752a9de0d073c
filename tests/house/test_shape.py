"""Files and functions stay small enough to be read at once, and are called by what they hold."""

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
MODULES = sorted((SRC / "weilidai").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools", "stuff"}


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def test_every_file_can_be_read_at_once() -> None:
    files = [*MODULES, *TESTS]
    lengths = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8").count("\n") for file in files}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def functions() -> Iterator[tuple[str, int]]:
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{dotted(file)}.{node.name}", node.end_lineno - node.lineno + 1


def test_every_function_fits_on_a_screen() -> None:
    assert {name: lines for name, lines in functions() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_file_is_named_after_what_it_holds() -> None:
    assert [file for file in MODULES if EMPTY_NAMES & {*file.relative_to(SRC).with_suffix("").parts}] == []


@pytest.mark.parametrize("file", [f for f in MODULES if ">>> " in f.read_text(encoding="utf-8")], ids=dotted)
def test_the_examples_in_docstrings_hold(file: Path) -> None:
    assert doctest.testmod(importlib.import_module(dotted(file))).failed == 0


def test_every_stage_has_its_tests() -> None:
    stages = {file.parent.name for file in MODULES if file.parent.parent == SRC / "weilidai"}
    assert {stage for stage in stages if not any((ROOT / "tests" / stage).glob("test_*.py"))} == set()
