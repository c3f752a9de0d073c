"""A kept model in a virtual environment that holds what the model itself asks for, and nothing of this project."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pandas as pd
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from weilidai.inference.decider import Decider

BOTH_DOORS = """
import sys, json, importlib.util
import pandas as pd
assert importlib.util.find_spec("weilidai") is None
import mlflow.pyfunc
model = mlflow.pyfunc.load_model(sys.argv[1])
people = pd.read_csv(sys.argv[2], float_precision="round_trip")
through_mlflow = model.predict(people, params={"reasons": "zh"})
import weilidai
assert weilidai.__file__.startswith(sys.argv[1]), weilidai.__file__
direct = weilidai.load_model(sys.argv[1]).decide(people, reasons="zh")
pd.testing.assert_frame_equal(through_mlflow, direct, check_exact=True)
missing = [name for name in ("sklearn", "shap", "optuna", "typer", "matplotlib") if importlib.util.find_spec(name)]
assert not missing, missing
print(json.dumps(direct.to_dict("list"), ensure_ascii=False))
"""


@pytest.fixture(scope="module")
def linked(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the environment from what is installed here: only what the requirements lead to is linked into it."""
    folder = tmp_path_factory.mktemp("linked") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    shelf = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    for found in needed((kept / "requirements.txt").read_text(encoding="utf-8").split()):
        for file in found.files or ():
            there, here = Path(str(found.locate_file(file.parts[0]))), shelf / file.parts[0]
            if file.parts[0] not in ("..", "__pycache__") and not here.exists():
                here.symlink_to(there)
    return python


def needed(requirements: list[str]) -> Iterator[Distribution]:
    """Give every distribution that requirements lead to, without extras."""
    waiting, seen = [Requirement(line) for line in requirements], set()
    while waiting:
        asked = waiting.pop()
        applies = asked.marker is None or asked.marker.evaluate({"extra": ""})
        if applies and canonicalize_name(asked.name) not in seen:
            seen.add(canonicalize_name(asked.name))
            found = distribution(asked.name)
            waiting += [Requirement(line) for line in found.requires or ()]
            yield found


@pytest.fixture(scope="module")
def python(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the environment from the model's own requirements; without a package index there is nothing to try."""
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    first = (kept / "requirements.txt").read_text(encoding="utf-8").split()[-1]
    reached = pip(python, "download", "--no-deps", "--dest", str(folder), first)
    if reached.returncode:
        pytest.skip("no package index can be reached")
    installed = pip(python, "install", "-r", str(kept / "requirements.txt"))
    assert installed.returncode == 0, installed.stderr[-1000:]
    return python


def pip(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def test_it_loads_where_only_what_it_asks_for_is_installed(
    linked: Path, kept: Path, decider: Decider, people: pd.DataFrame, tmp_path: Path
) -> None:
    both_doors_give_the_same_figures(linked, kept, decider, people, tmp_path)


@pytest.mark.slow
def test_it_loads_in_an_environment_fresh_from_an_index(
    python: Path, kept: Path, decider: Decider, people: pd.DataFrame, tmp_path: Path
) -> None:
    both_doors_give_the_same_figures(python, kept, decider, people, tmp_path)


def both_doors_give_the_same_figures(
    python: Path, kept: Path, decider: Decider, people: pd.DataFrame, tmp_path: Path
) -> None:
    people.head(50).to_csv(tmp_path / "people.csv", index=False)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MLFLOW"))}
    done = subprocess.run(
        [python, "-W", "ignore", "-c", BOTH_DOORS, kept, tmp_path / "people.csv"], cwd=tmp_path, check=False,
        capture_output=True, text=True, timeout=300,
        env={**environment, "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    wanted = decider.decide(people.head(50), reasons="zh")
    assert told["p_invite"] == wanted["p_invite"].tolist()
    assert told["quota_cny"] == wanted["quota_cny"].tolist()
    assert told["reasons"] == wanted["reasons"].tolist()
