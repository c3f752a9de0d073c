"""The scorecard in points: bin by bin what a person gets, and the documented factor it stands for.

Points are a straight line on log-odds (Siddiqi, 2006): ``base_points`` at ``base_odds`` to one, and
``points_to_double`` more for every doubling of the odds.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.models.baselines import Evidence, WoeScorecard
from weilidai.models.settings import PointsSettings

if TYPE_CHECKING:
    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]


def points_table(
    card: WoeScorecard, factors: "FactorCatalogue", settings: PointsSettings, contract: Contract = DOCUMENTED
) -> pd.DataFrame:
    """List what every bin of every column is worth.

    Returns
    -------
    DataFrame
        One row per bin: ``dimension``, ``factor``, ``column``, ``bin``, ``evidence`` (weight of evidence),
        ``weight`` (of the column) and ``points`` (rounded to whole ones). A person's points are the sum of one
        row per column.
    """
    slope, offset = _line(settings)
    weights = card.regression.coef_[0]
    share = (offset + slope * float(card.regression.intercept_[0])) / len(card.features.names)
    rows = []
    for name, evidence, weight in zip(card.features.names, card.evidence, weights, strict=True):
        factor = factors.of_column(name)
        levels = card.features.levels.get(name)
        is_flag = contract.columns[name].kind == "flag"
        for words, woe in zip(_bins(evidence, levels, is_flag=is_flag), evidence.weights, strict=True):
            rows.append({
                "dimension": factor.dimension, "factor": factor.id, "column": name, "bin": words,
                "evidence": float(woe), "weight": float(weight), "points": round(share + slope * weight * float(woe)),
            })
    return pd.DataFrame(rows)


def points(log_odds: FloatArray, settings: PointsSettings) -> FloatArray:
    """Turn log-odds into points before rounding; same shape.

    Examples
    --------
    >>> points(np.log([1.0, 2.0]), PointsSettings(points_to_double=20, base_points=600, base_odds=1)).tolist()
    [600.0, 620.0]
    """
    slope, offset = _line(settings)
    return log_odds * slope + offset


def _line(settings: PointsSettings) -> tuple[float, float]:
    slope = settings.points_to_double / float(np.log(2))
    return slope, settings.base_points - slope * float(np.log(settings.base_odds))


def _bins(evidence: Evidence, levels: tuple[str, ...] | None, *, is_flag: bool) -> Iterator[str]:
    """Name the bins in their order; the last one is that of the unknown."""
    cuts = [f"{cut:g}" for cut in evidence.cuts]
    if levels is not None:
        yield from levels[: len(cuts) + 1]
    elif is_flag and len(cuts) == 1:
        yield from ("no", "yes")
    elif not cuts:
        yield "any"
    else:
        yield f"below {cuts[0]}"
        yield from (f"{low} to below {high}" for low, high in pairwise(cuts))
        yield f"{cuts[-1]} and above"
    yield "unknown"
