"""The house plan in docs/ is the house."""

import re
import runpy

from weilidai.pipeline.architecture import TOP, architecture, units


def test_the_page_kept_is_the_one_the_source_gives(root):
    assert (root / "docs" / "architecture.md").read_text(encoding="utf-8") == architecture(), "run 'make docs'"


def test_every_module_stands_in_the_tree_and_says_what_it_is(root):
    lines = architecture().split("## The tree")[1].splitlines()
    modules = [file for file in (root / "src" / "weilidai").rglob("*.py") if file.name != "__init__.py"]
    named = [line for line in lines if re.match(r" +\w+\.py ", line)]
    assert len(named) == len(modules)
    assert [line for line in lines if re.fullmatch(r" *\S+ *", line)] == []


def test_every_folder_of_the_project_is_explained(root):
    kept = {path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert kept - {*TOP, "src", "mlartifacts", "mlruns", "build", "dist"} == set()
    assert set(TOP) <= kept


def test_the_imports_it_shows_are_those_the_walls_allow(root):
    walls = runpy.run_path(str(root / "tests" / "house" / "test_walls.py"))["WALLS"]
    for unit, others in units(root / "src" / "weilidai").items():
        if unit != "config":
            assert others <= set(walls[unit]), unit
