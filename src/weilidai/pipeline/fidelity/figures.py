"""Figures as a reader wants them: percentages where a unit is a share, few digits otherwise."""

import math
from typing import Final

NONE: Final = "–"
"""What stands where nothing could be measured."""
_PERCENT: Final = {"share", "share_change", "weight", "annual_rate", "monthly_rate"}
_THOUSAND: Final = 1000
_TINY: Final = 0.01


def short(value: float, unit: str = "none") -> str:
    r"""Write a figure short, with the mark of its unit.

    Examples
    --------
    >>> short(0.4512, "share"), short(-0.37, "share_change"), short(0.28, "points"), short(0.00023, "daily_rate")
    ('45.1\xa0%', '−37.0\xa0%', '28.0 points', '0.0230\xa0%')
    >>> short(32000, "cny"), short(4.5, "count_per_month"), short(1234567), short(float("nan"))
    ('32,000', '4.5', '1.23M', '–')
    """
    if not math.isfinite(value):
        return NONE
    sign = "−" if value < 0 else ""
    return sign + _size(abs(value), unit)


def _size(size: float, unit: str) -> str:
    if unit in _PERCENT:
        return f"{size:{'.2%' if 'rate' in unit else '.1%'}}".replace("%", "\u00a0%")
    if unit == "points":
        return f"{100 * size:.1f} points"
    if unit == "daily_rate":
        return f"{size:.4%}".replace("%", "\u00a0%")
    if size >= _THOUSAND**2 and unit == "none":
        return f"{size / _THOUSAND**2:.3g}M"
    if size >= _THOUSAND:
        return f"{size:,.0f}"
    return f"{size:.3g}" if size >= _TINY or not size else f"{size:.2g}"
