"""Who may import whom. The table is the rule; everything else here only reads the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"

EVERYBODY = {"errors"}
GROUND = {
    "columns": set(), "units": set(), "errors": set(), "rules": set(), "noise": set(), "progress": set(),
    "parameters": set(), "places": set(), "plain_yaml": set(), "stores": {"places"}, "own_table": {"columns"},
    "bounds": {"parameters"},
}
STAGES = {
    "facts": {"columns", "units", "places", "plain_yaml"},
    "population": {"bounds", "columns", "units", "rules", "noise", "parameters"},
    "lender": {"columns", "units", "rules", "noise", "parameters"},
    "matching": {
        "facts", "population", "lender", "columns", "units", "rules", "noise", "parameters", "places", "plain_yaml",
    },
    "dataset": {"bounds", "columns", "own_table", "plain_yaml"},
    "models": {"facts", "columns", "rules", "own_table"},
    "evaluation": {"columns"},
    "cache": {"models", "places"},
    "explain": {"facts", "models", "columns", "own_table"},
    "tracking": {"models", "evaluation", "places", "stores"},
    "inference": {"models", "explain", "dataset", "columns", "rules", "stores", "own_table"},
}
WALLS = {
    **GROUND,
    **STAGES,
    "config": {"places", "plain_yaml"},
    "pipeline": {*GROUND, *STAGES, "config"},
    "cli": {"pipeline", "inference", "config", "progress"},
    "": {"inference"},
}
"""Unit of the package ("" is the package itself) -> the units it may import beside itself and ``errors``."""

MAY_IMPORT_MLFLOW = {"tracking", "inference"}
NEVER = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal", "skops"}
HEAVY = {"mlflow", "shap", "lightgbm", "matplotlib", "pandas", "sklearn", "scipy", "pyarrow"}

MODULES = sorted((SRC / "weilidai").rglob("*.py"))


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def unit(module: str) -> str:
    return (*module.split("."), "")[1]


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Give line and dotted name of everything a module imports, late imports and names included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}:{node.lineno}: write the whole name; relative imports hide a wall"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in (names if node.module == "weilidai" else [str(node.module)]))


def settings_only(importer: str, imported: str) -> bool:
    """Config composes the settings classes of the stages and nothing else of them."""
    return importer == "config" and imported.endswith(".settings")


def crossings(file: Path) -> list[str]:
    own = unit(dotted(file))
    allowed = WALLS[own] | EVERYBODY | {own}
    return [
        f"{file.relative_to(SRC)}:{line} imports {name}"
        for line, name in imports(file)
        if name.split(".")[0] == "weilidai" and unit(name) not in allowed and not settings_only(own, name)
    ]


def test_every_module_imports_downward_only() -> None:
    assert [crossing for file in MODULES for crossing in crossings(file)] == []


def test_every_unit_has_a_place_in_the_table() -> None:
    assert {unit(dotted(file)) for file in MODULES} <= set(WALLS)


def test_the_table_has_no_cycle() -> None:
    reached: set[str] = set()
    while ready := {name for name, below in WALLS.items() if name not in reached and below <= reached | {"errors"}}:
        reached |= ready
    assert set(WALLS) - reached == set()


def importers(libraries: set[str]) -> set[str]:
    return {dotted(file) for file in MODULES for _, name in imports(file) if name.split(".")[0] in libraries}


def test_only_tracking_and_inference_know_mlflow() -> None:
    assert {unit(module) for module in importers({"mlflow"})} <= MAY_IMPORT_MLFLOW


def test_nothing_is_imported_that_can_run_code_when_a_file_is_read() -> None:
    assert importers(NEVER) == set()


@pytest.mark.parametrize("door", ["weilidai", "weilidai.cli"])
def test_opening_the_door_loads_nothing_heavy(door: str) -> None:
    code = f"import sys, {door}; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY.isdisjoint(loaded)


@pytest.mark.parametrize("words", [["--help"], ["facts"], ["facts", "--json"], ["ask", "--help"]])
def test_a_command_that_only_tells_loads_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom weilidai.cli import main\n"
        f"try:\n    main({words!r})\nfinally:\n    sys.stderr.write(' '.join(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(told.stderr.split())


def test_asking_a_model_in_a_folder_loads_what_answers_this_question_only() -> None:
    code = "import sys, weilidai.pipeline.asking, weilidai.inference.loading; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"mlflow", "shap", "lightgbm", "matplotlib", "sklearn", "scipy.stats", "scipy.optimize"}.isdisjoint(loaded)
