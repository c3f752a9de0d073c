"""Reading one person per row: numbers, kinds of users, months since a date, and what goes with what."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.dataset.problems import BoolArray

FloatArray = npt.NDArray[np.float64]
Breaks = Callable[[pd.DataFrame], BoolArray]
"""A check: it tells of a table who cannot be; shape (people,)."""
MONTHS_IN_A_YEAR: Final = 12
DAYS_IN_A_YEAR: Final = 366
DAYS_IN_A_MONTH: Final = 31
SLACK: Final = 1e-3
"""Relative room for sums of numbers kept with seven digits."""


def numbers(applicants: pd.DataFrame, name: str) -> FloatArray:
    """Read a column as numbers; NaN where there is none; shape (people,)."""
    return applicants[name].to_numpy(dtype=np.float64, na_value=np.nan)


def is_level(applicants: pd.DataFrame, name: str, level: str) -> BoolArray:
    """Tell whose category is this one; shape (people,)."""
    return applicants[name].eq(level).to_numpy(dtype=np.bool_)


def above(lower: str, upper: str) -> Breaks:
    """Check that one column never lies above another."""
    return lambda a: numbers(a, lower) > numbers(a, upper)


def has_without(name: str, need: str) -> Breaks:
    """Check that nobody has something without something else."""
    return lambda a: (numbers(a, name) > 0) & ~(numbers(a, need) > 0)


def tells_without(name: str, need: str) -> Breaks:
    """Check that a column says nothing, not even zero, without something else."""
    return lambda a: ~np.isnan(numbers(a, name)) & ~(numbers(a, need) > 0)


def has_younger_than(age: int, name: str) -> Breaks:
    """Check that nobody under an age has something."""
    return lambda a: (numbers(a, name) > 0) & (numbers(a, "age_years") < age)


def longer_than_lived(name: str, since: int) -> Breaks:
    """Check that nobody has more months than since a birthday; ages are completed years."""
    return lambda a: numbers(a, name) > np.maximum((numbers(a, "age_years") + 1 - since) * MONTHS_IN_A_YEAR, 0)


def longer_than_known(name: str, launch: tuple[int, int]) -> Breaks:
    """Check that nobody has more months than since a launch."""
    return lambda a: numbers(a, name) > np.maximum(months_since(launch, a), 0)


def months_since(launch: tuple[int, int], applicants: pd.DataFrame) -> FloatArray:
    """Count the months from a launch to each person's snapshot; shape (people,)."""
    snapshot = applicants["snapshot_month"].astype("str")
    year, month = snapshot.str[:4].to_numpy(dtype=np.float64), snapshot.str[5:7].to_numpy(dtype=np.float64)
    months: FloatArray = (year - launch[0]) * MONTHS_IN_A_YEAR + month - launch[1]
    return months
