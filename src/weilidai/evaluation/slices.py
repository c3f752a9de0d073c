"""The same figures group by group: age band, city tier, region, kind of user and thin file."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.evaluation.bootstrap import Scored, measure
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.settings import EvaluationSettings

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

AGE_BANDS: Final = ((18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (200, "55 and over"))
"""Age in years below which a band ends, and its name."""
SLICES: Final = ("age_band", "city_tier", "region", "user_type", "bureau_file")
_INVITE_COLUMNS: Final = (
    "slice", "group", "people", "invited_share", "mean_probability", "selected_share", "eligible", "auc",
    "calibration_gap",
)
"""Columns of the table, also where a table of one's own names no slices."""
PRIVATE_BELOW: Final = 20
"""A group of fewer people is not reported at all."""


def age_band(age_years: pd.Series) -> npt.NDArray[np.object_]:
    """Name the band of each age; shape (people,).

    Examples
    --------
    >>> age_band(pd.Series([17, 18, 60])).tolist()
    ['under 18', '18-24', '55 and over']
    """
    ends = np.array([end for end, _ in AGE_BANDS])
    names = np.array([name for _, name in AGE_BANDS], dtype=object)
    return names[np.searchsorted(ends, age_years.to_numpy(dtype=np.float64), side="right")]


def slice_values(people: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    """Give the group of each person in a slice, as text; shape (people,).

    ``bureau_file`` tells thin files, people without a bureau record, from the others.
    """
    if name == "age_band":
        return age_band(people["age_years"])
    if name == "bureau_file":
        has_record = people["has_bureau_record"].to_numpy(dtype=np.bool_)
        return np.where(has_record, "has a record", "thin file").astype(object)
    return people[name].to_numpy(dtype=object)


Slices = Mapping[str, Callable[[pd.DataFrame], npt.NDArray[np.object_]]]
"""Slice -> what tells each person's group."""
DOCUMENTED_SLICES: Final[Slices] = {name: partial(slice_values, name=name) for name in SLICES}


def groups(people: pd.DataFrame, slices: Slices = DOCUMENTED_SLICES) -> Iterator[tuple[str, str, BoolArray]]:
    """Give slice, group and who is in it, for every group large enough to be reported."""
    for name, group_of in slices.items():
        values = group_of(people)
        for group in sorted({str(value) for value in values}):
            chosen = np.asarray(values == group, dtype=np.bool_)
            if chosen.sum() >= PRIVATE_BELOW:
                yield name, group, chosen


def invite_slices(
    people: pd.DataFrame,
    label: BoolArray,
    probability: FloatArray,
    decision: BoolArray,
    is_eligible: BoolArray,
    minimum: int,
    slices: Slices = DOCUMENTED_SLICES,
) -> pd.DataFrame:
    """Measure the invite model group by group.

    Parameters
    ----------
    people
        Table with the slicing columns.
    label, probability, decision
        Whether each person was invited, how likely the model says, and whether the model decides so.
    is_eligible
        Who passes the lender's policy; about the others there is nothing to rank.
    minimum
        Fewest eligible people of a group for ``auc`` and ``calibration_gap``; NaN below.
    slices
        What makes the groups.

    Returns
    -------
    DataFrame
        One row per group: ``slice``, ``group``, ``people``, ``invited_share``, ``mean_probability``,
        ``selected_share``, ``impact_ratio`` (selected share over the largest in the slice; 1 is parity, below
        0.8 the usual alarm; NaN where the policy lets nobody in), and among the eligible ``eligible``, ``auc``
        and ``calibration_gap`` (mean probability less share invited; 0 is right).
    """
    rows = []
    for name, group, chosen in groups(people, slices):
        shares = {
            "people": int(chosen.sum()),
            "invited_share": float(label[chosen].mean()),
            "mean_probability": float(probability[chosen].mean()),
            "selected_share": float(decision[chosen].mean()),
        }
        looked_at = chosen & is_eligible
        rows.append(
            {"slice": name, "group": group, **shares, **_judged(label[looked_at], probability[looked_at], minimum)}
        )
    table = pd.DataFrame(rows, columns=_INVITE_COLUMNS)
    largest = table.groupby("slice")["selected_share"].transform("max")
    table["impact_ratio"] = (table["selected_share"] / largest.where(largest > 0)).where(table["eligible"] > 0)
    return table


def slice_intervals(
    people: pd.DataFrame, scored: Callable[[BoolArray], Scored], settings: EvaluationSettings
) -> pd.DataFrame:
    """Measure anything group by group, with intervals.

    Parameters
    ----------
    people
        Table with the slicing columns.
    scored
        From a mask of people, shape (people,), to what measures itself on them.
    settings
        Bootstrap, and the fewest people of a group.

    Returns
    -------
    DataFrame
        ``slice``, ``group``, ``people``, ``metric``, ``value``, ``low``, ``high``; a group below the minimum is left
        out.
    """
    rows = []
    for name, group, chosen in groups(people):
        count = int(chosen.sum())
        if count < settings.slice_minimum:
            continue
        found = measure({"of": scored(chosen)}, count, replicates=settings.replicates, level=settings.level,
                        seed=settings.seed)
        for metric in found.values:
            interval = found.interval(metric)
            rows.append({"slice": name, "group": group, "people": count, "metric": metric.removeprefix("of."),
                         "value": interval.value, "low": interval.low, "high": interval.high})
    return pd.DataFrame(rows, columns=["slice", "group", "people", "metric", "value", "low", "high"])


def quota_slices(
    people: pd.DataFrame, scores: QuotaScores, minimum: int, slices: Slices = DOCUMENTED_SLICES
) -> pd.DataFrame:
    """Measure the quota model group by group: ``people``, ``mean_cny``, ``mae_cny``, ``bias_share``, ``coverage``.

    ``bias_share`` is the mean prediction over the mean grant, less 1; 0 is right. NaN below ``minimum`` people.
    """
    rows = [
        {"slice": name, "group": group, **_quota_row(scores, chosen, minimum)}
        for name, group, chosen in groups(people, slices)
    ]
    return pd.DataFrame(rows, columns=["slice", "group", "people", "mean_cny", "mae_cny", "bias_share", "coverage"])


def invite_extremes(table: pd.DataFrame) -> dict[str, float]:
    """Give the worst group of each kind: ``slice_auc_min``, ``slice_gap_max``, ``slice_impact_ratio_min``."""
    return {
        "slice_auc_min": float(table["auc"].min()),
        "slice_gap_max": float(table["calibration_gap"].abs().max()),
        "slice_impact_ratio_min": float(table["impact_ratio"].min()),
    }


def quota_extremes(table: pd.DataFrame) -> dict[str, float]:
    """Give the worst group of each kind: ``slice_bias_max`` and ``slice_coverage_min``."""
    return {
        "slice_bias_max": float(table["bias_share"].abs().max()),
        "slice_coverage_min": float(table["coverage"].min()),
    }


def _judged(label: BoolArray, probability: FloatArray, minimum: int) -> dict[str, float]:
    is_judged = len(label) >= minimum
    return {
        "eligible": len(label),
        "auc": InviteScores(label, probability).metrics()["auc"] if is_judged else float("nan"),
        "calibration_gap": float(probability.mean() - label.mean()) if is_judged else float("nan"),
    }


def _quota_row(scores: QuotaScores, chosen: BoolArray, minimum: int) -> dict[str, float]:
    actual = scores.actual[chosen]
    row = {"people": float(chosen.sum()), "mean_cny": float(actual.mean())}
    measured = QuotaScores(
        actual,
        scores.predicted[chosen],
        None if scores.low is None else scores.low[chosen],
        None if scores.high is None else scores.high[chosen],
        scores.interval_share,
    ).metrics()
    for name in ("mae_cny", "bias_share", "coverage"):
        row[name] = measured.get(name, float("nan")) if len(actual) >= minimum else float("nan")
    return row
