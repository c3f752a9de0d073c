"""Where a learning curve leads: how much of a regret more people would take away, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import DataError

FloatArray = npt.NDArray[np.float64]

_POWERS: Final = np.round(np.arange(0.3, 1.51, 0.01), 2)
"""Speeds that are tried; regrets of well-behaved learners fall between one over the root and a little above one over
the number of people."""
FEWEST_SIZES: Final = 3


@dataclass(frozen=True)
class Floor:
    """A regret as ``floor + scale * rows ** -power``.

    Parameters
    ----------
    floor
        Regret that no number of people takes away.
    scale, power
        How much there is to take away, and how fast it goes.
    """

    floor: float
    scale: float
    power: float

    def regret(self, rows: float) -> float:
        """Give the regret at a number of people."""
        return float(self.floor + self.scale * rows**-self.power)

    def rows_for(self, regret: float) -> float:
        """Give the number of people at which the regret falls to ``regret``; infinite when it never does."""
        above = regret - self.floor
        if above <= 0:
            return float("inf")
        return float((self.scale / above) ** (1 / self.power)) if self.scale > 0 else 0.0


def fit_floor(rows: Sequence[float], regrets: Sequence[float]) -> Floor:
    """Find the curve nearest to measured regrets, in ratios, with neither part below 0.

    Ratios because the regret of few people is a hundred times that of many, and both count.

    Parameters
    ----------
    rows
        Numbers of people.
    regrets
        Mean regret at each, above 0.

    Raises
    ------
    DataError
        Fewer than three numbers of people, or a regret that is not above 0.

    Examples
    --------
    >>> found = fit_floor([1000, 4000, 16000, 64000], [0.5 / n + 1e-4 for n in (1000, 4000, 16000, 64000)])
    >>> round(found.floor, 6), found.power
    (0.0001, 1.0)
    """
    from scipy.optimize import nnls

    sizes, seen = np.asarray(rows, dtype=np.float64), np.asarray(regrets, dtype=np.float64)
    if len(np.unique(sizes)) < FEWEST_SIZES or not (seen > 0).all():
        raise DataError("a curve needs three numbers of people with regrets above 0", where="learning curve")
    best = (np.inf, Floor(float(seen.min()), 0.0, 1.0))
    for power in _POWERS:
        design = np.stack([np.ones_like(sizes), sizes**-power], axis=1) / seen[:, np.newaxis]
        (floor, scale), missed = nnls(design, np.ones_like(seen))
        if missed < best[0]:
            best = (missed, Floor(float(floor), float(scale), float(power)))
    return best[1]
