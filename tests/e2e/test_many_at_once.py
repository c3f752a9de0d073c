"""Eight trainings at once on one new store: all finish, none is lost."""

import os
import subprocess
from collections import Counter

import pytest

from small_training import write_settings
from weilidai.tracking.champion import standing
from weilidai.tracking.listing import list_runs
from weilidai.tracking.promotion_log import reigns
from weilidai.tracking.settings import TrackingSettings

AT_ONCE = 8


@pytest.mark.slow
def test_eight_trainings_at_once_all_finish_and_none_is_lost(tmp_path, root) -> None:
    write_settings(root, tmp_path)
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"
    environment = {**os.environ, "MLFLOW_TRACKING_URI": store, "OMP_NUM_THREADS": "1"}
    command = [os.sys.executable, "-c", "from weilidai.cli import main; main()", "train", "tiny.yaml", "--set"]
    started = [
        subprocess.Popen([*command, f"data.seed={seed}"], cwd=tmp_path, env=environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for seed in range(AT_ONCE)
    ]  # fmt: skip
    told = [process.communicate(timeout=570) for process in started]
    assert [process.returncode for process in started] == [0] * AT_ONCE, [errors[-600:] for _, errors in told]
    tracking = TrackingSettings(uri=store)
    runs = list_runs(tracking)
    assert Counter(run.status for run in runs) == {"FINISHED": AT_ONCE}
    assert {run.params["data.seed"] for run in runs} == {str(seed) for seed in range(AT_ONCE)}
    assert all(run.metrics["test.invite.auc"] > 0.5 for run in runs)
    _one_experiment_and_eight_versions(store)
    found = standing(tracking)
    assert found.champion is not None
    assert [entry.before for entry in found.log[1:]] == [entry.after for entry in found.log[:-1]]
    assert reigns(found.log)[-1].version == found.champion


def _one_experiment_and_eight_versions(store: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(store)
    assert [one.name for one in client.search_experiments() if one.name != "Default"] == ["weilidai"]
    versions = client.search_model_versions("name = 'weilidai'")
    assert sorted(int(one.version) for one in versions) == list(range(1, AT_ONCE + 1))
    assert len({one.run_id for one in versions}) == AT_ONCE
