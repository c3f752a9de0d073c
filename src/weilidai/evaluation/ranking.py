"""What every figure made of a ranking shares: people in order of their score, those of one score together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ranking:
    """People from the highest score to the lowest, sorted once so that each bootstrap draw costs one pass.

    Parameters
    ----------
    score
        Any score that ranks; shape (people,).
    """

    score: FloatArray

    @cached_property
    def order(self) -> IntArray:
        """Places of the people, highest first."""
        return np.argsort(-self.score, kind="stable")

    @cached_property
    def _ends_of_ties(self) -> IntArray:
        ranked = self.score[self.order]
        return np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), len(ranked) - 1)

    def gathered(self, ranked: FloatArray) -> FloatArray:
        """Add up along the ranking and look where a tie ends; ``ranked`` is in :attr:`order`, shape (people,)."""
        return np.cumsum(ranked)[self._ends_of_ties]


def area(across: FloatArray, up: FloatArray) -> float:
    """Area under straight lines from the origin through the points; ties count half."""
    heights = (up + np.append(0.0, up[:-1])) / 2
    return float(np.sum(np.diff(across, prepend=0.0) * heights))


def variance_share(lost: FloatArray, actual: FloatArray, counts: FloatArray) -> float:
    """Give squared distances as a part of the variance of what was granted; NaN where nothing varies.

    Parameters
    ----------
    lost
        Squared distance of each person; shape (people,).
    actual
        What varies; shape (people,).
    counts
        How often each person counts; shape (people,).
    """
    mean = np.sum(counts * actual) / counts.sum()
    variance = float(np.sum(counts * (actual - mean) ** 2))
    return float(np.sum(counts * lost)) / variance if variance > 0 else float("nan")
