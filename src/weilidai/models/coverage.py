"""From how many people a policy invites to the probability from which it does."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

_NEAR: Final = 1e-6
"""Difference of two scores that no order of adding up leaves explains."""


def coverage_threshold(probability: FloatArray, places: int) -> float:
    """Find the probability that a number of people reach; never 0, which is for the ineligible.

    Parameters
    ----------
    probability
        Of the people who are looked at; everybody else has none.
    places
        How many of all people are invited.

    Examples
    --------
    >>> coverage_threshold(np.array([0.2, 0.4, 0.8]), places=2)
    0.4
    """
    places = max(places, 1)
    chosen = float(np.partition(probability, -places)[-places]) if places <= len(probability) else 0.0
    return max(chosen, float(np.finfo(np.float64).tiny))


def exact_at(places: int, near: FloatArray, exactly: Callable[[IntArray], FloatArray]) -> FloatArray:
    """Score anew whoever is so near the place that the last digits say who holds it.

    Whoever has the ``places``-th highest of these scores has that of the exact ones, and his score is exact.

    Parameters
    ----------
    places
        The place counted from the highest score.
    near
        Scores but for their last digits; shape (people,).
    exactly
        Gives the exact scores of some people by their numbers.
    """
    if not 0 < places <= len(near):
        return near
    edge = np.partition(near, -places)[-places]
    some = np.flatnonzero(np.abs(near - edge) < _NEAR)
    scores = near.copy()
    scores[some] = exactly(some)
    return scores
