"""How far a model falls short of the truth, measured on the same people by the same metrics."""

from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.bootstrap import Interval, Measured

SMALLER_IS_BETTER: Final = frozenset({
    "brier", "logloss", "ece", "mae_cny", "mape", "rmsle", "mae", "pinball_low_cny", "pinball_high_cny",
})
REGRETS: Final = (
    "auc", "ks", "pr_auc", "brier", "logloss", "r2", "mae_cny", "rmsle", "pinball_low_cny", "pinball_high_cny",
)
"""Metrics a shortfall is given for."""
_CHANCE: Final = 0.5
"""AUC of a score that knows nothing."""


def regrets(measured: Measured, subject: str, model: str = "test", truth: str = "ceiling") -> dict[str, Interval]:
    """Give the model's shortfall from the truth, positive when the model is worse.

    Parameters
    ----------
    measured
        Values and paired draws named ``<model>.<subject>.<metric>`` and ``<truth>.<subject>.<metric>``.
    subject
        What was predicted, as in ``"invite_eligible"``.
    model, truth
        Prefixes of the two.

    Returns
    -------
    dict
        Metric -> shortfall with its paired range.
    """
    found = {}
    for metric in REGRETS:
        names = [f"{truth}.{subject}.{metric}", f"{model}.{subject}.{metric}"]
        if all(name in measured.values for name in names):
            found[metric] = measured.difference(*(reversed(names) if metric in SMALLER_IS_BETTER else names))
    return found


def share_of_ceiling(measured: Measured, subject: str, model: str = "test", truth: str = "ceiling") -> Interval:
    """Give the part of the truth's ranking power the model has: (AUC - 0.5) over the ceiling's (AUC - 0.5)."""
    return measured.combine(_share, f"{model}.{subject}.auc", f"{truth}.{subject}.auc")


def share_of_r2(measured: Measured, subject: str, model: str = "test", truth: str = "ceiling") -> Interval:
    """Give the part of what the true mean explains that the model explains too: R2 over the ceiling's R2."""
    return measured.combine(_ratio, f"{model}.{subject}.r2", f"{truth}.{subject}.r2")


def _ratio(model: npt.NDArray[np.float64], truth: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(model / truth)


def _share(model: npt.NDArray[np.float64], truth: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((model - _CHANCE) / (truth - _CHANCE))
