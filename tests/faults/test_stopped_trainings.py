"""A whole training, killed or out of room on its way: the store stays readable, and the next one ends as if alone."""

import os
import sys
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest

from faults.crash_points import NO_LIMIT, Fault, run_spawned, spread, that_write
from small_training import trained
from weilidai.inference.loading import load_model
from weilidai.tracking.listing import list_runs
from weilidai.tracking.settings import TrackingSettings

STEPS = {"kill": 6, "full": 3}
LATE = 2
"""Part of all that a training writes, from its end: the keeping of the run and its model."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["kill", "full"])
def test_a_training_stopped_anywhere_leaves_a_store_in_which_the_next_one_gives_the_same_figures(
    tmp_path: Path, root: Path, fault: Fault
) -> None:
    wanted = trained(root, tmp_path / "whole")
    counted = run_spawned(partial(trained, root, tmp_path / "counted"), "kill", NO_LIMIT, tmp_path)
    assert counted.code == 0, counted.said
    steps = that_write(counted.operations)
    late = [len(steps) - before for before in spread(len(steps) // LATE, STEPS[fault])]
    for at in (steps[one - 1] for one in (*spread(len(steps) // 2, 2), *late)):  # most of the early ones make the store
        folder = tmp_path / str(at)
        ended = run_spawned(partial(trained, root, folder), fault, at, tmp_path)
        assert ended.is_clean, ended.said
        assert trained(root, folder) == wanted
        tracking = TrackingSettings(uri=f"sqlite:///{folder / 'mlflow.db'}")
        assert load_model("models:/weilidai@champion", tracking_uri=tracking.resolved_uri).columns
        assert {run.status for run in list_runs(tracking)} <= {"FINISHED", "FAILED", "KILLED"}


@pytest.fixture
def imported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start children from a process that has imported everything and not yet grown a tree."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    get_context("forkserver").set_forkserver_preload(["faults.imported"])


WHOLE_AGAIN = 40
"""Steps after which a training that is not stopped is run to its end."""


@pytest.mark.weekly
@pytest.mark.usefixtures("imported_once")
@pytest.mark.parametrize("fault", ["kill", "full"])
def test_a_training_stopped_at_every_single_step_leaves_the_store_as_it_was_or_one_run_richer(
    tmp_path: Path, root: Path, fault: Fault
) -> None:
    folder = tmp_path / "store"
    wanted, job = trained(root, folder), partial(trained, root, folder)
    tracking = TrackingSettings(uri=f"sqlite:///{folder / 'mlflow.db'}")
    ended_well = 1
    for at in count(1):
        ended = run_spawned(job, fault, at, tmp_path, "forkserver")
        assert ended.is_clean, f"step {at}: {ended.said}"
        assert load_model("models:/weilidai@champion", tracking_uri=tracking.resolved_uri).columns
        ended_well += ended.code == 0
        is_over = len(ended.operations) < at
        if is_over or at % WHOLE_AGAIN == 0:
            assert trained(root, folder) == wanted, at
            ended_well += 1
        states = [run.status for run in list_runs(tracking, 2 * at)]
        assert set(states) <= {"FINISHED", "FAILED", "KILLED", "RUNNING"}
        assert states.count("RUNNING") <= (ended.code < 0)  # the one just killed, until the next one looks
        assert states.count("FINISHED") >= ended_well
        if is_over:
            break
    assert at > WHOLE_AGAIN
