"""How much of a calibration error is chance, and how much is the model's.

A bin of n people with probability p shows a share that misses p by about sqrt(p (1 - p) / n), however right p is.
The mean distance of predicted from observed shares can therefore not fall below a floor, which the truth itself
does not pass under either.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.invite_metrics import CALIBRATION_BINS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_MEAN_OF_A_DISTANCE: Final = (2 / np.pi) ** 0.5
"""Mean absolute value of a standard normal number."""


def calibration_floor(probability: FloatArray, bins: int = CALIBRATION_BINS) -> float:
    """Expect the calibration error (``ece``) of probabilities that are exactly right, from chance alone.

    Parameters
    ----------
    probability
        Shape (people,).
    bins
        Bins of equal size.

    Examples
    --------
    >>> round(calibration_floor(np.full(2000, 0.5), bins=20), 3)
    0.04
    """
    place = _bins(probability, bins)
    variance = np.bincount(place, weights=probability * (1 - probability), minlength=bins)
    return float(_MEAN_OF_A_DISTANCE * np.sqrt(variance).sum() / max(len(probability), 1))


def distance_from_truth(probability: FloatArray, truth: FloatArray, bins: int = CALIBRATION_BINS) -> float:
    """Give the mean distance of predicted from true probabilities over bins of equal size: calibration without chance.

    Parameters
    ----------
    probability, truth
        Shapes (people,).
    bins
        Bins of equal size, by the predicted probability.
    """
    gap = np.bincount(_bins(probability, bins), weights=probability - truth, minlength=bins)
    return float(np.abs(gap).sum() / max(len(probability), 1))


def _bins(probability: FloatArray, bins: int) -> IntArray:
    place = np.empty(len(probability), dtype=np.int64)
    place[np.argsort(-probability, kind="stable")] = np.arange(len(probability)) * bins // max(len(probability), 1)
    return place
