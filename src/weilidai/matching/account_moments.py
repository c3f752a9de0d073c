"""The statistics of documented rules after the opening: tiers, reviews, growth, reduction, monitoring, alternatives."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import GRADES, QUOTA_TIERS
from weilidai.matching.crowd import Crowd
from weilidai.matching.growth_moments import GROWTH_FACT_MARKS, GROWTH_MARKS, MEASURED, increase_effect
from weilidai.matching.picking import (
    OPENED,
    Moment,
    Select,
    above,
    all_of,
    below,
    extreme,
    flagged,
    gap,
    in_state,
    least,
    mean,
    of_level,
    other_than,
    rate,
    share,
)
from weilidai.matching.profiles import at
from weilidai.units import DAYS_PER_MONTH

Array = npt.NDArray[Any]

ACCOUNT_MARKS: Final[Mapping[str, str]] = {
    **GROWTH_MARKS,
}
"""Name of a mark -> the number of the simulator that holds it."""
ACCOUNT_FACT_MARKS: Final[Mapping[str, str]] = {
    **GROWTH_FACT_MARKS,
    **{f"rate.{grade}": f"D1.6.daily_rate_{grade.lower()}" for grade in GRADES},
    "lines_to_income": "D3.7.other_lines_to_income",
    "best_star": "D3.6.best_star",
    "reborrow_months": "D0.8.no_reborrow_window",
}
"""Name of a mark -> the fact that holds it."""


def _tier(name: str) -> Select:
    return all_of(OPENED, of_level("quota_tier", name))


def _tier_rule(name: str) -> dict[str, Moment]:
    """Look at the ends of quota and rate in one tier."""
    return {
        f"tier_quota.least.{name}": extreme("current_quota_cny", np.min, _tier(name)),
        f"tier_quota.most.{name}": extreme("current_quota_cny", np.max, _tier(name)),
        f"tier_rate.least.{name}": extreme("tier_daily_rate", np.min, _tier(name)),
        f"tier_rate.most.{name}": extreme("tier_daily_rate", np.max, _tier(name)),
    }


def _in_months(moment: Moment) -> Moment:
    return lambda c: moment(c) / DAYS_PER_MONTH


def _increased(select: Select) -> Moment:
    return rate("increased", select, "opened")


def _lines_above_income(crowd: Crowd) -> Array:
    above_income: Array = (
        crowd.columns["other_credit_line_cny"] > at(crowd, "lines_to_income") * crowd.columns["annual_income_cny"]
    )
    return above_income


def _grant_follows(amount: str) -> Moment:
    """Rank correlation of the first grant with an amount within kinds of users, weighed by their number."""
    def moment(crowd: Crowd) -> float:
        opened = OPENED(crowd)
        found, people = 0.0, 0
        for code in np.unique(crowd.columns["user_type"][opened]):
            who = opened & (crowd.columns["user_type"] == code)
            grant, value = crowd.columns["initial_quota_cny"][who], crowd.columns[amount][who]
            if who.sum() > FEWEST and np.ptp(grant) > 0 and np.ptp(value) > 0:
                found += float(np.corrcoef(_ranks(grant), _ranks(value))[0, 1]) * int(who.sum())
                people += int(who.sum())
        return found / people if people else float("nan")

    return moment


def _ranks(values: Array) -> Array:
    order = np.empty(len(values), dtype=np.float64)
    order[np.argsort(values, kind="stable")] = np.arange(len(values))
    return order


def _left_of_the_grant(crowd: Crowd) -> float:
    """Quota in six months over the first grant, for borrowers without a second loan in time."""
    who = _FIRST(crowd)
    left = crowd.columns["quota_after_6m_cny"][who] / crowd.columns["initial_quota_cny"][who]
    return float(left.mean(dtype=np.float64)) if left.size else float("nan")


def _discount(crowd: Crowd) -> float:
    """Mean part of the grade's own rate that borrowers are let off; nobody pays less than nothing off."""
    who = OPENED(crowd)
    grades = np.array([crowd.marks[f"rate.{grade}"] for grade in GRADES])[crowd.columns["credit_grade"][who]]
    off = np.maximum(1 - crowd.columns["daily_rate"][who].astype(np.float64) / grades, 0)
    return float(off.mean()) if off.size else float("nan")


def _relative_sd(crowd: Crowd) -> float:
    rates = crowd.columns["daily_rate"][OPENED(crowd)].astype(np.float64)
    return float(rates.std() / rates.mean()) if rates.size else float("nan")


def _alternative_gap(name: str, who: Select) -> Moment:
    """Share of an alternative among some people who choose one, less that among the others who do."""
    choosing: Select = lambda c: c.columns["chosen_alternative"] != NOBODYS_LEVEL  # noqa: E731  a selection like the others
    chosen = of_level("chosen_alternative", name)
    return gap(share(chosen, all_of(choosing, who)), share(chosen, all_of(choosing, other_than(who))))


NOBODYS_LEVEL: Final = 255
"""Code of a category of people to whom it does not apply."""
FEWEST: Final = 30
"""People of a kind from which ranks are compared."""
_STUDENT: Final = of_level("user_type", "student")
_OLDER: Final = least("age_years", "older_years")
_YOUNG: Final = all_of(least("age_years", "adult_years"), other_than(above("age_years", "young_years")))
_RICH: Final = of_level("user_type", "high_net_worth")
_OPEN_ACCOUNT: Final = all_of(OPENED, other_than(flagged("is_quota_closed")))
_MANY: Final = all_of(_OPEN_ACCOUNT, least("bureau_inquiry_count_3m", "applications_least"))
_ALERTED: Final = all_of(OPENED, flagged("has_transfer_alert"))
_REVIEWED: Final = all_of(OPENED, flagged("has_rate_review"))
_FORBIDDEN: Final = all_of(OPENED, flagged("has_forbidden_use"))
_NO_SECOND_LOAN: Final = all_of(
    _OPEN_ACCOUNT, other_than(flagged("has_reborrowed")),
    other_than(least("bureau_inquiry_count_3m", "applications_least")),
)
_FIRST: Final = all_of(_NO_SECOND_LOAN, least("opened_months_ago", "reborrow_months"))
_HALVED: Final = all_of(_NO_SECOND_LOAN, below("quota_change_6m_share", 0))

ACCOUNT_MOMENTS: Final[Mapping[str, Moment]] = {
    **{name: moment for tier in QUOTA_TIERS for name, moment in _tier_rule(tier).items()},
    **{f"review_days.{tier}": mean("review_interval_days", _tier(tier)) for tier in ("active", "prime")},
    "review_months.new": _in_months(mean("review_interval_days", _tier("new"))),
    "tier_gap.payments": gap(mean("daily_payment_count", _tier("active")), mean("daily_payment_count", _tier("new"))),
    "tier_gap.merchants": gap(
        mean("merchant_category_count", _tier("prime")), mean("merchant_category_count", _tier("active"))
    ),
    "first_grant_follows.spending": _grant_follows("monthly_spend_cny"),
    "first_grant_follows.licaitong": _grant_follows("licaitong_balance_cny"),
    "daily_rate.relative_sd": _relative_sd,
    "next_rate.best_star": mean("next_daily_rate", all_of(OPENED, least("star_rating", "best_star"))),
    "rate_review.least_on_time": extreme("on_time_count", np.min, _REVIEWED),
    "rate_review.least_months": extreme("opened_months_ago", np.min, _REVIEWED),
    **{f"increase_effect.{name}": increase_effect(name) for name in MEASURED},
    "grown_share.lines_above_income": _increased(_lines_above_income),
    "grown_share.forbidden_use": _increased(flagged("has_forbidden_use")),
    "reborrowed_share.forbidden_use": share(flagged("has_reborrowed"), _FORBIDDEN),
    "grown_share.reborrowed": _increased(flagged("has_reborrowed")),
    "quota_after_6m.most": extreme("quota_after_6m_cny", np.max, OPENED),
    "no_reborrow.least_months": extreme("opened_months_ago", np.min, _HALVED),
    "grade_discount.mean": _discount,
    "reduced_share": share(below("quota_change_6m_share", 0), _OPEN_ACCOUNT),
    "closed_quota_share": share(flagged("is_quota_closed"), OPENED),
    "closed_quota_share.entry_closed": share(
        flagged("is_quota_closed"), all_of(OPENED, of_level("security_action", "entry_closed"))
    ),
    "quota_change.many_applications": mean("quota_change_6m_share", _MANY),
    "quota_left.no_reborrow": _left_of_the_grant,
    "transfer_alert.least_cny": extreme("largest_transfer_cny", np.min, _ALERTED),
    "no_transfer_alert.most_cny": extreme(
        "largest_transfer_cny", np.max, all_of(OPENED, other_than(flagged("has_transfer_alert")))
    ),
    "second_check_share.remote_login": share(
        flagged("has_second_check"), all_of(in_state("opened"), flagged("has_remote_login"))
    ),
    "alternative_gap.huabei.students": _alternative_gap("huabei", _STUDENT),
    "alternative_gap.jd_baitiao.students": _alternative_gap("jd_baitiao", _STUDENT),
    "alternative_gap.huabei.young": _alternative_gap("huabei", _YOUNG),
    "alternative_gap.bank_vip_service.wealthy": _alternative_gap("bank_vip_service", _RICH),
    "alternative_gap.bank_savings.older": _alternative_gap("bank_savings", _OLDER),
}
"""Moment name -> how it is measured on a crowd."""
