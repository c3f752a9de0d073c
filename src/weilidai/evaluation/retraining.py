"""Whether a model in use is stale: how steady its ranking is over months, and what rules on visible signs advise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.study_settings import RetrainingRules

FloatArray = npt.NDArray[np.float64]

SLOPE_WEIGHT: Final = 88.0
SPREAD_WEIGHT: Final = 0.5
"""Weights of the stability measure of the Home Credit competition (2024)."""
WEEKS_PER_MONTH: Final = 365.25 / 12 / 7


@dataclass(frozen=True)
class Steadiness:
    """How a series of monthly Gini coefficients holds.

    Parameters
    ----------
    mean_gini
        Mean over the months.
    weekly_slope
        Fall or rise of the fitted line, per week.
    spread
        Standard deviation around the line.
    """

    mean_gini: float
    weekly_slope: float
    spread: float

    @property
    def score(self) -> float:
        """Mean Gini, less a penalty for a falling line and one for months off the line."""
        return self.mean_gini + SLOPE_WEIGHT * min(0.0, self.weekly_slope) - SPREAD_WEIGHT * self.spread


def steadiness(months: Sequence[str], gini: FloatArray) -> Steadiness:
    """Fit a line through monthly Gini coefficients.

    The competition has weekly figures and a slope per week; ours are monthly, so the slope of the line over the
    calendar is written per week and the weights keep their meaning. A month holds four times the people of a week,
    so the spread is about half of a weekly one.

    Parameters
    ----------
    months
        As ``"2021-05"``, in any order; gaps count as time.
    gini
        One per month.

    Examples
    --------
    >>> steadiness(["2021-01", "2021-02", "2021-03"], np.array([0.5, 0.5, 0.5])).score
    0.5
    """
    weeks = np.array([month_number(month) for month in months]) * WEEKS_PER_MONTH
    if len(set(weeks.tolist())) == 1:
        return Steadiness(float(np.mean(gini)), 0.0, float(np.std(gini)))
    centred = weeks - weeks.mean()
    slope = float(np.sum(centred * (gini - gini.mean())) / np.sum(centred**2))
    return Steadiness(float(gini.mean()), slope, float(np.std(gini - gini.mean() - slope * centred)))


def month_number(month: str) -> int:
    """Count months from the year 0.

    Examples
    --------
    >>> month_number("2021-02") - month_number("2020-12")
    2
    """
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


@dataclass(frozen=True)
class Advice:
    """Whether to learn anew, and why."""

    is_retrain: bool
    says: str


def advise(signs: Mapping[str, float], rules: RetrainingRules) -> Advice:
    """Hold the visible signs of a model in use against the rules.

    Parameters
    ----------
    signs
        ``psi`` of the score against the people learnt from; ``auc_drop`` below that of the first test;
        ``mean_ratio`` mean probability over the share invited. One that is missing or not a number breaks no rule.
    rules
        The bounds.

    Examples
    --------
    >>> advise({"psi": 0.3, "auc_drop": 0.001, "mean_ratio": 1.0}, RetrainingRules()).says
    'retrain: the score has a stability index of 0.300, above 0.25'
    """
    psi, drop, ratio = (signs.get(name, float("nan")) for name in ("psi", "auc_drop", "mean_ratio"))
    broken = []
    if psi > rules.psi_above:
        broken.append(f"the score has a stability index of {psi:.3f}, above {rules.psi_above:g}")
    if drop > rules.auc_drop_above:
        broken.append(f"the AUC fell by {drop:.3f}, more than {rules.auc_drop_above:g}")
    if abs(ratio - 1) > rules.mean_ratio_off:
        broken.append(f"it tells {ratio:.2f} times the share invited, more than {rules.mean_ratio_off:g} off")
    if broken:
        return Advice(is_retrain=True, says="retrain: " + "; ".join(broken))
    return Advice(is_retrain=False, says="keep: no rule is broken")
