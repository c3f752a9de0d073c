"""Why a model falls short of the truth: its regret as a sum of named causes, each with an interval.

A ladder of models leads from the one in use to the truth; each rung takes one cause away, so the falls of the regret
from rung to rung add up to the whole of it.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from weilidai.evaluation.bootstrap import Interval, Measured

LADDER: Final = ("model", "recalibrated", "noise_free", "everything_seen", "richer")
"""From the model in use to the same kind of model without a calibration fault, without chance in its labels, with every
column, and with fewer bounds on its trees; what is left then is the form of the model."""
CAUSES: Final[Mapping[str, str]] = {
    "calibration": "a line through the same scores that fits the truth best",
    "sample_size": "true chances and means as labels, of people without an outcome too: no luck of the draw",
    "hidden_columns": "every column of the table, those kept from the model included",
    "settings": "more and deeper trees than the settings allow",
    "model_form": "what monotone trees in steps still cannot draw",
}
"""Cause -> what takes it away."""


def split_regret(
    measured: Measured, metric: str, truth: float = 0.0, *, larger_is_better: bool = False
) -> pd.DataFrame:
    """Split a regret into causes.

    Parameters
    ----------
    measured
        Values and paired draws named ``<rung>.<metric>`` for every rung of ``LADDER``; with ``larger_is_better``
        also ``truth.<metric>``.
    metric
        What was measured.
    truth
        The truth's own value of a metric of which less is better; 0 for an excess.
    larger_is_better
        Whether the metric grows with quality, as the AUC does.

    Returns
    -------
    DataFrame
        ``cause``, ``value``, ``low``, ``high``, ``share`` of the whole regret, ``taken_away_by``; the last row,
        ``total``, is the regret itself. A cause below 0 means that taking it away made the model worse.
    """
    total = _between(measured, metric, LADDER[0], None, truth, larger_is_better=larger_is_better)
    rows = []
    for cause, rung, following in zip(CAUSES, LADDER, [*LADDER[1:], None], strict=True):
        found = _between(measured, metric, rung, following, truth, larger_is_better=larger_is_better)
        rows.append(_row(cause, found, total.value, CAUSES[cause]))
    rows.append(_row("total", total, total.value, "the truth itself"))
    return pd.DataFrame(rows)


def _between(
    measured: Measured, metric: str, rung: str, following: str | None, truth: float, *, larger_is_better: bool
) -> Interval:
    name = f"{rung}.{metric}"
    if larger_is_better:
        return measured.difference(f"{following or 'truth'}.{metric}", name)
    if following is None:
        return measured.combine(lambda values: values - truth, name)
    return measured.difference(name, f"{following}.{metric}")


def _row(cause: str, found: Interval, total: float, taken_away_by: str) -> dict[str, object]:
    share = found.value / total if total else float("nan")
    return {"cause": cause, "value": found.value, "low": found.low, "high": found.high, "share": share,
            "taken_away_by": taken_away_by}
