"""Growing LightGBM trees on the workers of a Dask cluster, through ``lightgbm.dask``.

Every worker holds a part of the people and all agree on each question from the sums of their histograms
(``tree_learner: data``), so the trees are one model, with the same directions held. What differs from growing in one
process: each column's steps are cut by what one worker sees of it, people are drawn for a tree on each worker by
itself, and sums are added up in another order. The trees are therefore others, and rank alike.

``lightgbm.dask`` knows no early stopping, since workers that each watch their own part would stop at different trees
and wait for each other forever. Here every worker watches all validation people, and so stops at the same tree.
"""

import os
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import ResourceError
from weilidai.models import boosting
from weilidai.models.boosting import FloatArray, Labelled, Objective, OnIteration
from weilidai.models.features import Features, Matrix
from weilidai.models.settings import TreeSettings

if TYPE_CHECKING:
    import lightgbm
    from distributed import Client
    from lightgbm.callback import CallbackEnv

LEAST_PEOPLE: Final = 500
"""People that a worker takes part from; fewer are grown on by fewer workers, or in this process."""
ATTEMPTS: Final = 3
LOOK_SECONDS: Final = 0.5
TOPIC: Final = "weilidai-trees"
_TELL_EVERY: Final = 10
_SAME_TO: Final = ".9g"
"""Digits of a loss: workers of different processors must not disagree over the last one."""
_HUBER_FROM: Final = 0.9
"""LightGBM's own ``alpha``: misses beyond it count by their size and no longer by their square."""


class _WorkerLostError(Exception):
    """A worker went away while trees were grown; LightGBM's others would wait for it forever."""


@dataclass(frozen=True)
class GrowOnWorkers:
    """Grows trees as :func:`weilidai.models.boosting.grow` does, on all workers of a cluster.

    Parameters
    ----------
    client
        The cluster; it is restarted when a worker is lost, and should have no other work meanwhile.
    """

    client: "Client"

    def __call__(
        self, objective: Objective, train: Labelled, valid: Labelled, features: Features, settings: TreeSettings,
        on_iteration: OnIteration | None = None,
    ) -> "lightgbm.Booster":
        """Grow trees until the validation people stop gaining, and keep those up to the best one.

        Raises
        ------
        ResourceError
            Workers were lost in every attempt.
        """
        for _ in range(ATTEMPTS):
            workers = sorted(self.client.nthreads())
            parts = min(len(workers), len(train.label) // LEAST_PEOPLE)
            if parts < 2:  # noqa: PLR2004  # nobody to share with
                return boosting.grow(objective, train, valid, features, settings, on_iteration)
            growth = _Growth(self.client, workers[:parts], objective, train, valid, features, settings)
            try:
                return growth.grown(on_iteration)
            except _WorkerLostError:
                self.client.restart(wait_for_workers=False)
                self.client.wait_for_workers(1)
        raise ResourceError(f"a worker was lost in each of {ATTEMPTS} attempts to grow the trees", where="scale",
                            cure="give workers more memory: scale.memory_per_worker_gib")


@dataclass(frozen=True)
class _Growth:
    """One attempt on the workers that are there now."""

    client: "Client"
    workers: list[str]
    objective: Objective
    train: Labelled
    valid: Labelled
    features: Features
    settings: TreeSettings

    def grown(self, on_iteration: OnIteration | None) -> "lightgbm.Booster":
        self.client.run(_be_quiet)
        ended: dict[str, Any] = {}
        told: list[tuple[int, float]] = []
        self.client.subscribe_topic(TOPIC, lambda event: told.append(event[1]))
        work = Thread(target=self._fit, args=(ended,), daemon=True)  # an interruption must not wait for it
        work.start()
        try:
            while work.is_alive():
                work.join(LOOK_SECONDS)
                self._look(on_iteration, told)
        finally:
            self.client.unsubscribe_topic(TOPIC)
        if "error" in ended:
            self._require_all()
            raise ended["error"]
        return boosting.read_booster(ended["text"], self.features)

    def _look(self, on_iteration: OnIteration | None, told: list[tuple[int, float]]) -> None:
        self._require_all()
        if on_iteration is not None and told:
            trees, loss = told[-1]
            on_iteration(trees, self.settings.num_iterations, loss)

    def _require_all(self) -> None:
        if not set(self.workers) <= set(self.client.scheduler_info(n_workers=-1)["workers"]):
            raise _WorkerLostError

    def _fit(self, ended: dict[str, Any]) -> None:
        try:
            ended["text"] = self._text()
        except BaseException as error:  # noqa: BLE001  # told to the thread that waits
            ended["error"] = error

    def _text(self) -> str:
        from lightgbm.dask import DaskLGBMRegressor

        known = boosting.parameters_of(self.objective, self.features, self.settings)
        given = {name: value for name, value in known.items() if name not in ("num_threads", "metric")}
        model = DaskLGBMRegressor(
            client=self.client, n_estimators=self.settings.num_iterations, tree_learner="data", **given
        )
        watch = StopTogether(
            self.objective, self.valid.features, self.valid.label, self.settings.early_stopping_round
        )
        matrix, label = self._spread(self.train.features), self._spread(self.train.label)
        with warnings.catch_warnings(), redirect_stdout(StringIO()):  # it prints which ports it found
            warnings.filterwarnings("ignore", message="Parameter .* will be ignored", category=UserWarning)
            model.fit(
                matrix, label, callbacks=[watch], feature_name=list(self.features.names),
                categorical_feature=self.features.categorical_indices,
            )
        booster = model.booster_
        return str(booster.model_to_string(num_iteration=booster.best_iteration))

    def _spread(self, rows: npt.NDArray[Any]) -> Any:  # noqa: ANN401  # a Dask array, which has no types
        """Deal people to the workers in turn; each keeps its part."""
        import dask.array as da
        from dask import delayed

        parts = []
        for number, worker in enumerate(self.workers):
            part = np.ascontiguousarray(rows[number :: len(self.workers)])
            held = self.client.scatter(part, workers=[worker], hash=False)
            parts.append(da.from_delayed(delayed(held), shape=part.shape, dtype=part.dtype))
        return da.concatenate(parts)


class StopTogether:
    """Tells a worker to stop when the validation people, whom every worker has in full, gain no more.

    Parameters
    ----------
    objective
        What is learnt; says what the loss is.
    matrix, label
        The validation people.
    rounds
        Trees without progress after which growing stops.
    """

    order = 30
    before_iteration = False

    def __init__(self, objective: Objective, matrix: Matrix, label: FloatArray, rounds: int) -> None:
        self._loss, self._matrix, self._label, self._rounds = LOSSES[objective], matrix, label, rounds
        self._score: FloatArray = np.zeros(len(label))
        self._best, self._best_at = np.inf, 0

    def __call__(self, env: "CallbackEnv") -> None:
        """Add the newest tree to the scores of the validation people, and end the growing when it is time."""
        from lightgbm.callback import EarlyStopException

        grown: Any = env.model  # a booster; only that of cross-validation is none
        newest = grown.predict(
            self._matrix, start_iteration=env.iteration, num_iteration=1, raw_score=True, num_threads=1
        )
        self._score = self._score + np.asarray(newest)
        loss = float(format(self._loss(self._score, self._label), _SAME_TO))
        if env.iteration % _TELL_EVERY == 0:
            _tell(env.iteration + 1, loss)
        if loss < self._best:
            self._best, self._best_at = loss, env.iteration
        is_last = env.iteration + 1 == env.end_iteration
        if is_last or env.iteration - self._best_at >= self._rounds:
            raise EarlyStopException(self._best_at, [("valid", "loss", self._best, False)])


def _tell(trees: int, loss: float) -> None:
    from distributed import get_worker

    get_worker().log_event(TOPIC, (trees, loss))


def _be_quiet() -> None:
    """Keep LightGBM's lines about ports, which no setting silences, out of what a command prints."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _logistic(score: FloatArray, label: FloatArray) -> float:
    return float(np.mean(np.logaddexp(0, score) - label * score))


def _square(score: FloatArray, label: FloatArray) -> float:
    return float(np.mean((score - label) ** 2))


def _huber(score: FloatArray, label: FloatArray) -> float:
    miss = np.abs(score - label)
    near, far = 0.5 * miss**2, _HUBER_FROM * (miss - 0.5 * _HUBER_FROM)
    return float(np.mean(np.where(miss <= _HUBER_FROM, near, far)))


LOSSES: Final[dict[Objective, Callable[[FloatArray, FloatArray], float]]] = {
    "binary": _logistic, "cross_entropy": _logistic, "regression": _square, "huber": _huber,
}
"""Objective -> loss of raw scores against labels, as LightGBM measures it."""
