"""Trainings that end otherwise, and trainings compared; each of these trains once more."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow


def test_a_failed_gate_ends_with_7_after_everything_is_kept(world) -> None:
    too_much = "evaluation.gates.near_the_ceiling.at_least=1.5"
    ended = world.run("train", "small.yaml", "--set", too_much, "--json", code=7)
    told = json.loads(ended.out)
    assert told["alias"] == "challenger"
    assert told["gates"]["near_the_ceiling"] is False
    assert "near_the_ceiling: share_of_ceiling.invite.auc is" in ended.err
    world.run("predict", "--model", told["model"], "--input", "people", "--out", "by_challenger.parquet")


def test_the_same_settings_give_the_same_figures_and_another_seed_does_not(world) -> None:
    again = json.loads(world.run("train", "small.yaml", "--json").out)
    assert again["metrics"] == dict(world.metrics)
    assert again["alias"] == "challenger"
    other = json.loads(world.run("train", "small.yaml", "--set", "data.seed=4", "--json").out)
    assert other["metrics"] != again["metrics"]
    differences = json.loads(world.run("compare", again["run_id"], other["run_id"][:8], "--json").out)
    assert [one["name"] for one in differences if one["kind"] == "param"] == ["data.seed"]


def test_a_terminated_training_leaves_143_and_says_so_in_its_run(world) -> None:
    from weilidai.tracking.listing import find_run
    from weilidai.tracking.settings import TrackingSettings

    environment = {**os.environ, "MLFLOW_TRACKING_URI": world.store}
    words = ["train", "small.yaml", "--set", "data.rows=60000", "--set", "data.seed=5"]
    arguments = [sys.executable, "-c", "from weilidai.cli import main; main()", *words]
    with subprocess.Popen(arguments, cwd=world.folder, env=environment, stderr=subprocess.PIPE, text=True) as training:
        assert training.stderr is not None
        while "making people" not in training.stderr.readline():
            time.sleep(0.01)
        training.send_signal(signal.SIGTERM)
        training.communicate(timeout=60)
    assert training.returncode == 128 + signal.SIGTERM
    run = find_run(TrackingSettings(uri=world.store), "small, 60,000 people, seed 5")
    assert run.status == "KILLED"
