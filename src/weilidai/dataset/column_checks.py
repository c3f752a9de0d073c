"""What each column of a table must look like by itself: kind, range, missing values, known categories."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

from weilidai.columns import DOCUMENTED, UNKNOWN_LEVEL, Column, Contract
from weilidai.dataset.problems import BoolArray, Problem, breaches
from weilidai.dataset.settings import TableLimits

FloatArray = npt.NDArray[np.float64]

_NUMBERS: Final = frozenset({"floating", "integer", "mixed-integer-float", "boolean", "empty"})
"""What a column of Python objects may hold and still be a column of numbers."""
_MONTH: Final = r"\d{4}-(?:0[1-9]|1[0-2])"


def check_column(
    column: Column, values: pd.Series, limits: TableLimits, contract: Contract = DOCUMENTED
) -> Iterator[Problem]:
    """Check one column against its entry in the contract."""
    if column.kind == "category":
        yield from _check_category(column, values, limits, contract.levels[column.name])
    elif column.kind == "text":
        yield from _check_text(column, values)
    else:
        yield from _check_numbers(column, values)


def as_numbers(values: pd.Series) -> FloatArray | None:
    """Read a column as float64 with NaN for missing values, or give None when it holds anything but numbers.

    Text that spells a number is text: nothing is coerced silently.
    """
    if is_bool_dtype(values.dtype) or is_numeric_dtype(values.dtype) or _holds_number_objects(values):
        try:
            return values.to_numpy(dtype=np.float64, na_value=np.nan)
        except OverflowError:
            return np.array([_nearest(value) for value in values.to_numpy(dtype=object, na_value=np.nan)])
    return None


def _nearest(value: float) -> float:
    """Give the nearest float; a whole number beyond them all, which only Python can hold, is infinite."""
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf


def _holds_number_objects(values: pd.Series) -> bool:
    return values.dtype == object and infer_dtype(values, skipna=True) in _NUMBERS


def _check_category(
    column: Column, values: pd.Series, limits: TableLimits, levels: tuple[str, ...]
) -> Iterator[Problem]:
    missing = values.isna().to_numpy(dtype=np.bool_)
    known = values.isin([*levels, UNKNOWN_LEVEL]).to_numpy(dtype=np.bool_)
    is_gap = missing & (not column.may_be_missing)
    strange = (~known & ~missing) | is_gap
    yield from breaches(column.name, "holds a list or a table where a word belongs", _nested(values, strange))
    share = float(strange.mean()) if strange.size else 0.0
    if share > limits.unknown_share:
        what = f"category not in the dictionary for {share:.1%} of the people, above {limits.unknown_share:.1%}"
        yield from breaches(column.name, what, strange)
    else:
        yield from breaches(column.name, f"category counted as {UNKNOWN_LEVEL!r}", strange, is_fatal=False)


def _nested(values: pd.Series, looked_at: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Find what no dictionary can be asked for."""
    nested = np.zeros(len(values), dtype=np.bool_)
    if values.dtype == object:
        nested[looked_at] = [getattr(value, "__hash__", None) is None for value in values[looked_at]]
    return nested


def _check_text(column: Column, values: pd.Series) -> Iterator[Problem]:
    text = values.astype("string")
    if column.name == "snapshot_month":
        wrong = ~text.str.fullmatch(_MONTH).fillna(value=False).to_numpy(dtype=np.bool_)
        yield from breaches(column.name, "is not a month written YYYY-MM", wrong)
    else:
        yield from breaches(column.name, "is missing", text.isna().to_numpy(dtype=np.bool_))


def _check_numbers(column: Column, values: pd.Series) -> Iterator[Problem]:
    numbers = as_numbers(values)
    if numbers is None:
        yield from breaches(column.name, "holds text where a number belongs", _text_rows(values))
        return
    missing = np.isnan(numbers)
    infinite = np.isinf(numbers)
    if missing.all() and missing.size > 1:
        yield Problem(column.name, "is missing for everybody", is_fatal=not column.may_be_missing)
    elif not column.may_be_missing:
        yield from breaches(column.name, "is missing where the contract wants a value", missing)
    yield from breaches(column.name, "is infinite", infinite)
    yield from breaches(column.name, _range_in_words(column), _out_of_range(column, numbers) & ~infinite)
    if column.kind == "count":
        with np.errstate(invalid="ignore"):
            part = ~missing & ~infinite & (numbers != np.floor(numbers))
        yield from breaches(column.name, "is not a whole number", part)


def _text_rows(values: pd.Series) -> BoolArray:
    """Mark the rows to mend; one word in a CSV makes text of its whole column, and then only the words are meant."""
    text = [isinstance(value, str) or not _is_number_or_missing(value) for value in values.to_numpy(object)]
    marked = np.array(text, dtype=np.bool_)
    if (marked | values.isna().to_numpy(dtype=np.bool_)).all():
        words = marked & pd.to_numeric(values.astype(object), errors="coerce").isna().to_numpy(dtype=np.bool_)
        marked = words if words.any() else marked
    return marked if marked.any() else np.ones(len(values), dtype=np.bool_)


def _is_number_or_missing(value: object) -> bool:
    # A list in a cell is asked for its single values, which is no answer to whether it is missing.
    return np.isscalar(value) or (not pd.api.types.is_list_like(value) and bool(pd.isna(value)))  # type: ignore[call-overload]


def _range_in_words(column: Column) -> str:
    if column.kind == "flag":
        return "is neither true nor false"
    low = "" if column.low is None else f" from {column.low:g}"
    high = "" if column.high is None else f" to {column.high:g}"
    return f"is outside the possible range{low}{high}"


def _out_of_range(column: Column, numbers: FloatArray) -> BoolArray:
    """Mark impossible values; a bound holds for its float32 neighbour too, the precision tables are stored in."""
    outside: BoolArray = np.zeros(len(numbers), dtype=np.bool_)
    if column.kind == "flag":
        outside |= ~np.isnan(numbers) & (numbers != 0) & (numbers != 1)
    if column.low is not None:
        outside |= numbers < min(column.low, float(np.float32(column.low)))
    if column.high is not None:
        outside |= numbers > max(column.high, float(np.float32(column.high)))
    return outside
