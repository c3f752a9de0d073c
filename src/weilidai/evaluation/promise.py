"""Whether the quota interval keeps its promise group by group, beyond what chance moves."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.slices import DOCUMENTED_SLICES, Slices, groups

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TIERS_CNY: Final = (5_000, 10_000, 15_000, 20_000)
"""Where tiers of the predicted grant end, yuan."""
COLUMNS: Final = ["slice", "group", "people", "coverage", "gap", "chance", "beyond_chance", "true_gap"]


def interval_slices(
    people: pd.DataFrame, scores: QuotaScores, minimum: int, level: float = 0.95, slices: Slices = DOCUMENTED_SLICES,
) -> pd.DataFrame:
    """Count group by group how many grants the interval holds.

    Parameters
    ----------
    people
        People who opened, with the slicing columns.
    scores
        Grants, predictions and intervals of the same people.
    minimum
        Fewest people of a group that is listed.
    level
        Certainty of the range of chance.
    slices
        What makes the groups, beside tiers of the predicted grant.

    Returns
    -------
    DataFrame
        One row per group: ``slice``, ``group``, ``people``, ``coverage``, ``gap`` (coverage less the promised
        share), ``chance`` (how far chance moves a coverage of that many people), ``beyond_chance`` (what of the
        gap is left when chance is taken off, never below 0), and where the truth is known ``true_gap`` (the same
        distance on average over all draws of the grants, which chance hardly moves). Tiers are those of the
        predicted grant: an interval can promise nothing about people chosen by the grant it has not seen.
    """
    if scores.low is None or scores.high is None:
        return pd.DataFrame()
    share, held = scores.interval_share, scores.held_chance
    rows = []
    for name, group, chosen in _groups(people, scores.predicted, slices):
        count = int(chosen.sum())
        if count >= minimum:
            gap = float(scores.inside[chosen].mean()) - share
            chance = float(norm.ppf((1 + level) / 2)) * (share * (1 - share) / count) ** 0.5
            rows.append({
                "slice": name, "group": group, "people": count, "coverage": share + gap, "gap": gap,
                "chance": chance, "beyond_chance": max(abs(gap) - chance, 0.0),
                "true_gap": float("nan") if held is None else float(held[chosen].mean()) - share,
            })
    return pd.DataFrame(rows, columns=COLUMNS)


def _groups(
    people: pd.DataFrame, predicted: FloatArray, slices: Slices
) -> Iterator[tuple[str, str, BoolArray]]:
    yield from groups(people, slices)
    tier = np.digitize(predicted, TIERS_CNY)
    ends = (0, *TIERS_CNY)
    for place, start in enumerate(ends):
        word = f"{start:,} and more" if place == len(TIERS_CNY) else f"{start:,} to {ends[place + 1]:,}"
        yield "predicted_quota", word, tier == place
