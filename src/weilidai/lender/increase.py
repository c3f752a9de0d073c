"""Growth of a quota over six months: what is rewarded, how likely an increase is, and how large.

D1 section 8: repaying on time weighs 35 % after three billing periods, spending across platforms 20 % after six,
growing savings 25 % after two (D1.8.weight_on_time, D1.8.lag_on_time and so on); a fifth is not documented and
stays the lender's own (X.D1.growth_weights). Use of 70 to 90 %, instalments and three to five bills a month help
without a weight; 68 % of the bill payers grow within six months (D1.8.growth_after_bills). D3 section 5: 50,000
CNY of Licaitong kept for three months, ten kinds of merchants, six full repayments, 800 CNY for 10,000 of
premium; section 7: lines elsewhere above three incomes stop increases (D3.7.other_lines_limit_increase), as do
forbidden uses of the money and a frozen assessment (D0.6.device_freeze). D0 section 8: from 2023 people who stay
and borrow again are favoured (D0.8.high_retention, D0.8.high_reborrowing).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.lender.shapes import Term, total
from weilidai.logistic import logistic
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32
STOPS: Final = ("is_overdue", "has_limit_freeze", "has_forbidden_use", "is_assessment_frozen")
"""Flags of an account, each of which stops increases."""


class OnTime(Strict):
    """Repayments on time: nothing below the lag, everything from the full number on."""

    weight: float
    lag_periods: float
    full_count: float


class CrossPlatform(Strict):
    """Variety of spending, once the quota is old enough."""

    weight: float
    lag_periods: float
    merchant_kinds: float
    unseen: float
    """What counts where the details of spending are withheld, as a part of full variety."""


class Wealth(Strict):
    """A Licaitong holding that has stayed its months and then as long as an effect takes."""

    weight: float
    lag_periods: float
    deposit_cny: float
    kept_months: float


class UseBand(Strict):
    """Use of the quota: best inside the band."""

    low: float
    high: float
    weight: float
    lost_above: float
    """Part of the effect that is lost at full use."""


class Size(Strict):
    """Relative size of an increase: at no score, for each unit of it, and its own log spread."""

    least: float
    per_score: float
    own_spread: float


class Insurance(Strict):
    """Quota gained for a premium."""

    premium_cny: float
    quota_cny: float


class Loyalty(Strict):
    """Favour for people who stay and borrow again, as log-odds of an increase; nothing where it sleeps."""

    reborrowed: float
    retained: float
    retained_months: float
    """Months since opening from which a person has stayed."""


class IncreaseParameters(Strict):
    """What the chance and the size of an increase follow."""

    on_time: OnTime
    cross_platform: CrossPlatform
    wealth: Wealth
    remainder_weight: float
    """Weight that no document gives to a behaviour; drawn for each person."""
    intercept: float
    per_score: float
    """Log-odds between no score and the whole of it."""
    use: UseBand
    instalments: float
    bills: float
    bills_least: float
    bills_most: float
    terms: Mapping[str, Term]
    size: Size
    insurance: Insurance
    loyalty: Loyalty


def growth_score(
    people: Mapping[str, Any], account: Mapping[str, Any], remainder: FloatArray, parameters: IncreaseParameters
) -> FloatArray:
    """Weigh the documented behaviours and the undocumented remainder, 0 to 1.

    Parameters
    ----------
    people
        Column name -> array of shape (people,).
    account
        ``opened_months_ago`` and ``on_time_count`` of the same people.
    remainder
        Uniform on [0, 1): the lender's own judgement.
    """
    repaid, platforms, wealth = parameters.on_time, parameters.cross_platform, parameters.wealth
    count, months = account["on_time_count"], account["opened_months_ago"]
    on_time = np.where(count >= repaid.lag_periods, np.minimum(count * _f(1 / repaid.full_count), _f(1)), _f(0))
    kinds = np.minimum(people["merchant_category_count"] * _f(1 / platforms.merchant_kinds), _f(1))
    seen = np.where(np.isnan(kinds), _f(platforms.unseen), kinds)
    held = np.minimum(people["licaitong_balance_cny"] * _f(1 / wealth.deposit_cny), _f(1))
    kept = people["licaitong_months"] >= wealth.kept_months + wealth.lag_periods
    score: FloatArray = (
        _f(repaid.weight) * on_time
        + _f(platforms.weight) * np.where(months >= platforms.lag_periods, seen, _f(0))
        + _f(wealth.weight) * np.where(kept, held, _f(0))
        + _f(parameters.remainder_weight) * remainder
    )
    return score


def use_value(used: FloatArray, band: UseBand) -> FloatArray:
    """Value the share in use: rising to the band, full inside it, less above; shape (people,)."""
    below = np.minimum(used * _f(1 / band.low), _f(1))
    above = np.maximum(used - _f(band.high), _f(0)) * _f(band.lost_above / (1 - band.high))
    value: FloatArray = below - above
    return value


def increase_chance(
    people: Mapping[str, Any], account: Mapping[str, Any], score: FloatArray, parameters: IncreaseParameters
) -> FloatArray:
    """Chance of an increase within six months, nothing for who is overdue or stopped.

    ``account`` also holds ``utilisation_share``, ``uses_instalments``, ``bill_payment_count_1m``, ``has_reborrowed``
    and the flags of ``STOPS``.
    """
    bills = np.minimum(account["bill_payment_count_1m"] * _f(1 / parameters.bills_least), _f(1))
    log_odds = (
        _f(parameters.intercept)
        + _f(parameters.per_score) * score
        + _f(parameters.use.weight) * use_value(account["utilisation_share"], parameters.use)
        + _f(parameters.instalments) * account["uses_instalments"]
        + _f(parameters.bills) * bills
        + total(tuple(parameters.terms.values()), people)
        + _loyalty(account, parameters.loyalty)
    )
    stopped = np.logical_or.reduce([account[name] for name in STOPS])
    chance: FloatArray = np.where(stopped, _f(0), logistic(log_odds))
    return chance


def _loyalty(account: Mapping[str, Any], loyalty: Loyalty) -> FloatArray:
    stayed = account["opened_months_ago"] >= loyalty.retained_months
    favour: FloatArray = _f(loyalty.reborrowed) * account["has_reborrowed"] + _f(loyalty.retained) * stayed
    return favour


def insurance_gain(people: Mapping[str, Any], insurance: Insurance) -> FloatArray:
    """Quota in CNY that the premiums of a year add to an increase; shape (people,)."""
    gain: FloatArray = people["insurance_premium_cny"] * _f(insurance.quota_cny / insurance.premium_cny)
    return np.round(gain, 2)


def increase_share(score: FloatArray, normal: FloatArray, size: Size) -> FloatArray:
    """Relative size of an increase before insurance; shape (people,)."""
    share: FloatArray = (_f(size.least) + _f(size.per_score) * score) * np.exp(_f(size.own_spread) * normal)
    return share
