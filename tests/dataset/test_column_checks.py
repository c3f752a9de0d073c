from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE
from weilidai.dataset.column_checks import as_numbers, check_column
from weilidai.dataset.problems import Problem
from weilidai.dataset.settings import TableLimits


def found(name: str, values: list[object] | pd.Series) -> list[Problem]:
    return list(check_column(CATALOGUE[name], pd.Series(values), TableLimits()))


@pytest.mark.parametrize("text", [["12", "13"], [12, "13"], [1.5, None, "x"]])
def test_text_in_a_column_of_numbers_is_refused_even_when_it_spells_one(text: list[object]) -> None:
    problem = found("daily_open_count", text)[0]
    assert problem.what == "holds text where a number belongs"
    assert problem.is_fatal
    assert problem.count == sum(isinstance(value, str) for value in text)


@pytest.mark.parametrize("text", [["9", "1,200", None], ["7", "many", "8"]])
def test_of_a_column_that_one_word_made_text_only_the_word_is_to_mend(text: list[object]) -> None:
    assert [problem.rows for problem in found("daily_open_count", text)] == [(2,)]


def test_a_bound_of_the_range_is_inside_in_either_precision() -> None:
    rate = CATALOGUE["daily_rate"]
    for precision in ("float32", "float64"):
        assert found("daily_rate", pd.Series([rate.low, rate.high], dtype=precision)) == []
    assert found("daily_rate", [0.00009, 0.0011])[0].count == 2


def test_an_infinite_value_is_told_once_and_as_infinite() -> None:
    assert [p.what for p in found("monthly_spend_cny", [1.0, np.inf, -np.inf])] == ["is infinite"]


@pytest.mark.parametrize("values", [[-0.0], [5e-324], [0.0, np.nan, 3.0]])
def test_strange_but_possible_numbers_pass(values: list[float]) -> None:
    assert found("red_packet_share", [min(value, 1.0) for value in values]) == []


def test_half_a_device_is_no_count() -> None:
    assert [p.what for p in found("device_count_7d", [1.0, 1.5])] == ["is not a whole number"]


def test_a_missing_value_is_fatal_only_where_missing_means_nothing() -> None:
    assert found("pay_score", [np.nan, 600.0]) == []
    assert found("friend_count", [np.nan, 600.0])[0].is_fatal


def test_an_optional_column_without_any_value_is_a_warning() -> None:
    assert [p.is_fatal for p in found("pay_score", [np.nan, np.nan])] == [False]


@pytest.mark.parametrize("flags", [[True, False], [1, 0], [1.0, 0.0], np.array([True, False], dtype=object)])
def test_a_flag_may_be_written_true_false_or_one_zero(flags: list[object]) -> None:
    assert found("uses_vpn", flags) == []


def test_a_flag_of_two_is_neither_true_nor_false() -> None:
    assert [p.what for p in found("uses_vpn", [0, 1, 2])] == ["is neither true nor false"]


def test_an_unseen_category_is_counted_and_above_the_limit_refused() -> None:
    few = found("user_type", ["student"] * 99 + ["astronaut"])
    many = found("user_type", ["student"] * 9 + ["astronaut"])
    assert [(p.count, p.is_fatal) for p in few] == [(1, False)]
    assert [(p.count, p.is_fatal) for p in many] == [(1, True)]
    assert "astronaut" not in str(many[0])


@pytest.mark.parametrize("strange", ["", "Student", " student", "student" * 1000, None])
def test_a_category_written_otherwise_is_another_category(strange: object) -> None:
    assert found("user_type", ["student"] * 50 + [strange])[0].count == 1


@pytest.mark.parametrize("month", ["2021-13", "2021/01", "202101", "", None])
def test_a_month_is_written_year_and_month(month: object) -> None:
    assert found("snapshot_month", ["2021-01", month])[0].rows == (2,)


@pytest.mark.parametrize(
    "column",
    [
        lambda: pd.Series([1, None], dtype="Int64"),
        lambda: pd.Series([1.0, None], dtype="Float32"),
        lambda: pd.Series([True, None], dtype="boolean"),
        lambda: pd.Series([1.0, None], dtype=object),
    ],
)
def test_every_way_of_writing_a_missing_number_reads_as_nan(column: Callable[[], pd.Series]) -> None:
    numbers = as_numbers(column())
    assert numbers is not None
    assert numbers[0] == 1
    assert np.isnan(numbers[1])
