"""The closed list of units a number in this project may carry.

A fact, a target or a column names its unit by one of these words; anything else is refused when it is
loaded. Percentages are stored as fractions: 15 % is 0.15 with unit ``share``.
"""

from typing import Final

UNITS: Final[dict[str, str]] = {
    "share": "a part of a whole, 0 to 1",
    "share_change": "a relative change, 0.4 means 40 percent more, -0.37 means 37 percent less",
    "points": "a difference of two shares, 0.28 means 28 percentage points",
    "weight": "a documented weight of a dimension, 0 to 1",
    "coefficient": "a documented influence coefficient without a unit",
    "multiple": "a factor, 3 means three times",
    "cny": "Chinese yuan",
    "cny_per_year": "Chinese yuan a year",
    "cny_per_month": "Chinese yuan a month",
    "cny_per_day": "Chinese yuan a day",
    "daily_rate": "interest a day as a fraction, 0.0005 is 0.05 %",
    "monthly_rate": "interest or fee a month as a fraction",
    "annual_rate": "interest a year as a fraction",
    "basis_points": "hundredths of a percent",
    "count": "a number of things",
    "count_per_day": "times a day",
    "count_per_month": "times a month",
    "count_per_quarter": "times a quarter",
    "count_per_half_year": "times in six months",
    "count_24m": "times in 24 months",
    "people": "a number of people",
    "score": "points of a documented score",
    "stars": "a star rating",
    "years": "years",
    "age_years": "age in completed years",
    "months": "months",
    "instalments": "monthly instalments or billing periods",
    "days": "days",
    "day_of_month": "a day of the calendar month, 1 to 31",
    "working_days": "working days",
    "hours": "hours",
    "minutes": "minutes",
    "seconds": "seconds",
    "km": "kilometres",
    "kelvin": "colour temperature in kelvin",
    "steps": "steps of a process",
    "petabytes_per_day": "petabytes a day",
    "year": "a calendar year, 2021",
    "year_month": "a calendar month as year and month, 2021.06 for June 2021",
    "year_quarter": "a calendar quarter, 2023.1 for the first quarter of 2023",
    "none": "no number, or a number without a unit",
}
"""Unit word -> what one means by it."""

DAYS_PER_YEAR_QUOTED: Final = 360
"""The documents annualise a daily rate by 360 days (0.023 % a day is quoted as 8.28 % a year)."""

MONTHS_PER_YEAR: Final = 12
DAYS_PER_MONTH: Final = 30
DAYS_PER_YEAR: Final = 365
HOURS_PER_DAY: Final = 24
SECONDS_PER_MINUTE: Final = 60
