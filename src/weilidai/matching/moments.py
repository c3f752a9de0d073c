"""The statistics that documented claims are tested by; each is a name and a function of a crowd."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import CITY_TIERS, GRADES, REGIONS, USER_TYPES
from weilidai.matching.simulated import Crowd
from weilidai.units import DAYS_PER_YEAR_QUOTED

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]

HIGH_OPENS, LOW_OPENS = 8, 3
MARK_CNY = 10_000
SCORE_MARK = 650
OVERDUE_MAX, LOANS_BELOW, INQUIRIES_BELOW = 3, 5, 5
YOUNG_YEARS = (18, 24)
OLDER_YEARS = 45
HIGH_VALUE_CNY, NEW_MONTHS = 50_000, 24


def weighted_mean(values: Array, weights: Array) -> float:
    """Mean of the values under the weights; NaN when nobody weighs anything."""
    total = float(weights.sum(dtype=np.float64))
    return float((values * weights).sum(dtype=np.float64)) / total if total > 0 else float("nan")


def _rate(crowd: Crowd, state: str, among: Array) -> float:
    return weighted_mean(crowd.weights[state], among.astype(np.float32))


def _is(crowd: Crowd, column: str, levels: tuple[str, ...], *wanted: str) -> Array:
    return np.isin(crowd.columns[column], [levels.index(level) for level in wanted])


def _invited_among(select: Callable[[Crowd], Array]) -> Moment:
    return lambda crowd: _rate(crowd, "invited", select(crowd))


def _coverage(column: str, levels: tuple[str, ...], *wanted: str) -> Moment:
    def moment(crowd: Crowd) -> float:
        return _rate(crowd, "invited", _is(crowd, column, levels, *wanted) * crowd.weights["eligible"])

    return moment


def _delta_gap(crowd: Crowd) -> float:
    deltas = _coverage("region", REGIONS, "yangtze_delta", "pearl_delta")(crowd)
    return deltas - _coverage("region", REGIONS, "northeast")(crowd)


def _good_and_scored(crowd: Crowd) -> float:
    c = crowd.columns
    good = (
        (c["overdue_count_24m"] <= OVERDUE_MAX) & (c["open_loan_count"] < LOANS_BELOW)
        & (c["bureau_inquiry_count_3m"] < INQUIRIES_BELOW) & (c["tencent_credit_score"] >= SCORE_MARK)
    )
    return _ratio(crowd, "opened", "applied", good)


def _ratio(crowd: Crowd, part: str, whole: str, among: Array | None = None) -> float:
    select = np.float32(1) if among is None else among.astype(np.float32)
    base = float((crowd.weights[whole] * select).sum(dtype=np.float64))
    return float((crowd.weights[part] * select).sum(dtype=np.float64)) / base if base > 0 else float("nan")


def _grant(kind: str, *, spread: bool) -> Moment:
    def moment(crowd: Crowd) -> float:
        weights = crowd.weights["opened"] * _is(crowd, "user_type", USER_TYPES, kind)
        quota = crowd.columns["initial_quota_cny"]
        mean = weighted_mean(quota, weights)
        return float(np.sqrt(weighted_mean((quota - mean) ** 2, weights)) / mean) if spread else mean

    return moment


def _current(select: Callable[[Crowd], Array]) -> Moment:
    return lambda crowd: weighted_mean(
        crowd.columns["current_quota_cny"], crowd.weights["opened"] * select(crowd)
    )


def _restricted(flag: str) -> Moment:
    return lambda crowd: weighted_mean(crowd.columns[flag], crowd.weights["restricted"])


def _grey_change(crowd: Crowd) -> float:
    grey = crowd.columns["has_grey_activity"]
    return _rate(crowd, "invited", grey) / _rate(crowd, "invited", ~grey) - 1


def _earnings_change(crowd: Crowd) -> float:
    above = crowd.columns["lingqiantong_earnings_cny"] > MARK_CNY
    return _ratio(crowd, "opened", "applied", above) / _ratio(crowd, "opened", "applied", ~above) - 1


def _grade_rate(grade: str, days: int = 1) -> Moment:
    def moment(crowd: Crowd) -> float:
        weights = crowd.weights["opened"] * (crowd.columns["credit_grade"] == GRADES.index(grade))
        return weighted_mean(crowd.columns["daily_rate"].astype(np.float64), weights) * days

    return moment


def _triggers(select: Callable[[Crowd], Array]) -> Moment:
    return lambda crowd: weighted_mean(
        crowd.columns["entry_trigger_count_1m"], crowd.columns["is_invited"] * select(crowd)
    )


def _is_high_value(crowd: Crowd) -> Array:
    return (crowd.columns["licaitong_balance_cny"] >= HIGH_VALUE_CNY) | _is(
        crowd, "user_type", USER_TYPES, "high_net_worth"
    )


def _is_new(crowd: Crowd) -> Array:
    return (crowd.columns["account_age_months"] < NEW_MONTHS) & ~_is_high_value(crowd)


ASSESSMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "bureau": ("bureau_record", "borrowing_experience", "overdue_history", "bureau_inquiries", "credit_cards",
               "card_repayment", "repayment_elsewhere", "debt_burden"),
    "social_behaviour": ("app_activity", "nonsocial_functions", "social_ties", "contact_stability",
                         "profile_upkeep", "complaints", "charity"),
    "spending": ("payment_frequency", "spending_level", "merchant_diversity", "utility_payments",
                 "offline_payments", "refunds", "wallet_balance"),
    "assets": ("licaitong_holding", "lingqiantong_earnings", "income_stability", "income_level", "housing_fund"),
}
"""Factors of the four-part assessment, by dimension."""


def _assessment_share(dimension: str) -> Moment:
    def moment(crowd: Crowd) -> float:
        sizes = {
            name: weighted_mean(np.abs(sum(crowd.logits[f] for f in factors)), crowd.weights["eligible"])
            for name, factors in ASSESSMENT.items()
        }
        return sizes[dimension] / sum(sizes.values())

    return moment


def _age_rate(state: str, whole: str, low: int, high: int) -> Moment:
    def moment(crowd: Crowd) -> float:
        age = crowd.columns["age_years"]
        return _ratio(crowd, state, whole, (age >= low) & (age <= high))

    return moment


MOMENTS: Final[Mapping[str, Moment]] = {
    "invited_share": _invited_among(lambda c: np.ones_like(c.columns["age_years"])),
    "invited_share.high_activity": _invited_among(lambda c: c.columns["daily_open_count"] > HIGH_OPENS),
    "invited_share.low_activity": _invited_among(lambda c: c.columns["daily_open_count"] < LOW_OPENS),
    "invited_share.licaitong_above_mark": _invited_among(lambda c: c.columns["licaitong_balance_cny"] > MARK_CNY),
    "opened.licaitong_record_share": lambda c: weighted_mean(
        c.columns["licaitong_balance_cny"] > 0, c.weights["opened"]
    ),
    "payments_a_day.invited": lambda c: weighted_mean(c.columns["daily_payment_count"], c.weights["invited"]),
    "payments_a_day.not_invited": lambda c: weighted_mean(
        c.columns["daily_payment_count"], 1 - c.weights["invited"]
    ),
    "coverage.tier1": _coverage("city_tier", CITY_TIERS, "tier1"),
    "coverage.tier3_4": _coverage("city_tier", CITY_TIERS, "tier3_4"),
    "coverage.delta_gap": _delta_gap,
    "intercepted_share": lambda c: _ratio(c, "intercepted", "applied"),
    "approved_share": lambda c: _ratio(c, "opened", "reviewed"),
    "opened_share.good_bureau_and_score": _good_and_scored,
    **{f"first_grant.mean.{kind}": _grant(kind, spread=False) for kind in USER_TYPES},
    **{f"first_grant.relative_sd.{kind}": _grant(kind, spread=True) for kind in USER_TYPES},
    "current_quota.mean.bill_permission": _current(lambda c: c.columns["has_transactions_permission"]),
    "current_quota.mean.basic_permission": _current(lambda c: ~c.columns["has_transactions_permission"]),
    "current_quota.mean.tier1": _current(lambda c: _is(c, "city_tier", CITY_TIERS, "tier1")),
    "restricted.remote_login_share": _restricted("has_remote_login"),
    "restricted.aml_share": _restricted("has_aml_alert"),
    "invited_change.grey_activity": _grey_change,
    "opened_change.lingqiantong_above_mark": _earnings_change,
    **{f"daily_rate.mean.{grade}": _grade_rate(grade) for grade in GRADES},
    **{f"annual_rate.mean.{grade}": _grade_rate(grade, DAYS_PER_YEAR_QUOTED) for grade in GRADES},
    "overdue_share": lambda c: _ratio(c, "overdue", "opened"),
    "applied_share.young": _age_rate("applied", "invited", *YOUNG_YEARS),
    "closed_share.older": _age_rate("closed", "invited", OLDER_YEARS, 200),
    "entry_triggers.mean.high_value": _triggers(_is_high_value),
    "entry_triggers.mean.new": _triggers(_is_new),
    "entry_triggers.mean.active": _triggers(lambda c: ~_is_high_value(c) & ~_is_new(c)),
    **{f"assessment_share.{dimension}": _assessment_share(dimension) for dimension in ASSESSMENT},
}
"""Moment name -> how it is measured on a crowd."""
