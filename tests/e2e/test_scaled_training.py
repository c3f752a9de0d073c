"""A whole training whose trees grow on two workers, beside the same one in one process; and one that is stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from sklearn.metrics import roc_auc_score

import weilidai
from weilidai.config import load_settings
from weilidai.pipeline.generating import generate_frames
from weilidai.pipeline.training import TrainResult, train
from weilidai.progress import Silent

FEW = ("data.rows=30000", "data.allow_stale_parameters=true", "evaluation.replicates=0", "evaluation.recourse_people=0",
       "model.challengers=[documented_rules]", "model.quota.interval_folds=0")  # fmt: skip
AUC_WITHIN = 0.003
SAME_DECISIONS = 0.95
START = "import sys; from weilidai.cli import main; main(sys.argv[1:])"


def trained(folder: Path, *sets: str) -> TrainResult:
    store = f"tracking.uri=sqlite:///{folder}/store.db"
    return train(load_settings(None, [*FEW, store, *sets]), Silent(), folder / "bundle")


@pytest.mark.slow
def test_a_model_that_two_workers_grew_decides_as_one_of_one_process_does(tmp_path: Path) -> None:
    for name, sets in (("alone", ()), ("together", ("scale.engine=dask",))):
        (tmp_path / name).mkdir()
        trained(tmp_path / name, *sets)
    people, _, _ = generate_frames(20_000, 77, "optimisation", Silent())
    models = [weilidai.load_model(tmp_path / name / "bundle") for name in ("alone", "together")]
    decided = [model.decide(people) for model in models]
    eligible = people["is_eligible"].to_numpy(dtype=bool)
    label = people["is_invited"].to_numpy(dtype=bool)
    for who, within in ((np.ones_like(eligible), AUC_WITHIN), (eligible, 3 * AUC_WITHIN)):
        ranks = [roc_auc_score(label[who], one["p_invite"].to_numpy()[who]) for one in decided]
        assert abs(ranks[0] - ranks[1]) < within
    same = (decided[0]["is_invited"] == decided[1]["is_invited"]).mean()
    assert same > SAME_DECISIONS
    quotas = [one["quota_cny"].to_numpy(dtype=float)[eligible] for one in decided]
    assert np.median(np.abs(quotas[0] / quotas[1] - 1)) < 0.1


@pytest.mark.slow
def test_ctrl_c_ends_the_workers_and_leaves_nothing(tmp_path: Path, root: Path) -> None:
    command = [sys.executable, "-c", START, "generate", "--rows", "50000000", "--seed", "1", "--out",
               str(tmp_path / "out"), "--scale", str(root / "configs" / "scale" / "dask.yaml")]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        below: list[psutil.Process] = []
        given_up = time.monotonic() + 90
        while not list(tmp_path.glob(".out.*/.part-*")) and time.monotonic() < given_up:
            time.sleep(0.2)
        below = psutil.Process(process.pid).children(recursive=True)
        assert len(below) >= 2
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
        _, said = process.communicate(timeout=90)
    assert process.returncode == 130
    assert "stopped by Ctrl-C" in said
    assert "Traceback" not in said
    psutil.wait_procs(below, timeout=20)
    assert [one for one in below if one.is_running()] == []
    assert list(tmp_path.iterdir()) == []
