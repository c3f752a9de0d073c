"""Figures in words."""

import pytest

from weilidai.facts.amounts import spell_values
from weilidai.units import UNITS


@pytest.mark.parametrize(
    ("values", "unit", "english", "chinese"),
    [
        ([0.45], "share", "45 %", "45 %"),
        ([0.012], "share", "1.2 %", "1.2 %"),
        ([-0.37], "share_change", "-37 %", "-37 %"),
        ([0.4], "share_change", "+40 %", "+40 %"),
        ([0.28], "points", "+28 percentage points", "+28 个百分点"),
        ([0.00023], "daily_rate", "0.023 % a day", "0.023 %/日"),
        ([0.0002, 0.0005], "daily_rate", "0.02 % to 0.05 % a day", "0.02 % 至 0.05 %/日"),
        ([500, 300000], "cny", "500 to 300,000 CNY", "500 至 300,000 元"),
        ([4.2], "cny_per_day", "4.2 CNY a day", "4.2 元/日"),
        ([0.18], "coefficient", "0.18", "0.18"),
        ([3], "multiple", "3 times", "3 倍"),
        ([2021], "year", "2021", "2021年"),
        ([2020.1], "year_month", "2020-10", "2020-10"),
        ([2020.11], "year_month", "2020-11", "2020-11"),
        ([2021.06], "year_month", "2021-06", "2021-06"),
        ([2023.1], "year_quarter", "2023 Q1", "2023 Q1"),
        ([0], "count", "0", "0"),
        ([10], "count", "10", "10"),
        ([], "none", "", ""),
    ],
)
def test_a_figure_is_written_as_one_would_say_it(
    values: list[float], unit: str, english: str, chinese: str
) -> None:
    assert spell_values(values, unit) == english
    assert spell_values(values, unit, "zh") == chinese


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_can_be_written_in_both_languages(unit: str) -> None:
    assert spell_values([1], unit)
    assert spell_values([1], unit, "zh")
