"""From the first grant to the quota of today.

D0: people who grant bill details hold 32,000 CNY on average, those with basic permission 15,000 (section 3);
first-tier holders 48,000 (section 4); at most 200,000 since the expansion (section 5).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import CITY_TIERS
from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class GrowthParameters(Strict):
    """Log growth since the first grant."""

    intercept: float
    bill_permission: float
    city_tier: Mapping[str, float]
    terms: Mapping[str, Term]
    per_month: float
    """Log growth for each month since opening, from the middle of ``most_months``."""
    most_months: int
    own_spread: float
    low_cny: float
    high_cny: float
    step_cny: float


def months_open(uniform: FloatArray, parameters: GrowthParameters) -> FloatArray:
    """Months since opening, 1 to the most; shape (people,)."""
    months: FloatArray = np.floor(uniform * _f(parameters.most_months)) + _f(1)
    return months


def current_quota(
    people: Mapping[str, Any], first_cny: FloatArray, months: FloatArray, normal: FloatArray,
    parameters: GrowthParameters,
) -> FloatArray:
    """Grow the first grant to the quota of today, in whole steps within the cap; shape (people,)."""
    tier = np.array([parameters.city_tier[t] for t in CITY_TIERS], dtype=np.float32)[people["city_tier"]]
    log_growth = (
        _f(parameters.intercept)
        + _f(parameters.bill_permission) * people["has_transactions_permission"]
        + tier
        + total(tuple(parameters.terms.values()), people)
        + _f(parameters.per_month) * (months - _f(parameters.most_months / 2))
        + _f(parameters.own_spread) * normal
    )
    steps = np.round(first_cny * np.exp(log_growth) * _f(1 / parameters.step_cny))
    amount: FloatArray = steps * _f(parameters.step_cny)
    return np.clip(amount, _f(parameters.low_cny), _f(parameters.high_cny))
