"""The statistics of quota and price after opening: who grows within six months, what insurance earns, the tiers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import QUOTA_TIERS
from weilidai.matching.crowd import Crowd
from weilidai.matching.profiles import mean_of

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
Select = Callable[[Crowd], Array]

LIMIT_MARKS: Final[Mapping[str, str]] = {
    "bills_least": "lender.increase.bills_least",
    "bills_most": "lender.increase.bills_most",
    "premium_cny": "lender.increase.insurance.premium_cny",
}
"""Name of a mark -> the number of the simulator that holds it."""


def _pays_bills(crowd: Crowd) -> Array:
    bills = crowd.columns["bill_payment_count_1m"]
    return (bills >= crowd.marks["bills_least"]) & (bills <= crowd.marks["bills_most"])


def _increased(select: Select) -> Moment:
    """Share of the opened, among some people, whose quota grows within six months."""
    def moment(crowd: Crowd) -> float:
        who = select(crowd).astype(np.float64)
        base = float((who * crowd.weights["opened"]).sum())
        return float((who * crowd.weights["increased"]).sum()) / base if base > 0 else float("nan")

    return moment


def _with(flag: str) -> Select:
    return lambda c: c.columns[flag].astype(bool)


def _without(flag: str) -> Select:
    return lambda c: ~c.columns[flag].astype(bool)


def _salary_card_change(crowd: Crowd) -> float:
    base = _increased(_without("has_salary_card"))(crowd)
    return _increased(_with("has_salary_card"))(crowd) / base - 1 if base > 0 else float("nan")


def _instalments_gap(crowd: Crowd) -> float:
    return _increased(_with("uses_instalments"))(crowd) - _increased(_without("uses_instalments"))(crowd)


def _gain_per_premium(crowd: Crowd) -> float:
    """Quota in CNY that insurance adds to an increase, for the documented premium."""
    gain, opened = crowd.columns["insurance_gain_cny"].astype(np.float64), crowd.weights["opened"]
    paid = float((opened * crowd.columns["insurance_premium_cny"] * (gain > 0)).sum(dtype=np.float64))
    return float((opened * gain).sum()) / paid * crowd.marks["premium_cny"] if paid > 0 else float("nan")


def _step(column: str) -> Moment:
    """Smallest fall of a column's mean from one tier to the next better one."""
    def moment(crowd: Crowd) -> float:
        values, tier = crowd.columns[column].astype(np.float64), crowd.columns["quota_tier"]
        means = [mean_of(values, crowd.weights["opened"] * (tier == code)) for code in range(len(QUOTA_TIERS))]
        return float(np.min(-np.diff(means)))

    return moment


LIMIT_MOMENTS: Final[Mapping[str, Moment]] = {
    "increased_share.bill_payers": _increased(_pays_bills),
    "increased_change.salary_card": _salary_card_change,
    "increased_gap.instalments": _instalments_gap,
    "insurance_gain.per_premium_cny": _gain_per_premium,
    "tier_rate_step": _step("tier_daily_rate"),
    "review_interval_step": _step("review_interval_days"),
}
"""Moment name -> how it is measured on a crowd."""
