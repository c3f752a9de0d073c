"""A search through the real command line: its runs, its memory, and what it refuses."""

import json
from pathlib import Path

import pytest
import yaml

from weilidai.tracking.listing import find_run
from weilidai.tracking.settings import TrackingSettings

pytestmark = pytest.mark.slow

SEARCH = """
extends: small.yaml
search: {{name: short, folder: {folder}, trials: 6, warm_up_trials: 2, prune_every: 4}}
"""


@pytest.fixture(scope="module")
def searched(world) -> dict[str, object]:
    (world.folder / "search.yaml").write_text(SEARCH.format(folder=world.folder / "studies"), encoding="utf-8")
    ended = world.run("sweep", "search.yaml", "--json", "--out", "best.yaml")
    told: dict[str, object] = json.loads(ended.out)
    return told


def children(world, run_id: str):
    from mlflow import MlflowClient

    client = MlflowClient(world.store)
    parent = client.get_run(run_id)
    return client.search_runs([parent.info.experiment_id], f"tags.mlflow.parentRunId = '{run_id}'")


def test_every_trial_is_a_run_below_the_search(world, searched) -> None:
    trials = children(world, searched["run_id"])
    assert len(trials) == 6
    assert {run.info.status for run in trials} == {"FINISHED"}
    assert {run.data.tags["trial"] for run in trials} <= {"complete", "pruned"}
    complete = [run for run in trials if run.data.tags["trial"] == "complete"]
    assert all("search.loss" in run.data.metrics for run in complete)
    assert len(complete) == 6 - searched["metrics"]["search.pruned"]


def test_the_first_trial_is_the_defaults(world, searched) -> None:
    first = min(children(world, searched["run_id"]), key=lambda run: run.info.start_time)
    assert float(first.data.params["learning_rate"]) == 0.2
    assert int(first.data.params["min_data_in_leaf"]) == 20


def test_the_defaults_are_judged_on_people_no_trial_has_seen(searched) -> None:
    measured = searched["metrics"]
    assert measured["search.gain"] == pytest.approx(measured["search.best.auc"] - measured["search.default.auc"])
    assert measured["search.gain.low"] <= measured["search.gain"] <= measured["search.gain.high"]
    assert searched["default_is_within"] is bool(measured["search.gain.high"] <= 0.002)


def test_the_best_settings_can_be_read_as_a_settings_file(world, searched) -> None:
    written = yaml.safe_load((world.folder / "best.yaml").read_text(encoding="utf-8"))
    assert written["model"]["invite"] == searched["best"]


@pytest.mark.usefixtures("searched")
def test_a_second_search_goes_on_where_the_first_one_stopped(world) -> None:
    again = world.run("sweep", "search.yaml", "--json", "--set", "search.trials=7")
    told = json.loads(again.out)
    assert "going on after 6 trials" in again.err
    assert told["metrics"]["search.trials"] == 7
    assert len(children(world, told["run_id"])) == 1


@pytest.mark.usefixtures("searched")
def test_a_study_of_other_people_is_not_gone_on_with(world) -> None:
    ended = world.run("sweep", "search.yaml", "--set", "data.seed=77", code=2)
    assert "searched with other people" in ended.err


@pytest.mark.usefixtures("searched")
def test_a_place_that_is_taken_is_refused_before_any_work(world) -> None:
    ended = world.run("sweep", "search.yaml", "--out", "best.yaml", code=6)
    assert "there is a file already" in ended.err


def test_a_trial_left_open_by_a_killed_search_is_closed_and_not_counted(tmp_path: Path) -> None:
    from weilidai.models.settings import InviteSettings
    from weilidai.models.tuning.settings import SearchSettings
    from weilidai.pipeline.search.study import finished, open_study, rows_of

    settings = SearchSettings(name="left", folder=str(tmp_path), trials=3)
    open_study(settings, InviteSettings(), "one").ask()
    again = open_study(settings, InviteSettings(), "one")
    assert finished(again) == 0
    assert [row.state for row in rows_of(again)] == ["fail"]


def test_the_run_of_a_search_says_what_it_found(world, searched) -> None:
    run = find_run(TrackingSettings(uri=world.store), str(searched["run_id"]))
    assert "trials: auc" in run.tags["mlflow.note.content"]
