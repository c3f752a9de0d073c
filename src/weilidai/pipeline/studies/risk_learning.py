"""A model of default risk, learnt from whoever's outcome is known, each with a weight."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from weilidai.models.features import Matrix

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PULL: Final = 0.05
"""Inverse strength of the pull of weights towards zero; overdue people are few."""

SMALLEST_SPREAD: Final = 1e-6


@dataclass(frozen=True)
class Scale:
    """How columns become the design of a regression: logarithms, filled where missing, centred and scaled."""

    fill: FloatArray
    centre: FloatArray
    spread: FloatArray
    sometimes_missing: BoolArray

    def design(self, matrix: Matrix) -> FloatArray:
        """Give the design, with one more column for each feature that may be unknown; shape (people, columns)."""
        missing = np.isnan(matrix)
        logs = np.log1p(np.maximum(np.where(missing, self.fill, matrix), 0))
        return np.concatenate([(logs - self.centre) / self.spread, missing[:, self.sometimes_missing]], axis=1)


def scale_of(matrix: Matrix) -> Scale:
    """Take medians, centres and spreads from everybody, whose columns are known whatever their outcome."""
    unknown = np.isnan(matrix).all(axis=0)
    fill = np.zeros(matrix.shape[1])
    fill[~unknown] = np.nanmedian(matrix[:, ~unknown], axis=0)
    logs = np.log1p(np.maximum(np.where(np.isnan(matrix), fill, matrix), 0))
    sometimes = np.asarray(np.isnan(matrix).any(axis=0))
    return Scale(fill, logs.mean(axis=0), np.maximum(logs.std(axis=0), SMALLEST_SPREAD), sometimes)


@dataclass(frozen=True)
class Outcomes:
    """People with an outcome, seen or inferred; a person may stand in it twice, once with each.

    Parameters
    ----------
    design
        Shape (people, columns).
    is_bad
        Whether each is overdue; shape (people,).
    weight
        How much each counts; shape (people,).
    """

    design: FloatArray
    is_bad: BoolArray
    weight: FloatArray


def learn(outcomes: Outcomes) -> "LogisticRegression":
    """Learn the log-odds of being overdue; the weights are brought to a mean of 1 so that the pull stays the same."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    weight = outcomes.weight / outcomes.weight.mean()
    model = LogisticRegression(C=PULL, solver="newton-cholesky")
    with threadpool_limits(1):  # threads that wait for each other on a busy machine cost ten times what they save
        return model.fit(outcomes.design, outcomes.is_bad, sample_weight=weight)


def chance(model: "LogisticRegression", design: FloatArray) -> FloatArray:
    """Give the chance of being overdue; shape (people,)."""
    told: FloatArray = model.predict_proba(design)[:, 1]
    return told
