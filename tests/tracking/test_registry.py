import os
from collections.abc import Callable
from pathlib import Path

import mlflow
import pandas as pd
import pytest

from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import Packaging
from weilidai.tracking.champion import Registered, standing
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.listing import champion_version
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.registry import COMMITTED, register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

OPEN = GateResult("auc", "test.invite.auc", 0.8, passed=True, why="0.8, wanted at least 0.7")
CLOSED = GateResult("auc", "test.invite.auc", 0.6, passed=False, why="0.6, wanted at least 0.7")
METRIC = TrackingSettings().champion_metric
Train = Callable[..., Registered]


@pytest.fixture
def own(settings: TrackingSettings, request: pytest.FixtureRequest) -> TrackingSettings:
    """Give each test a registered model of its own in the shared store."""
    return settings.model_copy(update={"registered_model": request.node.name[:80]})


@pytest.fixture
def train(own: TrackingSettings, bundle_folder: Path, packed: Packaging) -> Train:
    def train(
        metric: float | None,
        gate: GateResult = OPEN,
        people: int = 1,
        simulator: str = "a",
        origin: Origin = COMMITTED,
        **changes: object,
    ) -> Registered:
        with training_run(own.model_copy(update=changes), "a training") as run:
            run.set_tags({"regime": "optimisation", "facts_digest": "f", "parameters_digest": simulator})
            log_dataset(run, pd.DataFrame({"person_id": [people]}), "people", "test", {"seed": people})
            run.log_metrics({METRIC: metric} if metric is not None else {"other": 1.0})
            return register(run, keep_model(run, bundle_folder, packed), [gate], origin)

    return train


def test_the_first_model_that_passes_is_champion(train: Train, own: TrackingSettings) -> None:
    first = train(0.8)
    assert (first.alias, first.version) == ("champion", "1")
    assert champion_version(own) == "1"


def test_a_model_whose_gates_failed_is_challenger_even_when_it_is_the_first(
    train: Train, own: TrackingSettings
) -> None:
    first = train(0.99, CLOSED)
    assert (first.alias, first.why) == ("challenger", "gates failed: auc")
    assert champion_version(own) is None


def test_a_model_of_untested_libraries_is_challenger_even_when_it_is_the_first(
    train: Train, own: TrackingSettings
) -> None:
    off = Origin(bar="libraries here are outside the tested range: numpy, 9")
    first = train(0.99, origin=off)
    assert (first.alias, champion_version(own)) == ("challenger", None)
    assert first.why == f"{off.bar}; run 'make setup' and train again"
    assert train(0.9, simulator="b").alias == "champion"
    assert train(0.99, simulator="c", origin=off).alias == "challenger"
    assert champion_version(own) == "2"


def test_a_better_model_takes_over_and_a_worse_or_equal_one_does_not(train: Train, own: TrackingSettings) -> None:
    assert train(0.80).alias == "champion"
    assert train(0.79).alias == "challenger"
    assert train(0.80).alias == "challenger"
    assert train(0.81, champion_margin=0.02).alias == "challenger"
    better = train(0.81)
    assert (better.alias, champion_version(own)) == ("champion", "5")
    assert "0.81, the champion's (version 1) is 0.8" in better.why


def test_a_metric_that_improves_downwards_is_compared_so(train: Train) -> None:
    assert train(0.4).alias == "champion"
    assert train(0.3, champion_metric_is="lower_better").alias == "champion"


def test_models_that_cannot_be_compared_leave_the_champion_in_place(train: Train, own: TrackingSettings) -> None:
    train(0.8)
    second = train(None)
    assert (second.alias, champion_version(own)) == ("challenger", "1")
    assert "was not measured" in second.why


def test_a_figure_of_other_people_moves_nothing(train: Train, own: TrackingSettings) -> None:
    train(0.8)
    lucky = train(0.9, people=2)
    assert (lucky.alias, champion_version(own)) == ("challenger", "1")
    assert "measured on other people" in lucky.why


def test_a_model_of_the_present_simulator_replaces_one_of_another(train: Train, own: TrackingSettings) -> None:
    train(0.8)
    renewed = train(0.7, people=2, simulator="b")
    assert (renewed.alias, champion_version(own)) == ("champion", "2")
    assert "learnt from another simulator" in renewed.why
    assert train(0.6, CLOSED, people=3, simulator="c").alias == "challenger"


def test_whatever_a_training_does_to_the_champion_is_in_the_log(train: Train, own: TrackingSettings) -> None:
    train(0.8)
    train(0.7)
    train(0.9)
    assert [(e.action, e.before, e.after) for e in standing(own).log] == [("trained", None, "1"), ("trained", "1", "3")]
    last = standing(own).log[-1]
    assert last.gates == {"auc": {"passed": True, "metric": "test.invite.auc", "value": 0.8}}
    assert len(last.digest or "") == 64
    assert standing(own).challenger == "2"


def test_registering_leaves_the_stores_of_the_process_alone(train: Train, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////nowhere/else.db")
    train(0.8)
    assert os.environ["MLFLOW_TRACKING_URI"] == "sqlite:////nowhere/else.db"
    assert mlflow.get_tracking_uri() == "sqlite:////nowhere/else.db"
