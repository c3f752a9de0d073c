"""How near the predicted grants are, whether they are unbiased, and whether the interval keeps its promise."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.ranking import variance_share

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class QuotaScores:
    """Actual and predicted amounts of the same people.

    Parameters
    ----------
    actual
        Granted amounts, yuan; shape (people,).
    predicted
        Predicted amounts, yuan; shape (people,).
    low, high
        Ends of the interval, yuan; None when the model gives none.
    interval_share
        Share of people the interval promises to hold.
    held_chance
        Chance that the interval holds a grant of each person, where the truth is known; shape (people,).
    """

    actual: FloatArray
    predicted: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None
    interval_share: float = 0.9
    held_chance: FloatArray | None = None

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Measure everything.

        Parameters
        ----------
        weight
            How often each person counts; shape (people,). Once each when None.

        Returns
        -------
        dict
            ``r2`` explained share of the variance; ``mae_cny`` mean absolute error; ``mape`` mean absolute
            error as a share of the grant; ``rmsle`` root mean squared error of logarithms; ``bias_share`` mean
            prediction over mean grant, less 1. With an interval also ``coverage`` share of grants inside,
            ``width_cny`` its mean width, ``pinball_low_cny`` and ``pinball_high_cny`` quantile losses of its ends.
            Where the truth is known also ``coverage_true``, the share it holds on average over all draws of the
            grants: two thousand people tell ``coverage`` to a point and a half, and this to a few tenths.
        """
        counts = np.ones(len(self.actual)) if weight is None else weight
        total = counts.sum()
        mean = np.sum(counts * self.actual) / total
        measured = {name: float(np.sum(counts * loss) / total) for name, loss in self._losses.items()}
        return {
            "r2": 1 - variance_share((self.actual - self.predicted) ** 2, self.actual, counts),
            "rmsle": measured.pop("squared_logs") ** 0.5,
            "bias_share": measured.pop("predicted") / float(mean) - 1,
            **measured,
        }

    @cached_property
    def _losses(self) -> dict[str, FloatArray]:
        missed = self.actual - self.predicted
        losses = {
            "squared_logs": (np.log1p(self.actual) - np.log1p(self.predicted)) ** 2,
            "predicted": self.predicted,
            "mae_cny": np.abs(missed),
            "mape": np.abs(missed) / self.actual,
        }
        if self.low is not None and self.high is not None:
            tail = (1 - self.interval_share) / 2
            losses["coverage"] = self.inside.astype(np.float64)
            losses["width_cny"] = self.high - self.low
            losses["pinball_low_cny"] = pinball(self.actual, self.low, tail)
            losses["pinball_high_cny"] = pinball(self.actual, self.high, 1 - tail)
        if self.held_chance is not None:
            losses["coverage_true"] = self.held_chance
        return losses

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Whether the interval holds each person's grant; nobody's where there is none; shape (people,)."""
        if self.low is None or self.high is None:
            return np.zeros(len(self.actual), dtype=np.bool_)
        return (self.low <= self.actual) & (self.actual <= self.high)


def pinball(actual: FloatArray, predicted: FloatArray, quantile: float) -> FloatArray:
    """Loss whose mean the true quantile makes smallest (Koenker and Bassett, 1978); shape (people,)."""
    missed = actual - predicted
    return np.maximum(quantile * missed, (quantile - 1) * missed)


@dataclass(frozen=True)
class RateScores:
    """Actual and predicted daily rates of the same people, and whether the grades agree.

    Parameters
    ----------
    actual, predicted
        Daily rates as fractions; shape (people,).
    is_grade_right
        Whether the predicted grade is the given one; shape (people,).
    """

    actual: FloatArray
    predicted: FloatArray
    is_grade_right: npt.NDArray[np.bool_]

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Measure ``r2``, ``mae`` (a fraction a day) and ``grade_accuracy``, each person counted ``weight`` times."""
        counts = np.ones(len(self.actual)) if weight is None else weight
        total = counts.sum()
        missed = self.actual - self.predicted
        return {
            "r2": 1 - variance_share(missed**2, self.actual, counts),
            "mae": float(np.sum(counts * np.abs(missed)) / total),
            "grade_accuracy": float(np.sum(counts * self.is_grade_right) / total),
        }
