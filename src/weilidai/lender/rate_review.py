"""The rate's own review: who has one, what the star rating earns, and the daily rate that follows.

D1 section 6: a review every three months, opened by five repayments on time, as a possibility and not a promise
(D1.6.review_cycle, D1.6.on_time_for_review); the price stands 30 to 80 basis points above a base rate
(D1.6.base_plus), which is shown beside the price and does not make it (X.D1.base_plus_and_grades). D3 section 6:
seven stars have the lowest rate (D3.6.best_star, D3.6.best_star_rate).
"""

import numpy as np
import numpy.typing as npt

from weilidai.lender.terms.review import (
    PriceSettings,
    ReviewSettings,
    discounted_rate,
    may_ask_lower_rate,
    star_rate,
)
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32


class StarScale(Strict):
    """Scores between which the stars are given out in equal bands, the best star on top."""

    score_low: float
    score_high: float


class RateReviewParameters(Strict):
    """When a rate is reviewed, what a review may give, and the figures shown beside the price."""

    review: ReviewSettings
    price: PriceSettings
    stars: StarScale
    granted_share: float
    """Share of the open reviews that end with a lower rate."""
    discount_share: float
    """Part of the rate that such a review takes off."""
    spread_low_bp: float
    spread_high_bp: float


def star_rating(score: FloatArray, parameters: RateReviewParameters) -> FloatArray:
    """Give 1 star to the best number of stars by equal bands of the Tencent score; shape (people,)."""
    scale, best = parameters.stars, parameters.price.best_star
    place = (score - _f(scale.score_low)) * _f(best / (scale.score_high - scale.score_low))
    stars: FloatArray = np.clip(np.floor(place) + _f(1), _f(1), _f(best))
    return stars


def base_spread_bp(daily_rate: FloatArray, parameters: RateReviewParameters) -> FloatArray:
    """Basis points above the base rate: the documented band laid along the standing range; shape (people,)."""
    price, width = parameters.price, parameters.spread_high_bp - parameters.spread_low_bp
    place = (daily_rate - _f(price.low)) * _f(1 / (price.high - price.low))
    spread: FloatArray = _f(parameters.spread_low_bp) + _f(width) * np.clip(place, _f(0), _f(1))
    return np.round(spread, 1)


def has_rate_review(
    months: FloatArray, on_time: FloatArray, is_overdue: BoolArray, parameters: RateReviewParameters,
) -> BoolArray:
    """Tell for whom a review for a lower rate is open: due, enough repayments on time, nothing overdue."""
    return may_ask_lower_rate(months, on_time, parameters.review) & ~is_overdue


def next_daily_rate(
    rate: FloatArray, has_review: BoolArray, stars: FloatArray, uniform: FloatArray, parameters: RateReviewParameters,
) -> FloatArray:
    """Daily rate after the next review: lower if one is open and granted, the lowest for the best star.

    Parameters
    ----------
    rate
        Daily rate held to the tier's band; shape (people,).
    has_review, stars
        See :func:`has_rate_review` and :func:`star_rating`.
    uniform
        One uniform on [0, 1) each; an open review is granted below the granted share.
    """
    granted = has_review & (uniform < _f(parameters.granted_share))
    lower = discounted_rate(rate, parameters.discount_share, False, parameters.price)  # noqa: FBT003  no prime discount here
    reviewed = star_rate(np.where(granted, lower, rate), stars, parameters.price)
    return np.round(reviewed, 7).astype(np.float32)
