"""A whole training, killed or out of room on its way: the store stays readable, and the next one ends as if alone."""

from functools import partial
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
