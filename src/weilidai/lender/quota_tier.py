"""The tier of a quota: how often it is looked at, and the band that its rate is held to.

D2 section 3: new users from 500, active users from 5,000, prime users from 30,000 CNY, looked at once a month,
once a week and all the time, at 0.03 to 0.05, 0.02 to 0.04 and 0.015 to 0.03 % a day (D2.3.tier_new_quota,
D2.3.tier_active_quota, D2.3.tier_prime_quota and their rates and reviews). The lower end of a band belongs to
it (X.D2.tier_edges); what lies below the standing range is left to discounts (X.D2.rate_floor).
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from weilidai.columns import QUOTA_TIERS
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_MONTH

FloatArray = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]
_f = np.float32


class QuotaTierParameters(Strict):
    """Where the tiers begin, how often each is looked at, and what its daily rate lies between."""

    active_from_cny: float
    prime_from_cny: float
    new_review_months: float
    active_review_days: float
    prime_review_days: float
    rate_low: Mapping[str, float]
    rate_high: Mapping[str, float]
    standing_low: float
    """Lowest daily rate without a discount, whatever the tier."""


def tier_codes(quota_cny: FloatArray, parameters: QuotaTierParameters) -> Codes:
    """Code the tier of a quota, new, active or prime (0, 1, 2); shape (people,)."""
    starts = (parameters.active_from_cny, parameters.prime_from_cny)
    codes: Codes = np.sum([quota_cny >= _f(start) for start in starts], axis=0, dtype=np.uint8)
    return codes


def review_interval_days(codes: Codes, parameters: QuotaTierParameters) -> FloatArray:
    """Days between two looks at the quota, 0 where it is watched all the time; shape (people,)."""
    days = (
        parameters.new_review_months * DAYS_PER_MONTH, parameters.active_review_days, parameters.prime_review_days,
    )
    interval: FloatArray = np.array(days, dtype=np.float32)[codes]
    return interval


def tier_rate(daily_rate: FloatArray, codes: Codes, parameters: QuotaTierParameters) -> FloatArray:
    """Move a grade's rate to the nearest end of its tier's band (X.D2.rate_tiers_and_grades); shape (people,)."""
    low = np.array([max(parameters.rate_low[t], parameters.standing_low) for t in QUOTA_TIERS], dtype=np.float32)
    high = np.array([parameters.rate_high[t] for t in QUOTA_TIERS], dtype=np.float32)
    return np.clip(daily_rate, low[codes], high[codes])
