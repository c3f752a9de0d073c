"""How far a score lies from the truth itself, not from one draw of outcomes: the same figures with less chance."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.ranking import Ranking, area, variance_share

FloatArray = npt.NDArray[np.float64]

_SMALLEST: Final = 1e-12
"""Probabilities are kept this far from 0 and 1 in logarithms."""


@dataclass(frozen=True)
class ChanceScores:
    """A probability beside the true probability of the same people.

    Every person counts as invited with the true chance and as not invited with the rest of it, so a figure is what
    would be measured on average over all draws of the outcomes.

    Parameters
    ----------
    chance
        True probability; shape (people,).
    score
        Told probability, or any score that ranks; shape (people,).
    is_probability
        Whether the score is meant as a probability; if not, only ranking is measured.
    """

    chance: FloatArray
    score: FloatArray
    is_probability: bool = True

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Measure against the truth.

        Parameters
        ----------
        weight
            How often each person counts; shape (people,). Once each when None.

        Returns
        -------
        dict
            ``auc`` expected chance that an invited person outranks another; ``excess_logloss`` expected log-loss
            less the truth's own (the divergence of the truth from the score, 0 is perfect); ``excess_brier``
            expected squared error less the truth's own (0 is perfect). NaN where only one outcome can occur.
        """
        counts = np.ones(len(self.chance)) if weight is None else weight
        measured = {"auc": self._auc(counts)}
        if self.is_probability:
            total = counts.sum()
            measured["excess_logloss"] = float(np.sum(counts * self._divergence) / total)
            measured["excess_brier"] = float(np.sum(counts * (self.score - self.chance) ** 2) / total)
        return measured

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self.score)

    @cached_property
    def _divergence(self) -> FloatArray:
        told, true = (np.clip(values, _SMALLEST, 1 - _SMALLEST) for values in (self.score, self.chance))
        return true * np.log(true / told) + (1 - true) * np.log((1 - true) / (1 - told))

    def _auc(self, counts: FloatArray) -> float:
        ranked, chance = counts[self._ranking.order], self.chance[self._ranking.order]
        invited, others = (self._ranking.gathered(ranked * part) for part in (chance, 1 - chance))
        if invited[-1] <= 0 or others[-1] <= 0:
            return float("nan")
        return area(others / others[-1], invited / invited[-1])


@dataclass(frozen=True)
class MeanScores:
    """A predicted amount beside the true mean and one draw of the same people.

    Parameters
    ----------
    mean
        True mean, yuan; shape (people,).
    predicted
        Predicted amount, yuan; shape (people,).
    actual
        Granted amount, yuan; shape (people,). Only its spread is read.
    """

    mean: FloatArray
    predicted: FloatArray
    actual: FloatArray

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Measure ``excess_r2``: the part of the grants' variance lost to the distance from the true mean."""
        counts = np.ones(len(self.mean)) if weight is None else weight
        return {"excess_r2": variance_share((self.predicted - self.mean) ** 2, self.actual, counts)}
