"""Which model wins on what, and by how much: the model in use against each challenger, on the same people."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from weilidai.evaluation.bootstrap import Interval

GAIN: Final = "gain."
LOSSES: Final = ("logloss", "brier", "mae_cny", "rmsle", "pinball_low_cny", "pinball_high_cny")
"""Metrics of which less is better; a gain is what the model has less of."""
COMPARED: Final = ("auc", "ks", "pr_auc", "r2", *LOSSES)
"""Metrics on which challengers are held against the model."""
_COLUMNS: Final = ("subject", "metric", "challenger", "model", "theirs", "gain", "low", "high", "wins")


def challenger_table(metrics: Mapping[str, float], intervals: Mapping[str, Interval]) -> pd.DataFrame:
    """Set the model beside every challenger, metric by metric.

    Parameters
    ----------
    metrics
        Fixed name -> value, with ``test.*`` and ``baseline.*``.
    intervals
        ``gain.<challenger>.<subject>.<metric>`` -> what the model is better by, with its paired range.

    Returns
    -------
    DataFrame
        ``subject`` (invite, invite_eligible, quota), ``metric``, ``challenger``, ``model`` and ``theirs`` (the two
        values), ``gain`` (above 0 when the model is better, also where less is better), ``low``, ``high`` (its
        range), ``wins`` (``model``, the challenger's name, or ``undecided`` when the range holds 0).
    """
    rows = []
    for name, interval in intervals.items():
        if name.startswith(GAIN):
            challenger, subject, metric = name.removeprefix(GAIN).split(".")
            rows.append({
                "subject": subject, "metric": metric, "challenger": challenger,
                "model": metrics.get(f"test.{subject}.{metric}", float("nan")),
                "theirs": metrics.get(f"baseline.{challenger}.{subject}.{metric}", float("nan")),
                "gain": interval.value, "low": interval.low, "high": interval.high,
                "wins": _winner(interval, challenger),
            })
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.sort_values(["subject", "metric"], kind="stable", ignore_index=True)


def _winner(gain: Interval, challenger: str) -> str:
    if gain.low > 0:
        return "model"
    return challenger if gain.high < 0 else "undecided"
