"""A few people and what the model said of them, kept beside it: a model that answers otherwise is refused."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.models.features import numbers

FloatArray = npt.NDArray[np.float64]

PEOPLE_KEPT: Final = 24
_LAST_DIGITS: Final = 1e-12
"""Exponentials may differ in the last digit between processors; sums of leaves may not."""


def choose_people(people: pd.DataFrame, columns: Sequence[str], is_eligible: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Choose people to keep, spread over the table, half of them eligible where there are enough."""
    inside, outside = np.flatnonzero(is_eligible), np.flatnonzero(~is_eligible)
    half = PEOPLE_KEPT // 2
    places = np.sort(np.concatenate([_spread(inside, max(half, PEOPLE_KEPT - len(outside))), _spread(outside, half)]))
    return people_from(people_to_dict(people.iloc[places], columns))


def people_to_dict(people: pd.DataFrame, columns: Sequence[str]) -> dict[str, list[Any]]:
    """Write columns of people as plain JSON-able data, in the precision the models read."""
    return {name: _plain(people[name]) for name in columns}


def people_from(data: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """Read back what :func:`people_to_dict` wrote."""
    return pd.DataFrame({name: _column(values) for name, values in data.items()})


def to_plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Write answers as plain JSON-able data, every digit kept."""
    return {str(name): table[name].tolist() for name in table.columns}


def difference(found: Mapping[str, Sequence[Any]], recorded: Mapping[str, Sequence[Any]], *, exact: bool) -> str | None:
    """Name the first column in which two sets of answers differ, or None when they agree.

    Parameters
    ----------
    found, recorded
        Column -> one answer per person.
    exact
        Whether numbers must agree in every bit, or but for their last digits.
    """
    if set(found) != set(recorded):
        return min(set(found) ^ set(recorded))
    for name, values in found.items():
        if len(values) != len(recorded[name]) or not _agree(values, recorded[name], exact=exact):
            return name
    return None


def _agree(found: Sequence[Any], recorded: Sequence[Any], *, exact: bool) -> bool:
    if exact or not all(type(value) is float for value in (*found, *recorded)):
        return list(found) == list(recorded)
    return bool(np.allclose(found, recorded, rtol=_LAST_DIGITS, atol=0))


def _holds_words(values: Iterable[Any]) -> bool:
    """Tell by the values alone: which columns are categories depends on the table a model learnt from."""
    return any(isinstance(value, str) for value in values)


def _spread(places: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    steps = np.linspace(0, len(places) - 1, min(count, len(places))) if len(places) else np.empty(0)
    return places[np.unique(steps.astype(np.int64))]


def _plain(values: pd.Series) -> list[Any]:
    if isinstance(values.dtype, pd.StringDtype) or _holds_words(values):
        return [None if pd.isna(value) else str(value) for value in values]
    return [None if np.isnan(value) else float(value) for value in numbers(values)]


def _column(values: Sequence[Any]) -> npt.NDArray[Any]:
    if _holds_words(values):
        return np.array(values, dtype=object)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
