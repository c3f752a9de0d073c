"""Making predicted probabilities equal observed rates without changing anybody's rank."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.errors import DataError

FloatArray = npt.NDArray[np.float64]

_STEPS: Final = 50
_SETTLED: Final = 1e-10
_PULL: Final = 100.0
"""Precision of the belief that trees grown on log-loss need little correction: a standard deviation of 0.1.

A few thousand people set aside know the line less well than that, and would move it by their own chance.
"""


@dataclass(frozen=True)
class Calibration:
    """A straight line on log-odds, after Platt (1999): ranks and additivity stay.

    ``log_odds = slope * score + offset``, with a slope above 0.
    """

    slope: float
    offset: float

    def apply(self, score: FloatArray) -> FloatArray:
        """Calibrate raw scores; same shape, log-odds."""
        return score * self.slope + self.offset

    def share_out(self, contributions: FloatArray) -> FloatArray:
        """Calibrate contributions, so that each row still adds up to the calibrated log-odds."""
        calibrated = contributions * self.slope
        calibrated[:, -1] += self.offset
        return calibrated


def fit_calibration(score: FloatArray, label: FloatArray) -> Calibration:
    """Find the likeliest line given people set aside, starting from the belief that none is needed.

    Newton's method on the log-loss plus the belief; many people outweigh it, few do not.

    Raises
    ------
    DataError
        The scores rank these people the wrong way round, so no line can help.
    """
    wish = np.array([1.0, 0.0])
    line = wish.copy()
    for _ in range(_STEPS):
        slope, bend = _slope_and_bend(score, label, line)
        step = np.linalg.solve(bend + _PULL * np.eye(2), slope + _PULL * (line - wish))
        line = line - step
        if np.abs(step).max() < _SETTLED:
            break
    if not np.isfinite(line).all() or line[0] <= 0:
        raise DataError(
            "the scores say nothing about the people set aside for calibration, or the opposite",
            where=f"calibration on {len(label)} people",
            cure="learn from more people",
        )
    return Calibration(float(line[0]), float(line[1]))


def _slope_and_bend(score: FloatArray, label: FloatArray, line: FloatArray) -> tuple[FloatArray, FloatArray]:
    """First and second derivative of the log-loss; summed without BLAS, whose order depends on the threads."""
    probability = expit(score * line[0] + line[1])
    miss, weight = probability - label, probability * (1 - probability)
    first = np.array([np.sum(miss * score), np.sum(miss)])
    mixed = np.sum(weight * score)
    return first, np.array([[np.sum(weight * score * score), mixed], [mixed, np.sum(weight)]])
