"""One store with three versions of a small model, and whatever else a job begins from."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copy2

import pytest

from small_bundle import build_bundle
from weilidai.evaluation.gates import GateResult
from weilidai.evaluation.settings import EvaluationSettings, Gate
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.pipeline.promoting import promote
from weilidai.progress import Silent
from weilidai.stores import prepare_mlflow
from weilidai.tracking.champion import Registered
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

AUC = "test.invite_eligible.auc"
GATES = EvaluationSettings(gates={"ranking": Gate(metric=AUC, at_least=0.7, why="it must rank")})


LOWER_BAR = 0.8
"""Share of the champion's threshold that the challenger asks for."""


def keep(tracking: TrackingSettings, folder: Path, auc: float, bar: float = 1.0) -> Registered:
    """Do what a training does once its models are grown: save, keep, register."""
    bundle, people = build_bundle()
    invite = replace(bundle.invite, threshold=bar * bundle.invite.threshold)
    sealed = replace(bundle, invite=invite, birth_certificate={"metrics": {AUC: auc}, "versions": {}})
    with training_run(tracking, "a training") as run:
        run.log_metrics({AUC: auc})
        run.log_text("what was found", "report.txt")
        save_bundle(sealed, folder, people)
        kept = keep_model(run, folder, packaging(sealed, people))
        return register(run, kept, [GateResult("ranking", AUC, auc, passed=True, why="told")])


@pytest.fixture(scope="session")
def first_store(tmp_path_factory: pytest.TempPathFactory) -> TrackingSettings:
    """Give a store of versions 1, 2 and 3, of which 2 is champion and 1 was."""
    prepare_mlflow()
    folder = tmp_path_factory.mktemp("first_store")
    tracking = TrackingSettings(uri=f"sqlite:///{folder / 'mlflow.db'}")
    for number, (auc, bar) in enumerate(((0.8, 1.0), (0.9, 1.0), (0.75, LOWER_BAR))):
        keep(tracking, folder / str(number) / "bundle", auc, bar)
    promote(tracking, GATES, "2", Silent())
    return tracking


@pytest.fixture
def another_store(first_store: TrackingSettings, tmp_path: Path) -> Callable[[str], TrackingSettings]:
    """Copy the store under a new name; the models it speaks of stay where they are."""

    def copied(name: str) -> TrackingSettings:
        (tmp_path / name).mkdir()
        file = tmp_path / name / "mlflow.db"
        copy2(first_store.resolved_uri.removeprefix("sqlite:///"), file)
        return TrackingSettings(uri=f"sqlite:///{file}")

    return copied
