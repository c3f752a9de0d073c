"""Figures in words: a fact's values with their unit, in English and Chinese."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

Language = Literal["en", "zh"]

_PERCENT: Final = ("share", "share_change", "weight", "daily_rate", "monthly_rate", "annual_rate")
_SIGNED: Final = ("share_change", "points")
_BARE: Final = ("year", "year_month", "year_quarter", "none", "coefficient")
_SUFFIX: Final[Mapping[str, tuple[str, str]]] = {
    "share": ("", ""), "share_change": ("", ""), "weight": ("", ""),
    "points": (" percentage points", " 个百分点"),
    "multiple": (" times", " 倍"),
    "cny": (" CNY", " 元"),
    "cny_per_year": (" CNY a year", " 元/年"),
    "cny_per_month": (" CNY a month", " 元/月"),
    "cny_per_day": (" CNY a day", " 元/日"),
    "daily_rate": (" a day", "/日"),
    "monthly_rate": (" a month", "/月"),
    "annual_rate": (" a year", "/年"),
    "basis_points": (" basis points", " 个基点"),
    "count": ("", ""),
    "count_per_day": (" a day", " 次/日"),
    "count_per_month": (" a month", " 次/月"),
    "count_per_quarter": (" a quarter", " 次/季度"),
    "count_per_half_year": (" in six months", " 次/半年"),
    "count_24m": (" in 24 months", " 次/24个月"),
    "people": (" people", " 人"),
    "score": (" points", " 分"),
    "stars": (" stars", " 星"),
    "years": (" years", " 年"),
    "age_years": (" years of age", " 岁"),
    "months": (" months", " 个月"),
    "instalments": (" instalments", " 期"),
    "days": (" days", " 天"),
    "day_of_month": ("", " 日"),
    "working_days": (" working days", " 个工作日"),
    "hours": (" hours", " 小时"),
    "minutes": (" minutes", " 分钟"),
    "seconds": (" seconds", " 秒"),
    "km": (" km", " 公里"),
    "kelvin": (" K", " K"),
    "steps": (" steps", " 步"),
    "petabytes_per_day": (" PB a day", " PB/日"),
    "year": ("", "年"), "year_month": ("", ""), "year_quarter": ("", ""),
    "coefficient": ("", ""), "none": ("", ""),
}
"""Unit -> what follows the figure in English and in Chinese."""


def spell_values(values: Sequence[float], unit: str, language: Language = "en") -> str:
    """Write one value, or two as a range, with the unit once.

    Parameters
    ----------
    values
        Figures as a fact stores them; percentages as fractions.
    unit
        A word of :data:`weilidai.units.UNITS`.
    language
        ``en`` or ``zh``.

    Examples
    --------
    >>> spell_values([0.45], "share")
    '45 %'
    >>> spell_values([500, 30000], "cny")
    '500 to 30,000 CNY'
    >>> spell_values([2020.11], "year_month")
    '2020-11'
    """
    if not values:
        return ""
    joint = " to " if language == "en" else " 至 "
    return joint.join(_figure(value, unit) for value in values) + _SUFFIX[unit][language == "zh"]


def _figure(value: float, unit: str) -> str:
    if unit == "year_month":
        return f"{int(value)}-{round(value % 1 * 100):02d}"
    if unit == "year_quarter":
        return f"{int(value)} Q{round(value % 1 * 10)}"
    if unit in _BARE:
        return _short(value)
    scaled = value * 100 if unit in (*_PERCENT, "points") else value
    sign = "+" if unit in _SIGNED and value > 0 else ""
    percent = " %" if unit in _PERCENT else ""
    return f"{sign}{_short(scaled, ',')}{percent}"


def _short(value: float, thousands: str = "") -> str:
    text = f"{value:{thousands}.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
