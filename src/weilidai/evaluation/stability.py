"""Whether the people of a later month still look like those a model learnt from."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BINS: Final = 10
_HALF_A_PERSON: Final = 0.5
"""Added to each count, so that an empty bin has a finite share."""


def psi(reference: pd.Series, later: pd.Series) -> float:
    """Measure how far a column has moved: the population stability index.

    Numbers are cut at the tenths of ``reference``; a category is its own bin, and so is a missing value. Below
    0.1 is read as stable, above 0.25 as a different population (Siddiqi, 2006).

    Examples
    --------
    >>> round(psi(pd.Series([1, 2, 3, 4] * 100), pd.Series([1, 2, 3, 4] * 100)), 6)
    0.0
    """
    before, after = _shares(reference, later)
    return float(np.sum((after - before) * np.log(after / before)))


def score_stability(reference: FloatArray, later: FloatArray, months: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Give ``month``, ``people`` and ``psi`` of a model's score in each later month."""
    before = pd.Series(reference)
    rows = []
    for month in sorted(set(months.tolist())):
        chosen = later[months == month]
        rows.append({"month": month, "people": len(chosen), "psi": psi(before, pd.Series(chosen))})
    return pd.DataFrame(rows, columns=["month", "people", "psi"])


def column_stability(reference: pd.DataFrame, later: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Give ``column`` and ``psi`` of every column, the one that moved most first."""
    rows = [{"column": name, "psi": psi(reference[name], later[name])} for name in columns]
    return pd.DataFrame(rows, columns=["column", "psi"]).sort_values("psi", ascending=False, ignore_index=True)


def _shares(reference: pd.Series, later: pd.Series) -> tuple[FloatArray, FloatArray]:
    if is_numeric_dtype(reference.dtype) or is_bool_dtype(reference.dtype):
        numbers = [column.to_numpy(dtype=np.float64, na_value=np.nan) for column in (reference, later)]
        seen = numbers[0][~np.isnan(numbers[0])]
        cuts = np.unique(np.quantile(seen, np.arange(1, BINS) / BINS)) if seen.size else np.empty(0)
        places = [np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values)) for values in numbers]
        return _share(places[0], len(cuts) + 2), _share(places[1], len(cuts) + 2)
    levels = pd.Index(pd.concat([reference, later]).dropna().unique())
    codes = [levels.get_indexer(pd.Index(column)) for column in (reference, later)]
    return _share(codes[0] % (len(levels) + 1), len(levels) + 1), _share(codes[1] % (len(levels) + 1), len(levels) + 1)


def _share(places: IntArray, bins: int) -> FloatArray:
    counts = np.bincount(places, minlength=bins) + _HALF_A_PERSON
    shares: FloatArray = counts / counts.sum()
    return shares
