"""Growing and reading LightGBM trees: the only place that speaks LightGBM."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from weilidai.errors import DataError, ModelError
from weilidai.models.features import Features, Matrix
from weilidai.models.settings import TreeSettings

if TYPE_CHECKING:
    import lightgbm
    from lightgbm.callback import CallbackEnv

FloatArray = npt.NDArray[np.float64]
Objective = Literal["binary", "cross_entropy", "regression", "huber"]
OnIteration = Callable[[int, int, float], None]
"""Called after each tree with trees grown, trees at most, and the loss on the validation people."""

FEW_PEOPLE: Final = 1_000
_LOSS: Final[dict[Objective, str]] = {
    "binary": "binary_logloss", "cross_entropy": "cross_entropy", "regression": "l2", "huber": "huber",
}


@dataclass(frozen=True)
class Labelled:
    """A matrix of features with one label per person."""

    features: Matrix
    label: FloatArray

    def __post_init__(self) -> None:
        if not len(self.label):
            raise DataError("nobody to learn from", where="label", cure="generate more people")
        if not np.isfinite(self.label).all():
            raise DataError(f"{int((~np.isfinite(self.label)).sum())} labels are missing or infinite", where="label")


class Grow(Protocol):
    """Grows trees, here or elsewhere; see :func:`grow`."""

    def __call__(  # noqa: D102  # said there
        self, objective: Objective, train: Labelled, valid: Labelled, features: Features, settings: TreeSettings,
        on_iteration: OnIteration | None = None,
    ) -> "lightgbm.Booster": ...


def grow(
    objective: Objective,
    train: Labelled,
    valid: Labelled,
    features: Features,
    settings: TreeSettings,
    on_iteration: OnIteration | None = None,
) -> "lightgbm.Booster":
    """Grow trees until the validation people stop gaining, and keep those up to the best one.

    The result has been through its own text form, so a model in memory and the same model reloaded are one.

    Parameters
    ----------
    objective
        ``"binary"`` for a yes-or-no label, ``"cross_entropy"`` for a chance between 0 and 1, ``"regression"`` for
        an amount.
    train, valid
        People to learn from; people who say when to stop.
    features
        Names, categories and directions of the matrix columns.
    settings
        How the trees are grown.
    on_iteration
        Progress display; an exception in it ends the growing.
    """
    import lightgbm

    parameters = parameters_of(objective, features, settings)
    columns: dict[str, Any] = {
        "feature_name": list(features.names),
        "categorical_feature": features.categorical_indices,
        "params": {name: parameters[name] for name in ("max_bin", "verbosity", "num_threads")},
        "free_raw_data": True,
    }
    learnt = lightgbm.Dataset(train.features, train.label, **columns)
    watched = lightgbm.Dataset(valid.features, valid.label, reference=learnt, **columns)
    callbacks: list[Callable[..., Any]] = [lightgbm.early_stopping(settings.early_stopping_round, verbose=False)]
    if on_iteration is not None:
        callbacks.append(_progress(on_iteration, settings.num_iterations))
    booster = lightgbm.train(
        parameters, learnt, num_boost_round=settings.num_iterations, valid_sets=[watched], callbacks=callbacks
    )
    return read_booster(booster.model_to_string(num_iteration=booster.best_iteration), features)


def read_booster(text: str, features: Features) -> "lightgbm.Booster":
    """Read a model from its text, and refuse one that was made for other columns.

    LightGBM aborts the process on damaged text: whoever reads a file must have verified its digest before.
    """
    import lightgbm

    booster = lightgbm.Booster(model_str=text)
    if tuple(booster.feature_name()) != features.names:
        raise ModelError("the trees were grown on other columns than the model's features", where="features")
    return booster


def score(booster: "lightgbm.Booster", matrix: Matrix) -> FloatArray:
    """Add up the leaves each person falls into; shape (people,), on the scale of the objective's link."""
    return _predict(booster, matrix, raw_score=True)


def contributions(booster: "lightgbm.Booster", matrix: Matrix | FloatArray) -> FloatArray:
    """Share each person's score among the features by tree SHAP.

    Returns
    -------
    FloatArray
        Shape (people, features + 1); the last column is the mean score the others are counted from.
    """
    return _predict(booster, matrix, pred_contrib=True).reshape(len(matrix), matrix.shape[1] + 1)


def _predict(booster: "lightgbm.Booster", matrix: Matrix | FloatArray, **what: bool) -> FloatArray:
    if not len(matrix):
        return np.empty(0, dtype=np.float64)
    # For few people starting threads takes longer than adding up their leaves.
    threads: dict[str, Any] = {"num_threads": 1} if len(matrix) < FEW_PEOPLE else {}
    predicted = booster.predict(matrix, **what, **threads)
    return np.ascontiguousarray(predicted, dtype=np.float64)


def parameters_of(objective: Objective, features: Features, settings: TreeSettings) -> dict[str, Any]:
    """Give what LightGBM is told, beside the number of trees and when to stop."""
    grown = settings.model_dump(include=set(TreeSettings.model_fields) - {"num_iterations", "early_stopping_round"})
    return {
        **grown,
        "objective": objective,
        "metric": _LOSS[objective],
        "monotone_constraints": list(features.directions),
        "monotone_constraints_method": "basic",
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def _progress(on_iteration: OnIteration, planned: int) -> Callable[["CallbackEnv"], None]:
    def tell(env: "CallbackEnv") -> None:
        loss = env.evaluation_result_list[0][2] if env.evaluation_result_list else float("nan")
        on_iteration(env.iteration + 1, planned, float(loss))

    return tell
