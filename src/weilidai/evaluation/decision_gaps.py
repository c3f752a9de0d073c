"""Whether groups are decided on alike: gaps of selection and of error, with the lender's own beside them."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.slices import SLICES, slice_values

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

RATES: Final = ("selected", "invited", "reached", "false_alarm")
"""``selected`` share the model decides for; ``invited`` share the lender invites; ``reached`` share of the invited the
model decides for (equal opportunity compares it); ``false_alarm`` share of the others it decides for."""


def decision_gaps(
    people: pd.DataFrame, label: BoolArray, decision: BoolArray, settings: EvaluationSettings
) -> pd.DataFrame:
    """Compare each group with all others of its slice.

    Drawing people with replacement draws the counts of a table of group, label and decision, so the intervals are
    those of the bootstrap at the cost of a few counts.

    Parameters
    ----------
    people
        Table with the slicing columns.
    label, decision
        Whether the lender invited each person, and whether the model decides so; shapes (people,).
    settings
        Bootstrap, and the fewest people of a group.

    Returns
    -------
    DataFrame
        ``slice``, ``group``, ``people`` and for each of ``RATES`` its value, and ``<rate>_gap`` (the group less the
        others; 0 is parity) with ``<rate>_gap_low`` and ``<rate>_gap_high``.
    """
    rows = []
    for name in SLICES:
        values = slice_values(people, name).astype(str)
        names, places = np.unique(values, return_inverse=True)
        cells = 4 * places + 2 * label + decision
        counts = np.bincount(cells, minlength=4 * len(names)).astype(np.float64)
        drawn = np.random.default_rng(settings.seed).multinomial(len(label), counts / counts.sum(), settings.replicates)
        tables = (counts[np.newaxis], drawn.astype(np.float64))
        own, draws = (_compared(table.reshape(-1, len(names), 2, 2)) for table in tables)
        sizes = counts.reshape(len(names), 4).sum(axis=1)
        rows += [
            {"slice": name, "group": str(group), "people": int(sizes[place]),
             **_row(own[:, :, place], draws[:, :, place], settings.level)}
            for place, group in enumerate(names) if sizes[place] >= settings.slice_minimum
        ]
    measured = [f"{rate}{end}" for rate in RATES for end in ("", "_gap", "_gap_low", "_gap_high")]
    return pd.DataFrame(rows, columns=["slice", "group", "people", *measured])


def _compared(counts: FloatArray) -> FloatArray:
    """Give rates and gaps; shape (draws, 2 x rates, groups)."""
    group, others = _rates(counts), _rates(counts.sum(axis=1, keepdims=True) - counts)
    return np.concatenate([group, group - others], axis=1)


def _rates(counts: FloatArray) -> FloatArray:
    everybody = counts.sum(axis=(2, 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [
            counts[:, :, :, 1].sum(axis=2) / everybody,
            counts[:, :, 1, :].sum(axis=2) / everybody,
            counts[:, :, 1, 1] / counts[:, :, 1, :].sum(axis=2),
            counts[:, :, 0, 1] / counts[:, :, 0, :].sum(axis=2),
        ]
    return np.stack(found, axis=1)


def _row(own: FloatArray, draws: FloatArray, level: float) -> dict[str, float]:
    tail = (1 - level) / 2
    row: dict[str, float] = {}
    for place, rate in enumerate(RATES):
        gaps = draws[:, len(RATES) + place]
        kept = gaps[np.isfinite(gaps)]
        low, high = np.quantile(kept, (tail, 1 - tail)) if kept.size else (np.nan, np.nan)
        row |= {rate: float(own[0, place]), f"{rate}_gap": float(own[0, len(RATES) + place]),
                f"{rate}_gap_low": float(low), f"{rate}_gap_high": float(high)}
    return row
