"""Trees grown by two real workers: one model, that ranks as the one grown in one process does."""

import os
import signal
from collections.abc import Iterator
from threading import Timer
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np
import pytest
from lightgbm.callback import EarlyStopException
from sklearn.metrics import roc_auc_score

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.boosting_on_workers import LOSSES, GrowOnWorkers, StopTogether
from weilidai.models.features import Features
from weilidai.models.settings import TreeSettings

if TYPE_CHECKING:
    from distributed import Client

PEOPLE = 12_000
FEATURES = Features(tuple(f"column_{n}" for n in range(6)), (1, -1, 0, 0, 0, 0), {})
SETTINGS = TreeSettings(num_iterations=400, early_stopping_round=20, min_data_in_leaf=30)


@pytest.fixture(scope="module")
def client() -> "Iterator[Client]":
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1",
                      dashboard_address="127.0.0.1:0", silence_logs=50) as cluster, Client(cluster) as client:
        yield client


def drawn(seed: int, people: int = PEOPLE) -> Labelled:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(people, len(FEATURES.names))).astype(np.float32)
    chance = 1 / (1 + np.exp(-1.5 * matrix[:, 0] + matrix[:, 1] - 0.5 * matrix[:, 2] * matrix[:, 3]))
    return Labelled(matrix, (random.random(people) < chance).astype(np.float64))


TRAIN, VALID, UNSEEN = drawn(1), drawn(2, 4_000), drawn(3)


@pytest.mark.slow
def test_two_workers_rank_people_as_one_process_does(client: "Client") -> None:
    here = boosting.grow("binary", TRAIN, VALID, FEATURES, SETTINGS)
    there = GrowOnWorkers(client)("binary", TRAIN, VALID, FEATURES, SETTINGS)
    scores = [boosting.score(booster, UNSEEN.features) for booster in (here, there)]
    ranks = [roc_auc_score(UNSEEN.label, score) for score in scores]
    assert abs(ranks[0] - ranks[1]) < 0.003
    same = np.mean((scores[0] > 0) == (scores[1] > 0))
    assert same > 0.97
    assert abs(here.num_trees() - there.num_trees()) < 0.5 * here.num_trees()


@pytest.mark.slow
def test_directions_hold_on_workers(client: "Client") -> None:
    booster = GrowOnWorkers(client)("binary", TRAIN, VALID, FEATURES, SETTINGS)
    for column, direction in ((0, 1), (1, -1)):
        more = UNSEEN.features.copy()
        more[:, column] += 0.5
        moved = boosting.score(booster, more) - boosting.score(booster, UNSEEN.features)
        assert (direction * moved >= 0).all()
        assert (direction * moved > 0).any()


@pytest.mark.slow
def test_growing_goes_on_without_a_worker_that_is_killed(client: "Client") -> None:
    whole = GrowOnWorkers(client)("binary", TRAIN, VALID, FEATURES, SETTINGS)
    victim = next(iter(client.run(os.getpid).values()))
    told: list[int] = []

    def kill_once(trees: int, _planned: int, _loss: float) -> None:
        if not told:
            os.kill(victim, signal.SIGKILL)
        told.append(trees)

    endless = SETTINGS.model_copy(update={"num_iterations": 3_000, "early_stopping_round": 3_000})
    fallback = Timer(300, os._exit, (1,))  # a training that waits forever must fail loudly
    fallback.start()
    booster = GrowOnWorkers(client)("binary", TRAIN, VALID, FEATURES, endless, kill_once)
    fallback.cancel()
    assert told
    ranks = [roc_auc_score(UNSEEN.label, boosting.score(one, UNSEEN.features)) for one in (whole, booster)]
    assert abs(ranks[0] - ranks[1]) < 0.003
    assert len(client.nthreads()) >= 1


def test_few_people_are_grown_on_in_this_process() -> None:
    few = Labelled(TRAIN.features[:900], TRAIN.label[:900])
    alone: Any = SimpleNamespace(nthreads=lambda: {"one": 1, "other": 1})
    found = GrowOnWorkers(alone)("binary", few, VALID, FEATURES, SETTINGS)
    assert found.model_to_string() == boosting.grow("binary", few, VALID, FEATURES, SETTINGS).model_to_string()


@pytest.mark.parametrize("objective", ["binary", "regression", "huber"])
def test_all_workers_stop_at_the_tree_at_which_lightgbm_would(
    objective: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weilidai.models.boosting_on_workers._tell", lambda *_: None)
    expected = boosting.grow(objective, TRAIN, VALID, FEATURES, SETTINGS)
    learnt = lightgbm.Dataset(TRAIN.features, TRAIN.label, params={"max_bin": 255, "verbosity": -1},
                              feature_name=list(FEATURES.names))  # fmt: skip
    together = StopTogether(objective, VALID.features, VALID.label, SETTINGS.early_stopping_round)
    given = boosting.parameters_of(objective, FEATURES, SETTINGS)
    booster = lightgbm.train(given, learnt, SETTINGS.num_iterations, callbacks=[together])
    assert booster.best_iteration == expected.num_trees()


def test_where_nothing_stops_the_growing_the_best_tree_is_the_last_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weilidai.models.boosting_on_workers._tell", lambda *_: None)
    together = StopTogether("regression", VALID.features[:2], np.array([0.0, 0.0]), 50)
    steps: Any = iter([3.0, -2.5, 0.5])
    model = SimpleNamespace(predict=lambda _matrix, **_: np.full(2, next(steps)))
    envs: list[Any] = [SimpleNamespace(model=model, iteration=n, end_iteration=3) for n in range(3)]
    together(envs[0])
    together(envs[1])
    with pytest.raises(EarlyStopException) as caught:
        together(envs[2])
    assert caught.value.best_iteration == 1


def test_a_loss_is_what_it_says() -> None:
    score, label = np.array([0.0, 2.0]), np.array([1.0, 0.0])
    assert LOSSES["binary"](score, label) == pytest.approx((np.log(2) + np.log1p(np.exp(2))) / 2)
    assert LOSSES["regression"](score, label) == pytest.approx(2.5)
    assert LOSSES["huber"](score, label) == pytest.approx((0.9 * 0.55 + 0.9 * 1.55) / 2)
