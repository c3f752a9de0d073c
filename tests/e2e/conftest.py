"""One small training through the real command line, shared by every test of what comes after it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from weilidai.cli import main

WEILIDAI = (sys.executable, "-c", "from weilidai.cli import main; main()")
SMALL = """
extends: {root}/configs/train.yaml
data: {{rows: 6000, limits: {{minimum_class_rows: 10}}}}
model:
  invite: {{num_iterations: 60, learning_rate: 0.2, min_data_in_leaf: 20}}
  quota: {{num_iterations: 40, learning_rate: 0.2, min_data_in_leaf: 10, spread_iterations: 10}}
  rate: {{num_iterations: 40, learning_rate: 0.2, min_data_in_leaf: 10}}
evaluation:
  replicates: 10
  gates:
    near_the_ceiling: {{at_least: 0.5}}
    near_the_ceiling_among_the_eligible: {{at_least: 0.3}}
    grant_near_the_ceiling: {{at_least: 0.2}}
    weights_come_back: {{at_most: 0.5}}
    main_reason_right: {{at_least: 0.2}}
    better_than_a_scorecard: {{at_least: -0.5}}
    calibrated: {{at_most: 0.2}}
    honest_interval: {{at_least: 0.3, at_most: 1}}
    unbiased_grant: {{at_least: -0.6, at_most: 0.6}}
"""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class World:
    """A folder with a store, people and a trained model in it."""

    folder: Path
    shown: str
    """What the training showed."""

    @property
    def store(self) -> str:
        return f"sqlite:///{self.folder / 'mlflow.db'}"

    @property
    def metrics(self) -> Mapping[str, float]:
        from weilidai.tracking.listing import find_run
        from weilidai.tracking.settings import TrackingSettings

        return find_run(TrackingSettings(uri=self.store), "small, 6,000 people, seed 20210").metrics

    def run(self, *words: object, code: int = 0) -> Ended:
        """Run a command in this process, which has imported everything already."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("MLFLOW_TRACKING_URI", self.store)
            patch.chdir(self.folder)
            before = signal.getsignal(signal.SIGTERM)
            with pytest.raises(SystemExit) as left:
                main([str(word) for word in words])
            signal.signal(signal.SIGTERM, before)
        ended = Ended(int(left.value.code or 0), out.getvalue(), err.getvalue())
        assert ended.code == code, ended.err
        return ended


def run_outside(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a user's shell does, with every warning an error."""
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}", "PYTHONWARNINGS": "error"}
    arguments = [*WEILIDAI, *map(str, words)]
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, root: Path) -> World:
    folder = tmp_path_factory.mktemp("world")
    (folder / "small.yaml").write_text(SMALL.format(root=root), encoding="utf-8")
    made = run_outside(folder, "generate", "--rows", 400, "--seed", 77, "--out", "people")
    assert made.returncode == 0, made.stderr
    trained = run_outside(folder, "train", "small.yaml", "--export", "exported")
    assert trained.returncode == 0, trained.stderr
    return World(folder, trained.stdout)
