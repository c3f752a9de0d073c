"""How well a probability of invitation ranks people, and how true it is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.ranking import Ranking, area

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

TOP_SHARE: Final = 0.1
"""Lift is measured among the tenth of people ranked highest."""
CALIBRATION_BINS: Final = 20
_SMALLEST: Final = 1e-15
"""Probabilities are kept this far from 0 and 1 in logarithms, so that one surprise is not infinite."""


@dataclass(frozen=True)
class InviteScores:
    """Labels and scores of the same people, sorted once so that each bootstrap draw costs one pass.

    Parameters
    ----------
    label
        Whether each person was invited; shape (people,).
    score
        Probability of an invitation, or any score that ranks; shape (people,).
    is_probability
        Whether the score is meant as a probability; if not, only ranking is measured.
    """

    label: BoolArray
    score: FloatArray
    is_probability: bool = True

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Measure everything.

        Parameters
        ----------
        weight
            How often each person counts; shape (people,). Once each when None.

        Returns
        -------
        dict
            ``auc`` chance that an invited person outranks another; 0.5 is chance, 1 perfect. ``gini`` 2 auc - 1.
            ``ks`` largest distance between the two cumulative shares. ``pr_auc`` mean precision over recall.
            ``lift`` share invited in the top tenth over the share among all. ``brier`` mean squared error,
            ``logloss`` mean negative log-likelihood, ``ece`` mean distance of predicted from observed shares over
            twenty bins of equal size, ``mean_ratio`` mean probability over the share invited (1 is unbiased).
            NaN where only one label occurs.
        """
        counts = np.ones(len(self.label)) if weight is None else weight
        ranked = counts[self._ranking.order]
        return {**self._ranks(ranked), **(self._truth(counts) if self.is_probability else {})}

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self.score)

    @cached_property
    def _ranked_label(self) -> FloatArray:
        return self.label[self._ranking.order].astype(np.float64)

    @cached_property
    def _losses(self) -> tuple[FloatArray, FloatArray]:
        chance = np.clip(self.score, _SMALLEST, 1 - _SMALLEST)
        return (self.score - self.label) ** 2, -np.log(np.where(self.label, chance, 1 - chance))

    @cached_property
    def _bin(self) -> IntArray:
        places = np.empty(len(self.score), dtype=np.int64)
        places[self._ranking.order] = np.arange(len(self.score)) * CALIBRATION_BINS // max(len(self.score), 1)
        return places

    def _ranks(self, ranked_weight: FloatArray) -> dict[str, float]:
        invited = self._ranking.gathered(ranked_weight * self._ranked_label)
        everybody = self._ranking.gathered(ranked_weight)
        others = everybody - invited
        if invited[-1] <= 0 or others[-1] <= 0:
            return dict.fromkeys(("auc", "gini", "ks", "pr_auc", "lift"), float("nan"))
        reach, false_reach = invited / invited[-1], others / others[-1]
        auc = area(false_reach, reach)
        precision = invited / np.maximum(everybody, _SMALLEST)
        top = TOP_SHARE * everybody[-1]
        in_top = np.interp(top, np.append(0.0, everybody), np.append(0.0, invited))
        return {
            "auc": auc,
            "gini": 2 * auc - 1,
            "ks": float(np.max(np.abs(reach - false_reach))),
            "pr_auc": float(np.sum(np.diff(reach, prepend=0.0) * precision)),
            "lift": float(in_top / top * everybody[-1] / invited[-1]),
        }

    def _truth(self, weight: FloatArray) -> dict[str, float]:
        total, invited = weight.sum(), np.sum(weight[self.label])
        squared, logs = self._losses
        gaps = np.bincount(self._bin, weight * (self.score - self.label), minlength=CALIBRATION_BINS)
        return {
            "brier": float(np.sum(weight * squared) / total),
            "logloss": float(np.sum(weight * logs) / total),
            "ece": float(np.abs(gaps).sum() / total),
            "mean_ratio": float(np.sum(weight * self.score) / invited) if invited > 0 else float("nan"),
        }


def decision_metrics(label: BoolArray, decision: BoolArray) -> dict[str, float]:
    """Measure the yes-or-no decisions.

    Returns
    -------
    dict
        ``coverage`` share of people decided for, ``precision`` share of them who were invited, ``recall`` share
        of the invited who are decided for; NaN where there is nobody to count.
    """
    both = float((label & decision).sum())
    chosen, invited = float(decision.sum()), float(label.sum())
    return {
        "coverage": chosen / len(label) if len(label) else float("nan"),
        "precision": both / chosen if chosen else float("nan"),
        "recall": both / invited if invited else float("nan"),
    }
