"""The statistics of documented directions: a difference between two groups, whose sign is what is claimed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import CITY_TIERS, GRADES, PERMISSIONS, USER_TYPES
from weilidai.matching.crowd import Crowd
from weilidai.matching.journey_moments import value_tiers
from weilidai.matching.profiles import at, mean_of, weighted_quantile
from weilidai.units import DAYS_PER_MONTH, DAYS_PER_YEAR_QUOTED

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
Select = Callable[[Crowd], Array]

DIRECTION_MARKS: Final[Mapping[str, str]] = {
    "name_months": "D1.1.real_name_months",
    "comfortable_payments": "D1.1.payments_easier",
    "least_payments": "D1.1.mark_payments",
    "wallet_cny": "D1.1.wallet_balance",
    "account_months": "D1.1.mark_account_age",
    "many_payments": "D0.1.payments_opened",
    "many_devices": "D1.7.device_count",
    "far_km": "D1.7.location_jump",
    "many_failures": "D1.7.operation_failures",
}
"""Name of a mark -> the fact that holds it."""
KINDS_WITH_A_MEAN: Final = ("wecom_user", "self_employed", "office_worker")
"""Kinds of users whose first grant is documented."""


def _above(column: str, mark: str | float, per: float = 1) -> Select:
    return lambda c: c.columns[column] > at(c, mark) / per


def _from(column: str, mark: str | float, per: float = 1) -> Select:
    return lambda c: c.columns[column] >= at(c, mark) / per


def _below(column: str, mark: str | float, per: float = 1) -> Select:
    return lambda c: c.columns[column] < at(c, mark) / per


def _kind(*kinds: str) -> Select:
    return lambda c: np.isin(c.columns["user_type"], [USER_TYPES.index(kind) for kind in kinds])


def _tier(*tiers: str) -> Select:
    return lambda c: np.isin(c.columns["city_tier"], [CITY_TIERS.index(tier) for tier in tiers])


def _permissions(least: int, most: int) -> Select:
    def select(crowd: Crowd) -> Array:
        granted = np.sum([crowd.columns[name].astype(np.int8) for name in PERMISSIONS], axis=0)
        fits: Array = (granted >= least) & (granted <= most)
        return fits

    return select


def _not(select: Select) -> Select:
    return lambda c: ~select(c)


def _both(*selects: Select) -> Select:
    return lambda c: np.logical_and.reduce([select(c) for select in selects])


def _rate(part: str, select: Select, whole: str | None = None) -> Moment:
    """Share of a state among some people, or among those of them in another state."""
    def moment(crowd: Crowd) -> float:
        who = select(crowd).astype(np.float64)
        base = float((who if whole is None else who * crowd.weights[whole]).sum())
        return float((who * crowd.weights[part]).sum()) / base if base > 0 else float("nan")

    return moment


def _gap(part: str, one: Select, other: Select, whole: str | None = None) -> Moment:
    return lambda c: _rate(part, one, whole)(c) - _rate(part, other, whole)(c)


def _ratio(part: str, one: Select, other: Select, whole: str | None = None) -> Moment:
    """Rate of some people over that of others; NaN where nobody of the others is in the state."""
    def moment(crowd: Crowd) -> float:
        base = _rate(part, other, whole)(crowd)
        return _rate(part, one, whole)(crowd) / base if base else float("nan")

    return moment


_invited = partial(_gap, "invited")
_eligible = partial(_gap, "eligible")
_intercepted = partial(_gap, "intercepted", whole="applied")


def _mean(column: str, state: str | None, select: Select) -> Moment:
    """Mean of a column among the people of a state, or among all."""
    def moment(crowd: Crowd) -> float:
        weights = np.ones(len(crowd.columns[column])) if state is None else crowd.weights[state]
        return mean_of(crowd.columns[column], weights * select(crowd))

    return moment


def _mean_gap(column: str, state: str | None, one: Select, other: Select | None = None) -> Moment:
    rest = _not(one) if other is None else other
    return lambda c: _mean(column, state, one)(c) - _mean(column, state, rest)(c)


def _least_step(moments: Sequence[Moment]) -> Moment:
    """Smallest rise from one moment to the next: above 0 when they are in rising order."""
    return lambda c: float(np.min(np.diff([moment(c) for moment in moments])))


def _within_kind(column: str, mark: str | float | None = None) -> Moment:
    """Log gap of the first grant above a mark, or above the middle, of a column; kinds of users made equal."""
    def moment(crowd: Crowd) -> float:
        weights, values = crowd.weights["opened"], crowd.columns[column]
        log_grant = np.log(np.maximum(crowd.columns["initial_quota_cny"].astype(np.float64), 1))
        for code in np.unique(crowd.columns["user_type"]):
            kind = crowd.columns["user_type"] == code
            log_grant = log_grant - np.where(kind, np.nan_to_num(mean_of(log_grant, weights * kind)), 0)
        middle = weighted_quantile(values.astype(np.float64), weights, 0.5) if mark is None else at(crowd, mark)
        above = values > middle
        return mean_of(log_grant, weights * above) - mean_of(log_grant, weights * ~above)

    return moment


def _hidden(column: str, permission: str) -> Moment:
    """Share of the people without a permission whose column is missing."""
    def moment(crowd: Crowd) -> float:
        refused = ~crowd.columns[permission].astype(bool)
        return float(np.isnan(crowd.columns[column][refused]).mean()) if refused.any() else float("nan")

    return moment


def _extreme(column: str, pick: Callable[[Array], Any], factor: int = 1) -> Moment:
    def moment(crowd: Crowd) -> float:
        values = crowd.columns[column][crowd.weights["opened"] > 0]
        return float(pick(values.astype(np.float64))) * factor if values.size else float("nan")

    return moment


def _types_ratio(crowd: Crowd) -> float:
    means = [_mean("initial_quota_cny", "opened", _kind(kind))(crowd) for kind in KINDS_WITH_A_MEAN]
    return max(means) / min(means)


def _lasting_behaviour(crowd: Crowd) -> float:
    """Mean size of what payments and holdings do to the log-odds, less that of account and name."""
    sizes = {
        name: mean_of(np.abs(crowd.logits[name]), crowd.weights["eligible"])
        for name in ("payment_frequency", "licaitong_holding", "account_history")
    }
    return sizes["payment_frequency"] + sizes["licaitong_holding"] - sizes["account_history"]


def _rescued(crowd: Crowd) -> float:
    """Invited share of thin files that pay often, less that of all people."""
    paying = _both(_THIN, _from("daily_payment_count", "many_payments"))
    return _rate("invited", paying)(crowd) - float(crowd.weights["invited"].mean(dtype=np.float64))


def _triggers(tier: str) -> Moment:
    return _mean("entry_trigger_count_1m", "shown", lambda c: value_tiers(c)[tier])


_ALL: Final[Select] = lambda c: np.ones(len(c.columns["age_years"]), dtype=bool)  # noqa: E731  a selection like the others
_THIN: Final = _not(_above("has_bureau_record", 0))
_RECORDED: Final = _above("has_bureau_record", 0)
_CLEAN: Final = _below("overdue_count_24m", 1)
_LATE: Final = _from("overdue_count_24m", 1)
_HOLDS: Final = _above("licaitong_balance_cny", 0)
_OLDER: Final = _from("age_years", "older_years")
_MIDDLE: Final = _both(_above("age_years", "young_years"), _not(_OLDER))
_PAYS_OFTEN: Final = _from("daily_payment_count", "comfortable_payments", DAYS_PER_MONTH)
_ACTIVE: Final = _from("daily_payment_count", "least_payments", DAYS_PER_MONTH)
_LONG_HELD: Final = _from("licaitong_months", "holding_months")
_SCORED: Final = _from("tencent_credit_score", "score")
_BY_OPENS: Final = (
    _below("daily_open_count", "low_opens"),
    _both(_from("daily_open_count", "low_opens"), _not(_above("daily_open_count", "high_opens"))),
    _above("daily_open_count", "high_opens"),
)

DIRECTION_MOMENTS: Final[Mapping[str, Moment]] = {
    "invited_step.opens": _least_step([_rate("invited", group) for group in _BY_OPENS]),
    "invited_gap.students": _invited(_kind("student"), _not(_kind("student"))),
    "coverage_gap.students": _invited(_kind("student"), _not(_kind("student")), whole="eligible"),
    "invited_gap.freelancers": _invited(_kind("freelancer"), _not(_kind("freelancer"))),
    "invited_gap.friends": _invited(_above("friend_count", "many_friends"), _below("friend_count", "few_friends")),
    "invited_gap.spending": _invited(
        _above("annual_flow_cny", "high_flow_cny"), _below("monthly_spend_cny", "low_spend_cny")
    ),
    "invited_gap.permissions": _invited(_permissions(4, 4), _permissions(0, 0)),
    "invited_gap.any_refused": _invited(_permissions(0, 3), _permissions(4, 4)),
    "invited_gap.thin_file": _invited(_THIN, _RECORDED),
    "invited_gap.thin_file_paying": _rescued,
    "invited_gap.clean_record": _invited(_CLEAN, _LATE),
    "invited_gap.many_loans": _invited(
        _from("open_loan_count", "loans_below"), _below("open_loan_count", "loans_below")
    ),
    "invited_gap.real_name": _invited(
        _from("real_name_months", "name_months"), _below("real_name_months", "name_months")
    ),
    "invited_gap.payments": _invited(_PAYS_OFTEN, _not(_PAYS_OFTEN)),
    "invited_gap.wallet": _invited(
        _from("wallet_balance_cny", "wallet_cny"), _below("wallet_balance_cny", "wallet_cny")
    ),
    "invited_gap.licaitong": _invited(_HOLDS, _not(_HOLDS)),
    "invited_gap.licaitong_time": _invited(_both(_HOLDS, _LONG_HELD), _both(_HOLDS, _not(_LONG_HELD))),
    "invited_gap.functions": _invited(
        _from("nonsocial_function_count", "functions"), _below("nonsocial_function_count", "functions")
    ),
    "invited_gap.utilities": _invited(_from("utility_on_time_share", 1), _below("utility_on_time_share", 1)),
    "invited_gap.card_on_time": _invited(_from("card_on_time_share", 1), _below("card_on_time_share", 1)),
    "invited_gap.tier1_to_county": _invited(_tier("tier1"), _tier("county_rural")),
    "invited_ratio.licaitong_mark_to_none": _ratio(
        "invited", _above("licaitong_balance_cny", "licaitong_cny"), _not(_HOLDS)
    ),
    "coverage_gap.tier1_by_score": _invited(
        _both(_tier("tier1"), _SCORED), _both(_tier("tier1"), _not(_SCORED)), whole="eligible"
    ),
    "eligible_gap.account_age": _eligible(
        _from("account_age_months", "account_months"), _below("account_age_months", "account_months")
    ),
    "eligible_gap.friends": _eligible(_from("friend_count", "few_friends"), _below("friend_count", "few_friends")),
    "eligible_gap.payments": _eligible(_ACTIVE, _not(_ACTIVE)),
    "intercepted_gap.devices": _intercepted(
        _from("device_count_7d", "many_devices"), _below("device_count_7d", "many_devices")
    ),
    "intercepted_gap.location": _intercepted(
        _above("location_jump_km_7d", "far_km"), _not(_above("location_jump_km_7d", "far_km"))
    ),
    "intercepted_gap.failures": _intercepted(
        _from("verification_failure_count", "many_failures"), _below("verification_failure_count", "many_failures")
    ),
    "intercepted_gap.vpn": _intercepted(_above("uses_vpn", 0), _not(_above("uses_vpn", 0))),
    "opened_gap.score": _gap("opened", _SCORED, _not(_SCORED), whole="applied"),
    "applied_ratio.older": _ratio("tried", _OLDER, _MIDDLE, whole="invited"),
    "closed_gap.older": _gap("closed", _OLDER, _not(_OLDER), whole="invited"),
    "salary_card_gap.students": _mean_gap("has_salary_card", None, _kind("student")),
    "uncovered_share.cities": lambda c: 1 - _mean("is_covered_area", None, _not(_tier("county_rural")))(c),
    "covered_gap.county": _mean_gap("is_covered_area", None, _tier("county_rural"), _tier("tier3_4")),
    "current_quota_gap.county": _mean_gap("current_quota_cny", "opened", _tier("county_rural")),
    "current_quota_gap.bill_permission": _mean_gap(
        "current_quota_cny", "opened", _above("has_transactions_permission", 0)
    ),
    "first_grant_ratio.types": _types_ratio,
    "first_grant_gap.card_flow": _within_kind("monthly_card_flow_cny"),
    "first_grant_gap.salary_card": _within_kind("has_salary_card", 0),
    "entry_triggers_step.value": _least_step([_triggers(tier) for tier in ("new", "active", "high_value")]),
    "daily_rate_step.grade": _least_step([
        _mean("daily_rate", "opened", lambda c, code=code: c.columns["credit_grade"] == code)  # type: ignore[misc]  # a default binds the grade
        for code in range(len(GRADES))
    ]),
    "pay_score_gap.card_on_time": _mean_gap(
        "pay_score", None, _from("card_on_time_share", 1), _below("card_on_time_share", 1)
    ),
    "pay_score_gap.licaitong": _mean_gap("pay_score", None, _HOLDS),
    "pay_score_gap.clean_record": _mean_gap("pay_score", None, _CLEAN, _LATE),
    "lasting_behaviour_gap": _lasting_behaviour,
    "hidden_share.contacts": _hidden("managed_group_count", "has_contacts_permission"),
    "hidden_share.location": _hidden("location_jump_km_7d", "has_location_permission"),
    "hidden_share.transactions": _hidden("merchant_category_count", "has_transactions_permission"),
    "hidden_share.pay_score": _hidden("pay_score", "has_pay_score_enabled"),
    "first_grant.least": _extreme("initial_quota_cny", np.min),
    "first_grant.most": _extreme("initial_quota_cny", np.max),
    "current_quota.most": _extreme("current_quota_cny", np.max),
    "daily_rate.least": _extreme("daily_rate", np.min),
    "daily_rate.most": _extreme("daily_rate", np.max),
    "annual_rate.least": _extreme("daily_rate", np.min, DAYS_PER_YEAR_QUOTED),
    "annual_rate.most": _extreme("daily_rate", np.max, DAYS_PER_YEAR_QUOTED),
}
"""Moment name -> how it is measured on a crowd."""
