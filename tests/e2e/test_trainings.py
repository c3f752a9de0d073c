"""Trainings that end otherwise, and trainings compared; each of these trains once more."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow

DEEPER = """
extends: small.yaml
model: {invite: {num_leaves: 8, max_depth: 3, rebalance: false}}
"""


def test_a_failed_gate_ends_with_7_after_everything_is_kept(world) -> None:
    too_much = "evaluation.gates.near_the_ceiling.at_least=1.5"
    ended = world.run("train", "small.yaml", "--set", too_much, "--json", code=7)
    told = json.loads(ended.out)
    assert told["alias"] == "challenger"
    assert told["gates"]["near_the_ceiling"] is False
    assert "near_the_ceiling: share_of_ceiling.invite.auc is" in ended.err
    world.run("predict", "--model", told["model"], "--input", "people", "--out", "by_challenger.parquet")
    report = next((world.folder / "mlartifacts").rglob(f"{told['run_id']}/artifacts/report.html"))
    assert "near_the_ceiling" in report.read_text(encoding="utf-8")
    refused = world.run("promote", told["model"], code=7)
    assert "when it was trained, gates failed: near_the_ceiling" in refused.err


def test_the_same_settings_give_the_same_figures_and_another_seed_does_not(world) -> None:
    repeated = world.run("train", "small.yaml", "--json")
    again = json.loads(repeated.out)
    assert again["metrics"] == dict(world.metrics)
    assert "reused, learnt before from the same people with the same settings: invite, quota, rate" in repeated.err
    fresh = world.run("train", "small.yaml", "--fresh", "--json")
    assert "reused" not in fresh.err
    assert json.loads(fresh.out)["metrics"] == again["metrics"]
    assert again["alias"] == "challenger"
    other = json.loads(world.run("train", "small.yaml", "--set", "data.seed=4", "--json").out)
    assert other["metrics"] != again["metrics"]
    differences = json.loads(world.run("compare", again["run_id"], other["run_id"][:8], "--json").out)
    assert [one["name"] for one in differences if one["kind"] == "param"] == ["data.seed"]
    assert {"stages.reused", "stages.learnt"} <= {one["name"] for one in differences if one["kind"] == "tag"}


def test_experiments_do_not_train_twice_and_are_compared_on_the_same_people(world) -> None:
    (world.folder / "deeper.yaml").write_text(DEEPER, encoding="utf-8")
    first = json.loads(world.run("experiments", "deeper.yaml", "--json").out)
    both = world.run("experiments", "small.yaml", "deeper.yaml", "--json", "--html", "experiments.html")
    told = json.loads(both.out)
    assert [one["outcome"] for one in told] == ["there already", "there already"]
    assert told[1]["run_id"] == first[0]["run_id"]
    assert "there already, with the same settings, facts and parameters" in both.err
    compared = world.run("compare", *(one["run_id"] for one in told)).out
    assert "model.invite.num_leaves" in compared
    assert "on the same people" in " ".join(compared.split())
    page = (world.folder / "experiments.html").read_text(encoding="utf-8")
    assert page.count("<polyline") == 2
    assert "test.invite_eligible.auc" in page


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
