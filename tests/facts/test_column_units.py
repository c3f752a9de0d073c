"""Documented figures read as a column counts."""

import pytest

from weilidai.columns import CATALOGUE, FEATURES
from weilidai.facts.column_units import on_column, units_of
from weilidai.units import UNITS


@pytest.mark.parametrize("column", [name for name in FEATURES if CATALOGUE[name].kind in ("number", "count")])
def test_every_number_the_lender_sees_has_a_unit_of_the_list(column: str) -> None:
    assert units_of(column)
    assert set(units_of(column)) <= set(UNITS)


@pytest.mark.parametrize("column", [name for name in FEATURES if CATALOGUE[name].kind in ("flag", "category")])
def test_a_flag_or_a_category_has_no_unit(column: str) -> None:
    assert units_of(column) == ()
    assert on_column(1, "count", column) is None


@pytest.mark.parametrize(
    ("value", "unit", "column", "read"),
    [
        (8, "count_per_day", "daily_open_count", (8, "count_per_day")),
        (15, "count_per_month", "daily_payment_count", (0.5, "count_per_day")),
        (2, "years", "account_age_months", (24, "months")),
        (500, "people", "friend_count", (500, "people")),
        (5, "count_per_quarter", "bureau_inquiry_count_3m", (5, "count_per_quarter")),
        (5, "count_per_quarter", "bureau_inquiry_count_6m", None),
        (500, "cny_per_month", "monthly_spend_cny", (500, "cny_per_month")),
        (500, "cny_per_month", "annual_flow_cny", None),
        (3, "multiple", "debt_to_income_share", None),
        (24, "hours", "verification_failure_count", None),
    ],
)
def test_a_figure_is_read_on_a_column_or_not_at_all(
    value: float, unit: str, column: str, read: tuple[float, str] | None
) -> None:
    assert on_column(value, unit, column) == read
