import ast
import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.inference.pyfunc import NEEDED
from weilidai.inference.travelling import PACKAGE, travelling_files, write_package

NEVER = ("population", "lender", "matching", "pipeline", "tracking", "evaluation", "cli", "config", "explain/swarm.py")
DISTRIBUTED = {"yaml": "pyyaml", "mlflow": "mlflow-skinny"}
BROUGHT_BY_MLFLOW = {"requests"}
ONLY_FOR_ITS_OWN_COLUMNS = {"pyarrow"}
"""Imported where a column of text is one of Arrow, so that it is there."""
OPEN_AND_DECIDE = """
import sys
import weilidai, weilidai.inference.pyfunc
assert weilidai.__file__.startswith(sys.argv[1]), weilidai.__file__
decider = weilidai.load_model(sys.argv[2])
from weilidai.models.known_answers import people_from
import json, pathlib
known = json.loads((pathlib.Path(sys.argv[2]) / "known_answers.json").read_text())
print(len(decider.decide(people_from(known["people"]), reasons="zh")))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("travelling"))


def test_nothing_of_the_simulator_or_the_training_travels() -> None:
    names = [file.relative_to(PACKAGE).as_posix() for file in travelling_files()]
    assert [name for name in names if name.startswith(NEVER)] == []
    assert {"__init__.py", "inference/served.py", "inference/loading.py", "models/bundle.py"} <= set(names)


def test_less_than_a_third_of_the_package_travels() -> None:
    whole = sum(file.stat().st_size for file in PACKAGE.rglob("*.py"))
    assert sum(file.stat().st_size for file in travelling_files()) < whole / 3


def test_what_travels_opens_a_model_and_decides_with_reasons(package: Path, bundle_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(package.parent)!r})\n{OPEN_AND_DECIDE}",
         str(package.parent), str(bundle_folder)], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 12


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.split(".")[0] for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom)}}


def test_every_library_that_travelling_modules_import_is_asked_for() -> None:
    asked = {DISTRIBUTED.get(name, name) for file in travelling_files() for name in imported(file)}
    own = {*sys.stdlib_module_names, PACKAGE.name}
    assert asked - own - BROUGHT_BY_MLFLOW - ONLY_FOR_ITS_OWN_COLUMNS == set(NEEDED)
