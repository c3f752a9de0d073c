"""The six months after the snapshot: habits, reviews, and the quota that comes out.

The quota of today stays as it is; what is told here happens to it next. A quota that is closed or reduced does
not grow in the same half year. Who was seen to use the money for what is forbidden borrows no second time.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.lender.growth import GrowthParameters
from weilidai.lender.habits import HabitParameters, bill_payment_count, has_habit
from weilidai.lender.increase import (
    IncreaseParameters,
    growth_score,
    increase_chance,
    increase_share,
    insurance_gain,
)
from weilidai.lender.quota_tier import QuotaTierParameters, review_interval_days, tier_codes, tier_rate
from weilidai.lender.rate_review import (
    RateReviewParameters,
    base_spread_bp,
    has_rate_review,
    next_daily_rate,
    star_rating,
)
from weilidai.lender.reduction import (
    ReductionParameters,
    applies_for_many,
    closing_chance,
    reduced_quota,
    stays_first_borrower,
)
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise
from weilidai.parameters import Strict

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32
NEEDED: Final = (
    "initial_quota_cny", "current_quota_cny", "daily_rate", "opened_months_ago", "utilisation_share",
    "on_time_count", "is_overdue", "has_limit_freeze", "has_forbidden_use", "is_assessment_frozen", "has_lost_entry",
)
"""Columns of an open account that the next half year follows."""


class LimitParameters(Strict):
    """What happens to quota and price after opening."""

    growth: GrowthParameters
    quota_tier: QuotaTierParameters
    rate_review: RateReviewParameters
    habits: HabitParameters
    increase: IncreaseParameters
    reduction: ReductionParameters


class Taken(dict[str, Array]):
    """Columns of some people, each taken out when it is first asked for."""

    def __init__(self, columns: Mapping[str, Any], who: SomePeople) -> None:
        super().__init__()
        self._columns, self._who = columns, who

    def __missing__(self, name: str) -> Array:
        """Take a column out and keep it."""
        self[name] = self._who.of(self._columns[name])
        return self[name]


class Draws:
    """The block's random streams, for some of its people."""

    def __init__(self, noise: Noise, who: SomePeople) -> None:
        self._noise, self._who = noise, who

    def uniform(self, name: str) -> FloatArray:
        """Draw the uniforms of one stream; shape (these,)."""
        return self._who.of(self._noise.uniform(name))

    def normal(self, name: str) -> FloatArray:
        """Draw the standard normals of one stream; shape (these,)."""
        return self._who.of(self._noise.normal(name))


def half_year(
    everyone: Mapping[str, Any], accounts: Mapping[str, Any], who: SomePeople, parameters: LimitParameters,
    noise: Noise,
) -> dict[str, Array]:
    """Tell for some people, as if opened, how they use the quota and what becomes of quota and price.

    Parameters
    ----------
    everyone, accounts
        Column name -> array of shape (people,): the population's columns, and those named in ``NEEDED``.
    who
        For whom; the arrays returned have their number.
    parameters
        Numbers of the mechanisms.
    noise
        The block's random streams.

    Returns
    -------
    dict
        The columns, and ``increase_chance``: the probability of ``has_quota_increase``.
    """
    people, account, draws = Taken(everyone, who), Taken(accounts, who), Draws(noise, who)
    account.update(_habits(people, account, parameters.habits, draws))
    made = {name: account[name] for name in ("bill_payment_count_1m", "uses_instalments", "has_reborrowed")}
    made |= _price(people, account, parameters, draws)
    return made | _quota(people, account, parameters, draws)


def _habits(people: Taken, account: Taken, habits: HabitParameters, draws: Draws) -> dict[str, Array]:
    used = account["utilisation_share"]
    again = has_habit(people, used, draws.uniform("has_reborrowed"), habits.reborrowing)
    return {
        "bill_payment_count_1m": bill_payment_count(people, used, draws.uniform("bill_payment_count_1m"), habits.bills),
        "uses_instalments": has_habit(people, used, draws.uniform("uses_instalments"), habits.instalments),
        "has_reborrowed": again & ~account["has_forbidden_use"],
    }


def _price(people: Taken, account: Taken, parameters: LimitParameters, draws: Draws) -> dict[str, Array]:
    tier, review = parameters.quota_tier, parameters.rate_review
    codes = tier_codes(account["current_quota_cny"], tier)
    bounded = tier_rate(account["daily_rate"], codes, tier)
    stars = star_rating(people["tencent_credit_score"], review)
    reviewed = has_rate_review(account["opened_months_ago"], account["on_time_count"], account["is_overdue"], review)
    return {
        "quota_tier": codes, "review_interval_days": review_interval_days(codes, tier), "tier_daily_rate": bounded,
        "star_rating": stars, "base_spread_bp": base_spread_bp(account["daily_rate"], review),
        "has_rate_review": reviewed,
        "next_daily_rate": next_daily_rate(bounded, reviewed, stars, draws.uniform("rate_review_granted"), review),
    }


def _quota(people: Taken, account: Taken, parameters: LimitParameters, draws: Draws) -> dict[str, Array]:
    current, increase, growth = account["current_quota_cny"], parameters.increase, parameters.growth
    closing, closed, left = _losses(people, account, parameters.reduction, draws)
    stands = left == current
    score = growth_score(people, account, draws.uniform("growth_remainder"), increase)
    room = _f(growth.high_cny) - current
    chance = np.where(stands & (room > 0), increase_chance(people, account, score, increase), _f(0))
    grows = (draws.uniform("has_quota_increase") < chance) & ~closed
    insured = np.where(grows, np.minimum(insurance_gain(people, increase.insurance), room), _f(0))
    gain = current * increase_share(score, draws.normal("quota_increase_share"), increase.size) + insured
    gain = np.minimum(_in_steps(gain, growth.step_cny), room)
    after = np.where(closed, _f(0), np.where(grows, current + gain, left))
    return {
        "has_quota_increase": grows, "is_quota_closed": closed, "insurance_gain_cny": insured,
        "quota_after_6m_cny": after, "quota_change_6m_share": after / current - _f(1),
        "increase_chance": chance * (_f(1) - closing),
    }


def _losses(
    people: Taken, account: Taken, reduction: ReductionParameters, draws: Draws
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Chance of being closed, who is, and what the reductions leave of the quota."""
    chance = closing_chance(people, account["is_overdue"], account["has_lost_entry"], reduction.closing)
    months, uniform = account["opened_months_ago"], draws.uniform("no_reborrow_rule")
    first = stays_first_borrower(months, account["has_reborrowed"], uniform, reduction)
    many = applies_for_many(people, reduction)
    left = reduced_quota(account["current_quota_cny"], account["initial_quota_cny"], many, first, reduction)
    return chance, draws.uniform("is_quota_closed") < chance, left


def _in_steps(gain_cny: FloatArray, step_cny: float) -> FloatArray:
    """Round a gain to whole steps, one at the least."""
    steps: FloatArray = np.maximum(np.round(gain_cny * _f(1 / step_cny)), _f(1))
    return steps * _f(step_cny)
