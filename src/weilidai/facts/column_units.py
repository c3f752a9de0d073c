"""Reading a documented figure in the unit of a column: 15 payments a month are half a payment a day."""

import re
from collections.abc import Mapping
from typing import Final

from weilidai.units import DAYS_PER_MONTH, MONTHS_PER_YEAR

_UNIT_BY_NAME: Final = (
    (re.compile(r"daily_\w+_count"), ("count_per_day",)),
    (re.compile(r"monthly_\w+_cny"), ("cny_per_month",)),
    (re.compile(r"annual_\w+_cny"), ("cny_per_year",)),
    (re.compile(r"\w+_cny"), ("cny",)),
    (re.compile(r"\w+_share(_\w+)?"), ("share",)),
    (re.compile(r"\w+_months"), ("months",)),
    (re.compile(r"\w+_km_\w+"), ("km",)),
    (re.compile(r"\w+_count_3m"), ("count_per_quarter", "count")),
    (re.compile(r"\w+_count_6m"), ("count_per_half_year", "count")),
    (re.compile(r"\w+_count_24m"), ("count_24m", "count")),
    (re.compile(r"\w+_count(_\w+)?|charity_months_12m"), ("count", "people")),
    (re.compile(r"\w*score"), ("score",)),
    (re.compile(r"age_years"), ("age_years",)),
)
"""Form of a column's name -> units a fact may have to be read on it, the column's own first."""

_TIMES: Final[Mapping[tuple[str, str], float]] = {
    ("count_per_month", "count_per_day"): 1 / DAYS_PER_MONTH,
    ("years", "months"): MONTHS_PER_YEAR,
}
"""Unit of a fact, unit of a column -> what the figure is multiplied by."""


def units_of(column: str) -> tuple[str, ...]:
    """Give the units a number of this column can have, its own first; empty for a column without a number.

    Examples
    --------
    >>> units_of("daily_payment_count"), units_of("region")
    (('count_per_day',), ())
    """
    return next((units for form, units in _UNIT_BY_NAME if form.fullmatch(column)), ())


def on_column(value: float, unit: str, column: str) -> tuple[float, str] | None:
    """Read a documented figure on a column.

    Returns
    -------
    tuple of float and str, or None
        The figure and its unit as the column counts; None when the units have nothing to do with each other.

    Examples
    --------
    >>> on_column(15, "count_per_month", "daily_payment_count")
    (0.5, 'count_per_day')
    >>> on_column(15, "months", "daily_payment_count") is None
    True
    """
    units = units_of(column)
    if unit in units:
        return value, unit
    times = _TIMES.get((unit, units[0])) if units else None
    return None if times is None else (value * times, units[0])
