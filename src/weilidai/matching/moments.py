"""The statistics that documented claims are tested by; each is a name and a function of a crowd."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import CITY_TIERS, GRADES, REGIONS, USER_TYPES
from weilidai.matching.account_moments import ACCOUNT_FACT_MARKS, ACCOUNT_MARKS, ACCOUNT_MOMENTS
from weilidai.matching.crowd import Crowd
from weilidai.matching.dated_moments import DATED_MARKS, DATED_MOMENTS, OUTAGE_MARKS
from weilidai.matching.directions import DIRECTION_MARKS, DIRECTION_MOMENTS
from weilidai.matching.journey_moments import JOURNEY_MOMENTS
from weilidai.matching.limit_moments import LIMIT_MARKS, LIMIT_MOMENTS
from weilidai.matching.profiles import PROFILE_MARKS, PROFILE_MOMENTS, charity_gain
from weilidai.matching.redesign_moments import REDESIGN_MOMENTS
from weilidai.matching.rule_moments import RULE_MARKS, RULE_MOMENTS, SECURITY_MARKS
from weilidai.units import DAYS_PER_YEAR_QUOTED

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
Select = Callable[[Crowd], Array]

MARKS: Final[Mapping[str, str]] = {
    "high_opens": "lender.invitation.terms.app_activity.mark",
    "licaitong_cny": "lender.invitation.terms.licaitong_mark.mark",
    "earnings_cny": "lender.invitation.terms.lingqiantong_earnings.mark",
    "score": "lender.assessment.tracks.tencent_score_least",
    "overdue_most": "lender.assessment.tracks.overdue_most",
    "loans_below": "lender.assessment.tracks.open_loans_below",
    "inquiries_below": "lender.invitation.terms.bureau_inquiries_3m.mark",
    "adult_years": "lender.eligibility.rules.adult.value",
    "young_years": "lender.take_up.young_up_to_years",
    "older_years": "lender.take_up.older_from_years",
    "high_value_cny": "lender.take_up.triggers.high_value_licaitong_cny",
    "new_months": "lender.take_up.triggers.new_below_months",
    "groups": "lender.invitation.terms.managed_groups.mark",
    "charity_months": "lender.invitation.terms.charity.mark",
    "holding_months": "lender.invitation.terms.licaitong_months.mark",
    **LIMIT_MARKS,
    **ACCOUNT_MARKS,
    **SECURITY_MARKS,
}
"""Name of a mark that divides people -> the number of the simulator that holds it."""
OPTIONAL_MARKS: Final[Mapping[str, str]] = OUTAGE_MARKS
"""Name of a mark that some regimes do not have (0 then) -> the number of the simulator that holds it."""
FACT_MARKS: Final[Mapping[str, str]] = {
    "low_opens": "D0.2.opens_not_opened", **PROFILE_MARKS, **DIRECTION_MARKS, **RULE_MARKS, **ACCOUNT_FACT_MARKS,
    **DATED_MARKS,
}
"""Name of a mark the simulator does not use -> the fact that holds it."""


def weighted_mean(values: Array, weights: Array) -> float:
    """Mean of the values under the weights; NaN when nobody weighs anything."""
    total = float(weights.sum(dtype=np.float64))
    return float((values * weights).sum(dtype=np.float64)) / total if total > 0 else float("nan")


def ratio(crowd: Crowd, part: str, whole: str, among: Array | None = None) -> float:
    """Share of one state in another, among some people; NaN when there is nobody."""
    select = np.float32(1) if among is None else among.astype(np.float32)
    base = float((crowd.weights[whole] * select).sum(dtype=np.float64))
    return float((crowd.weights[part] * select).sum(dtype=np.float64)) / base if base > 0 else float("nan")


def is_level(crowd: Crowd, column: str, levels: tuple[str, ...], *wanted: str) -> Array:
    """Tell who is of one of the wanted levels; shape (people,)."""
    return np.isin(crowd.columns[column], [levels.index(level) for level in wanted])


def _invited(select: Select) -> Moment:
    return lambda c: weighted_mean(c.weights["invited"], select(c).astype(np.float32))


def _coverage(column: str, levels: tuple[str, ...], *wanted: str) -> Moment:
    return lambda c: ratio(c, "invited", "eligible", is_level(c, column, levels, *wanted))


def _delta_gap(crowd: Crowd) -> float:
    deltas = _coverage("region", REGIONS, "yangtze_delta", "pearl_delta")(crowd)
    return deltas - _coverage("region", REGIONS, "northeast")(crowd)


def _good_and_scored(crowd: Crowd) -> float:
    c, marks = crowd.columns, crowd.marks
    good = (
        (c["overdue_count_24m"] <= marks["overdue_most"]) & (c["open_loan_count"] < marks["loans_below"])
        & (c["bureau_inquiry_count_3m"] < marks["inquiries_below"])
        & (c["tencent_credit_score"] >= marks["score"])
    )
    return ratio(crowd, "opened", "applied", good)


def _grant_mean(kind: str) -> Moment:
    return lambda c: weighted_mean(
        c.columns["initial_quota_cny"], c.weights["opened"] * is_level(c, "user_type", USER_TYPES, kind)
    )


def _grant_spread(kind: str) -> Moment:
    def moment(crowd: Crowd) -> float:
        mean = _grant_mean(kind)(crowd)
        weights = crowd.weights["opened"] * is_level(crowd, "user_type", USER_TYPES, kind)
        return float(np.sqrt(weighted_mean((crowd.columns["initial_quota_cny"] - mean) ** 2, weights)) / mean)

    return moment


def _current_quota(select: Select) -> Moment:
    return lambda c: weighted_mean(c.columns["current_quota_cny"], c.weights["opened"] * select(c))


def _restricted(flag: str) -> Moment:
    return lambda c: weighted_mean(c.columns[flag], c.weights["restricted"])


def _relative_change(share: float, base: float) -> float:
    return share / base - 1 if base else float("nan")


def _grey_change(crowd: Crowd) -> float:
    grey = crowd.columns["has_grey_activity"].astype(bool)
    return _relative_change(_invited(lambda _: grey)(crowd), _invited(lambda _: ~grey)(crowd))


def _earnings_change(crowd: Crowd) -> float:
    above = crowd.columns["lingqiantong_earnings_cny"] > crowd.marks["earnings_cny"]
    return _relative_change(ratio(crowd, "opened", "applied", above), ratio(crowd, "opened", "applied", ~above))


def _grade_rate(grade: str, days: int = 1) -> Moment:
    def moment(crowd: Crowd) -> float:
        weights = crowd.weights["opened"] * is_level(crowd, "credit_grade", GRADES, grade)
        return weighted_mean(crowd.columns["daily_rate"].astype(np.float64), weights) * days

    return moment


def _triggers(select: Select) -> Moment:
    return lambda c: weighted_mean(c.columns["entry_trigger_count_1m"], c.weights["shown"] * select(c))


def _is_high_value(crowd: Crowd) -> Array:
    rich = crowd.columns["licaitong_balance_cny"] >= crowd.marks["high_value_cny"]
    return rich | is_level(crowd, "user_type", USER_TYPES, "high_net_worth")


def _is_new(crowd: Crowd) -> Array:
    return (crowd.columns["account_age_months"] < crowd.marks["new_months"]) & ~_is_high_value(crowd)


def _volume(crowd: Crowd) -> float:
    """Quota opened for each person there is, CNY."""
    return float((crowd.weights["opened"] * crowd.columns["current_quota_cny"]).mean(dtype=np.float64))


def _conversion(crowd: Crowd) -> float:
    """Share of the invited who open, at snapshots before an outage: after it some are missing who would have."""
    month, outage = crowd.columns["snapshot_month"].astype(np.int64) + 1, int(crowd.marks["outage_month"])
    return ratio(crowd, "opened", "invited", month < outage if outage else month > outage)


ASSESSMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "bureau": (
        "bureau_record", "borrowing_experience", "overdue_history", "bureau_inquiries", "credit_cards",
        "card_repayment", "repayment_elsewhere", "debt_burden",
    ),
    "social_behaviour": (
        "nonsocial_functions", "social_ties", "contact_stability", "profile_upkeep", "complaints", "charity",
    ),
    "spending": (
        "payment_frequency", "spending_level", "merchant_diversity", "utility_payments", "offline_payments",
        "refunds", "wallet_balance",
    ),
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


def _is_young(crowd: Crowd) -> Array:
    age = crowd.columns["age_years"]
    return (age >= crowd.marks["adult_years"]) & (age <= crowd.marks["young_years"])


MOMENTS: Final[Mapping[str, Moment]] = {
    "invited_share": _invited(lambda c: np.ones_like(c.columns["age_years"])),
    "invited_share.high_activity": _invited(lambda c: c.columns["daily_open_count"] > c.marks["high_opens"]),
    "invited_share.low_activity": _invited(lambda c: c.columns["daily_open_count"] < c.marks["low_opens"]),
    "invited_share.licaitong_above_mark": _invited(
        lambda c: c.columns["licaitong_balance_cny"] > c.marks["licaitong_cny"]
    ),
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
    "intercepted_share": lambda c: ratio(c, "intercepted", "applied"),
    "approved_share": lambda c: ratio(c, "opened", "reviewed"),
    "opened_share.good_bureau_and_score": _good_and_scored,
    **{f"first_grant.mean.{kind}": _grant_mean(kind) for kind in USER_TYPES},
    **{f"first_grant.relative_sd.{kind}": _grant_spread(kind) for kind in USER_TYPES},
    "current_quota.mean.bill_permission": _current_quota(lambda c: c.columns["has_transactions_permission"]),
    "current_quota.mean.basic_permission": _current_quota(lambda c: 1 - c.columns["has_transactions_permission"]),
    "current_quota.mean.tier1": _current_quota(lambda c: is_level(c, "city_tier", CITY_TIERS, "tier1")),
    "restricted.remote_login_share": _restricted("has_remote_login"),
    "restricted.aml_share": _restricted("has_aml_alert"),
    "invited_change.grey_activity": _grey_change,
    "opened_change.lingqiantong_above_mark": _earnings_change,
    **{f"daily_rate.mean.{grade}": _grade_rate(grade) for grade in GRADES},
    **{f"annual_rate.mean.{grade}": _grade_rate(grade, DAYS_PER_YEAR_QUOTED) for grade in GRADES},
    "lending_volume": _volume,
    "conversion": _conversion,
    "overdue_share": lambda c: ratio(c, "overdue", "opened"),
    "applied_share.young": lambda c: ratio(c, "tried", "invited", _is_young(c)),
    "closed_share.older": lambda c: ratio(
        c, "closed", "invited", c.columns["age_years"] >= c.marks["older_years"]
    ),
    "entry_triggers.mean.high_value": _triggers(_is_high_value),
    "entry_triggers.mean.new": _triggers(_is_new),
    "entry_triggers.mean.active": _triggers(lambda c: ~_is_high_value(c) & ~_is_new(c)),
    **{f"assessment_share.{dimension}": _assessment_share(dimension) for dimension in ASSESSMENT},
    "assessment_lead.assets": lambda c: _assessment_share("assets")(c) - _assessment_share("spending")(c),
    "assessment_gain.charity": charity_gain(ASSESSMENT),
    **PROFILE_MOMENTS,
    **DIRECTION_MOMENTS,
    **JOURNEY_MOMENTS,
    **LIMIT_MOMENTS,
    **REDESIGN_MOMENTS,
    **RULE_MOMENTS,
    **ACCOUNT_MOMENTS,
    **DATED_MOMENTS,
}
"""Moment name -> how it is measured on a crowd."""
