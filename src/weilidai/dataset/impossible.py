"""Rows that cannot be: what the columns of one person can never say together, counted check by check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, NEEDS
from weilidai.dataset.problems import BoolArray
from weilidai.dataset.row_checks import NEVER_ABOVE

FloatArray = npt.NDArray[np.float64]
Breaks = Callable[[pd.DataFrame], BoolArray]

STEPS: Final = (
    ("is_invited", "is_eligible"), ("has_applied", "is_invited"), ("has_closed_entry", "is_invited"),
    ("is_verified", "has_applied"), ("is_intercepted", "has_applied"), ("is_approved", "is_verified"),
    ("is_opened", "is_approved"), ("is_overdue", "is_opened"),
)
"""Step of the journey -> the step without which it cannot be."""
APART: Final = (("has_closed_entry", "has_applied"), ("is_intercepted", "is_opened"))
"""Steps that cannot both be."""
GRANTED: Final = ("initial_quota_cny", "current_quota_cny", "credit_grade", "daily_rate", "utilisation_share")
"""Columns that opened people have and nobody else has."""
MONTHS_IN_A_YEAR: Final = 12
DAYS_IN_A_YEAR: Final = 366
WORKING_AGE: Final = 16
ROUNDING: Final = 0.005
"""Payments a day are kept with two decimals."""
SLACK: Final = 1e-3
"""Relative room for sums of numbers kept with seven digits."""


@dataclass(frozen=True)
class Impossible:
    """One check over all people: what can never be, and how many people are so."""

    what: str
    count: int


@dataclass(frozen=True)
class Impossibilities:
    """All checks over one table."""

    people: int
    rows: int
    """People whom at least one check finds impossible."""
    checks: tuple[Impossible, ...]


def impossible_rows(applicants: pd.DataFrame) -> Impossibilities:
    """Count the people who cannot be, check by check and together.

    Parameters
    ----------
    applicants
        A generated table with every column of the contract.
    """
    together = np.zeros(len(applicants), dtype=np.bool_)
    found = []
    for what, breaks in _checks():
        broken = breaks(applicants)
        together |= broken
        found.append(Impossible(what, int(broken.sum())))
    return Impossibilities(len(applicants), int(together.sum()), tuple(found))


def _checks() -> Iterator[tuple[str, Breaks]]:
    yield "the same person twice", lambda a: a["person_id"].duplicated().to_numpy(dtype=np.bool_)
    yield "a figure outside its possible range", _out_of_range
    yield "no value where everybody has one", _unduly_missing
    yield "a value that a withheld permission or a missing record or card should hide", lambda a: _hidden(a, shown=True)
    yield "no value though permission, record or card is there", lambda a: _hidden(a, shown=False)
    for lower, upper in (*NEVER_ABOVE, ("licaitong_months", "real_name_months")):
        yield f"{lower} above {upper}", _above(lower, upper)
    yield "an account older than its owner", lambda a: _array(a, "account_age_months") > _months_lived(a, since=0)
    yield f"housing fund paid before the age of {WORKING_AGE}", (
        lambda a: _array(a, "housing_fund_months") > _months_lived(a, since=WORKING_AGE)
    )
    yield "a Licaitong holding held for no month", (
        lambda a: (_array(a, "licaitong_balance_cny") > 0) & (_array(a, "licaitong_months") == 0)
    )
    yield "a yearly flow below twelve months of spending", (
        lambda a: _array(a, "annual_flow_cny")
        < np.minimum(_array(a, "monthly_spend_cny") * MONTHS_IN_A_YEAR, _highest("annual_flow_cny")) * (1 - SLACK)
    )
    yield "more large payments in a year than payments", (
        lambda a: _array(a, "large_payment_count_12m") > DAYS_IN_A_YEAR * (_array(a, "daily_payment_count") + ROUNDING)
    )
    for step, before in STEPS:
        yield f"{step} without {before}", _without(step, before)
    for one, other in APART:
        yield f"{one} together with {other}", _together(one, other)
    yield "an entry shown to somebody not invited", (
        lambda a: (_array(a, "entry_trigger_count_1m") > 0) & ~_flag(a, "is_invited")
    )
    for name in GRANTED:
        yield f"{name} without opening, or opening without it", _not_exactly_opened(name)


def _above(lower: str, upper: str) -> Breaks:
    return lambda a: _array(a, lower) > _array(a, upper)


def _without(step: str, before: str) -> Breaks:
    return lambda a: _flag(a, step) & ~_flag(a, before)


def _together(one: str, other: str) -> Breaks:
    return lambda a: _flag(a, one) & _flag(a, other)


def _not_exactly_opened(name: str) -> Breaks:
    return lambda a: _there(a, name) != _flag(a, "is_opened")


def _out_of_range(applicants: pd.DataFrame) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name, column in CATALOGUE.items():
        if column.low is not None:
            broken |= _array(applicants, name) < column.low - SLACK * abs(column.low)
        if column.high is not None:
            broken |= _array(applicants, name) > column.high + SLACK * abs(column.high)
    return broken


def _unduly_missing(applicants: pd.DataFrame) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name in (name for name, column in CATALOGUE.items() if not column.may_be_missing):
        broken |= ~_there(applicants, name)
    return broken


def _hidden(applicants: pd.DataFrame, *, shown: bool) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name, need in NEEDS.items():
        has_need = _array(applicants, need) > 0
        there = _there(applicants, name)
        broken |= there & ~has_need if shown else ~there & has_need
    return broken


def _months_lived(applicants: pd.DataFrame, since: int) -> FloatArray:
    """Most months somebody of this age can have lived since a birthday; ages are completed years."""
    return np.maximum((_array(applicants, "age_years") + 1 - since) * MONTHS_IN_A_YEAR, 0)


def _highest(name: str) -> float:
    high = CATALOGUE[name].high
    return np.inf if high is None else high


def _array(applicants: pd.DataFrame, name: str) -> FloatArray:
    return applicants[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _flag(applicants: pd.DataFrame, name: str) -> BoolArray:
    return np.equal(_array(applicants, name), 1)


def _there(applicants: pd.DataFrame, name: str) -> BoolArray:
    return applicants[name].notna().to_numpy(dtype=np.bool_)
