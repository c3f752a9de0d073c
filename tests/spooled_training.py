"""A small training of one thing of each kind, and what a store should have of it, for the tests of spooled runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from weilidai.errors import StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import Packaging
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import PARENT, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store

AUC = "test.invite_eligible.auc"
Kept = tuple[Path, Packaging]


def gates(metrics: Mapping[str, float]) -> list[GateResult]:
    return [GateResult("ranking", AUC, metrics[AUC], passed=metrics[AUC] > 0.7, why="told")]


def judge(_bundle: Path, metrics: Mapping[str, float], _tags: Mapping[str, str]) -> tuple[list[GateResult], Origin]:
    return gates(metrics), Origin()


def train(settings: TrackingSettings, model: Kept, auc: float = 0.8) -> None:
    """Write one thing of each kind."""
    with training_run(settings, "a training", {"regime": "optimisation"}) as run:
        run.log_params({"data": {"rows": 3000}})
        run.log_metrics({AUC: auc, "test.invite.auc": 0.9})
        run.note("what came out")
        log_dataset(run, pd.DataFrame({"a": [1, 2]}), "people", "test", {"seed": "1"})
        run.log_text("a report", "report/page.txt")
        with run.child("a part", {"kind": "part"}) as part:
            part.log_metrics({"loss": 0.5})
        hand_in(run, *model, gates({AUC: auc}))


def trained(settings: TrackingSettings, model: Kept) -> StoreError | None:
    """Train, and give what was said when the store did not take everything."""
    try:
        train(settings, model)
    except StoreError as refused:
        return refused
    return None


def state(settings: TrackingSettings) -> dict[str, Any]:
    """Tell what a store has of the training and of its model, and how often."""
    client = open_store(settings, create=False).client
    experiment = client.get_experiment_by_name(settings.experiment)
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    run, part = runs["a training"], runs["a part"]
    versions = client.search_model_versions(f"name = '{settings.registered_model}'")
    kept = [one for one in client.search_logged_models([experiment.experiment_id]) if str(one.status) == "READY"]
    return {
        "runs": len(client.search_runs([experiment.experiment_id])),
        "status": (run.info.status, part.info.status),
        "params": run.data.params,
        "metrics": (run.data.metrics, part.data.metrics),
        "history": len(client.get_metric_history(run.info.run_id, AUC)),
        "note": run.data.tags["mlflow.note.content"],
        "tables": [one.dataset.name for one in run.inputs.dataset_inputs],
        "files": [file.path for file in client.list_artifacts(run.info.run_id, "report")],
        "is_below": part.data.tags[PARENT] == run.info.run_id,
        "models": [(one.source_run_id == run.info.run_id, {m.key: m.value for m in one.metrics}) for one in kept],
        "versions": [(one.run_id == run.info.run_id, one.source == f"models:/{kept[0].model_id}") for one in versions],
        "champion": client.get_registered_model(settings.registered_model).aliases,
    }


def wanted() -> dict[str, Any]:
    metrics = {AUC: 0.8, "test.invite.auc": 0.9}
    return {
        "runs": 2, "status": ("FINISHED", "FINISHED"), "params": {"data.rows": "3000"},
        "metrics": (metrics, {"loss": 0.5}), "history": 1, "note": "what came out", "tables": ["people"],
        "files": ["report/page.txt"], "is_below": True, "models": [(True, metrics)], "versions": [(True, True)],
        "champion": {"champion": "1"},
    }  # fmt: skip
