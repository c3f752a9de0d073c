"""How a person's rate may change: the regular review, discounts, and the price of the best star rating.

D1 section 6: a review every three months, five repayments on time open one; D3 section 6: seven stars have the
lowest rate; D2 section 3: the prime tier alone gets below the standing range, by a discount.
"""

import numpy as np
import numpy.typing as npt

from weilidai.errors import ConfigError
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class ReviewSettings(Strict):
    """When a rate is looked at again."""

    every_months: float
    on_time_least: float


class PriceSettings(Strict):
    """The standing range of daily rates and what goes to its end or below."""

    low: float
    high: float
    best_star: float
    best_star_rate: float
    discounted_low: float
    """Lowest daily rate that a discount reaches in the prime tier."""


def reviews_held(months_open: npt.ArrayLike, settings: ReviewSettings) -> FloatArray:
    """Count the rate reviews since opening."""
    return np.floor(np.asarray(months_open, dtype=np.float64) / settings.every_months)


def months_to_review(months_open: npt.ArrayLike, settings: ReviewSettings) -> FloatArray:
    """Months until the next review, above 0."""
    waited: FloatArray = np.mod(np.asarray(months_open, dtype=np.float64), settings.every_months)
    return settings.every_months - waited


def may_ask_lower_rate(
    months_open: npt.ArrayLike, on_time_count: npt.ArrayLike, settings: ReviewSettings,
) -> BoolArray:
    """Whether a review for a lower rate is open: one was due, and enough repayments came on time.

    A review is no promise; missing values (not opened) give False.
    """
    enough: BoolArray = np.asarray(on_time_count, dtype=np.float64) >= settings.on_time_least
    return enough & (reviews_held(months_open, settings) >= 1)


def star_rate(daily_rate: npt.ArrayLike, stars: npt.ArrayLike, settings: PriceSettings) -> FloatArray:
    """Daily rate once the star rating is known: the lowest from the best star on, else the own rate."""
    own = np.asarray(daily_rate, dtype=np.float64)
    return np.where(np.asarray(stars, dtype=np.float64) >= settings.best_star, settings.best_star_rate, own)


def discounted_rate(
    daily_rate: npt.ArrayLike, discount_share: float, is_prime: npt.ArrayLike, settings: PriceSettings,
) -> FloatArray:
    """Daily rate after a discount: no lower than the standing range, or the prime tier's own end.

    Raises
    ------
    ConfigError
        The discount is no share.
    """
    if not 0 <= discount_share <= 1:
        raise ConfigError("a discount is a share from 0 to 1; 20 % off is written 0.2")
    lowest = np.where(np.asarray(is_prime, dtype=np.bool_), settings.discounted_low, settings.low)
    return np.clip(np.asarray(daily_rate, dtype=np.float64) * (1 - discount_share), lowest, settings.high)
