"""Whether the people of a later month still look like those a model learnt from."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BINS: Final = 10
ALL_MONTHS: Final = "all"
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
    before, after, bins = _places(reference, later)
    return _index(_share(before, bins), _share(after, bins))


def score_stability(reference: FloatArray, later: FloatArray, months: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Give ``month``, ``people`` and ``psi`` of a model's score in each later month."""
    before = pd.Series(reference)
    rows = []
    for month in sorted(set(months.tolist())):
        chosen = later[months == month]
        rows.append({"month": month, "people": len(chosen), "psi": psi(before, pd.Series(chosen))})
    return pd.DataFrame(rows, columns=["month", "people", "psi"])


def column_stability(
    reference: pd.DataFrame, later: pd.DataFrame, columns: tuple[str, ...], months: npt.NDArray[np.object_]
) -> pd.DataFrame:
    """Measure how far every column has moved in each later month, and over all of them.

    Parameters
    ----------
    reference, later
        People a model has learnt from, and those it is used on.
    columns
        What is compared; each is cut once, by the people of ``reference``.
    months
        Month of each later person, shape (later people,).

    Returns
    -------
    DataFrame
        ``column``, ``month`` (``all`` for the months together) and ``psi``, by month, the column that moved most first.
    """
    found, place = np.unique(months.astype(str), return_inverse=True)
    chosen = {ALL_MONTHS: np.ones(len(later), dtype=np.bool_)}
    chosen |= {str(month): place == number for number, month in enumerate(found)}
    rows = []
    for name in columns:
        before, after, bins = _places(reference[name], later[name])
        known = _share(before, bins)
        rows += [{"column": name, "month": month, "psi": _index(known, _share(after[who], bins))}
                 for month, who in chosen.items()]
    table = pd.DataFrame(rows, columns=["column", "month", "psi"])
    order = table["month"].map({month: number for number, month in enumerate(chosen)})
    return table.assign(order=order).sort_values(
        ["order", "psi"], ascending=[True, False], ignore_index=True
    ).drop(columns="order")


def month_by_month(table: pd.DataFrame) -> pd.DataFrame:
    """Lay the months of :func:`column_stability` side by side: ``column``, ``psi`` over all of them, and each month."""
    wide = table.pivot_table(index="column", columns="month", values="psi", sort=True, observed=True)
    months = [str(name) for name in wide.columns if name != ALL_MONTHS]
    laid = wide.rename(columns={ALL_MONTHS: "psi"}).rename_axis(columns=None).reset_index()
    return laid.reindex(columns=["column", "psi", *months]).sort_values("psi", ascending=False, ignore_index=True)


def farthest_column(table: pd.DataFrame) -> Mapping[str, str | float]:
    """Give ``column``, ``month`` and ``psi`` of the column that moved most in a single month; empty without columns."""
    by_month = table.loc[table["month"] != ALL_MONTHS]
    if by_month.empty:
        return {}
    first = by_month.sort_values("psi", ascending=False, kind="stable").to_dict("records")[0]
    return {"column": str(first["column"]), "month": str(first["month"]), "psi": float(first["psi"])}


def _places(reference: pd.Series, later: pd.Series) -> tuple[IntArray, IntArray, int]:
    """Give the bin of everybody before and later, and how many bins there are."""
    if is_numeric_dtype(reference.dtype) or is_bool_dtype(reference.dtype):
        numbers = [column.to_numpy(dtype=np.float64, na_value=np.nan) for column in (reference, later)]
        seen = numbers[0][~np.isnan(numbers[0])]
        cuts = np.unique(np.quantile(seen, np.arange(1, BINS) / BINS)) if seen.size else np.empty(0)
        places = [np.where(np.isnan(values), len(cuts) + 1, np.searchsorted(cuts, values)) for values in numbers]
        return places[0], places[1], len(cuts) + 2
    levels = pd.Index(pd.concat([reference, later]).dropna().unique())
    codes = [levels.get_indexer(pd.Index(column)) for column in (reference, later)]
    return codes[0] % (len(levels) + 1), codes[1] % (len(levels) + 1), len(levels) + 1


def _index(before: FloatArray, after: FloatArray) -> float:
    return float(np.sum((after - before) * np.log(after / before)))


def _share(places: IntArray, bins: int) -> FloatArray:
    counts = np.bincount(places, minlength=bins) + _HALF_A_PERSON
    shares: FloatArray = counts / counts.sum()
    return shares
