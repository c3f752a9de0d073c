"""Credit grade and daily rate.

D1 section 6: grades AAA, AA and A at 0.023, 0.035 and 0.045 % a day; D1 and D3: 0.02 to 0.05 % overall; D2
section 5: at most 24 % a year.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import GRADES
from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_YEAR_QUOTED

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class PricingParameters(Strict):
    """The grade index, its cuts, and the rates by grade (fractions a day)."""

    terms: Mapping[str, Term]
    own_spread: float
    """Standard deviation of the index that no column explains."""
    cut: Mapping[str, float]
    """Index from which a grade is given; the last grade has none."""
    middle: Mapping[str, float]
    """Index around which the people of each grade lie; they pay the grade's own rate."""
    grade_rate: Mapping[str, float]
    half_width: float
    """Largest distance of a rate from its grade's rate."""
    low: float
    high: float
    annual_cap: float
    discount_kept: float = 1.0
    """Part of the reductions below the grade's rate that is still given; 1 where discounts are as in the reference."""


def grade_index(people: Mapping[str, Any], normal: FloatArray, parameters: PricingParameters) -> FloatArray:
    """Weigh the columns into the index behind the grade; shape (people,)."""
    return total(tuple(parameters.terms.values()), people) + _f(parameters.own_spread) * normal


def grade_codes(index: FloatArray, parameters: PricingParameters) -> npt.NDArray[np.uint8]:
    """Grade by the cuts, best first (0 is AAA); shape (people,)."""
    cuts = [parameters.cut[grade] for grade in GRADES[:-1]]
    codes: npt.NDArray[np.uint8] = np.sum([index < _f(cut) for cut in cuts], axis=0).astype(np.uint8)
    return codes


def daily_rate(index: FloatArray, codes: npt.NDArray[np.uint8], parameters: PricingParameters) -> FloatArray:
    """Price a person inside the grade: cheaper above the grade's middle, within range and cap; shape (people,)."""
    base = np.array([parameters.grade_rate[grade] for grade in GRADES], dtype=np.float32)[codes]
    middle = np.array([parameters.middle[grade] for grade in GRADES], dtype=np.float32)[codes]
    step = _f(parameters.half_width) * np.tanh(index - middle)
    rate: FloatArray = base - np.where(step > 0, _f(parameters.discount_kept) * step, step)
    highest = min(parameters.high, parameters.annual_cap / DAYS_PER_YEAR_QUOTED)
    return np.clip(np.round(rate, 6), _f(parameters.low), _f(highest))
