"""Columns that follow from other columns: flows, debt, the two Tencent scores, the account restriction."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.bounds import Bounds, Credit, Habits, Means
from weilidai.columns import CATALOGUE
from weilidai.population.block import People
from weilidai.population.settings import (
    ColumnModel,
    DerivedParameters,
    PayScoreMix,
    Restriction,
    TencentScoreMix,
)
from weilidai.units import DAYS_PER_MONTH, DAYS_PER_YEAR, MONTHS_PER_YEAR

FloatArray = npt.NDArray[np.float32]
_f = np.float32
CENTS: Final = 2
SHARE_DECIMALS: Final = 3
READ_FROM: Final = 0.001
"""Shares nearer to 0 or 1 are read as if they were this far away; the index would run to infinity."""


def add_means(people: People, bounds: Bounds) -> None:
    """Say what income and habits allow at most: to spend, move, hold, borrow, pay and post."""
    _add_money(people, bounds.means)
    _add_visits(people, bounds.habits)
    cards = people["credit_card_count"] * _f(bounds.credit.least_line_per_card_cny)
    people.put("least_line_cny", cards)
    lines = np.floor(people["annual_income_cny"] * _f(bounds.credit.lines_per_income))
    people.put("most_line_cny", np.maximum(lines, cards))


def _add_money(people: People, means: Means) -> None:
    income = people["annual_income_cny"]
    most = income * _f(means.spending_per_income) + _f(means.spending_allowance_cny)
    people.put("most_spending_cny", most)
    flow = np.floor(most * _f(means.flow_per_spending))
    people.put("most_flow_cny", flow)
    people.put("most_monthly_flow_cny", np.floor(flow * _f(1 / MONTHS_PER_YEAR)))
    people.put("most_holding_cny", np.floor(income * _f(means.savings_per_income)))


def _add_visits(people: People, habits: Habits) -> None:
    often = people["daily_open_count"] * _f(habits.payments_per_open) + _f(habits.automatic_payments)
    people.put("most_daily_payments", often)
    months = np.minimum(people["account_age_months"], _f(MONTHS_PER_YEAR))
    visits = people["daily_open_count"] * months * _f(DAYS_PER_MONTH)
    people.put("most_posts", np.floor(visits * _f(habits.posts_per_open)))


def add_spending(people: People, habits: Habits) -> None:
    """Monthly spending is payments times the usual payment, as far as means go; annual flow adds transfers."""
    people.put("annual_payment_count", np.floor(people["daily_payment_count"] * _f(DAYS_PER_YEAR)))
    people.put("monthly_payment_count", np.floor(people["daily_payment_count"] * _f(DAYS_PER_MONTH)))
    people.put("pays_by_wechat", people["daily_payment_count"] > 0)
    spend = np.round(people["daily_payment_count"] * _f(DAYS_PER_MONTH) * people["ticket_cny"])
    spend = np.minimum(spend, np.floor(people["most_spending_cny"] * _f(1 / MONTHS_PER_YEAR)))
    people.put("monthly_spend_cny", _in_range("monthly_spend_cny", spend))
    year = people["monthly_spend_cny"] * _f(MONTHS_PER_YEAR)
    flow = np.minimum(np.round(year * (_f(1) + people["transfer_multiple"])), np.maximum(people["most_flow_cny"], year))
    people.put("annual_flow_cny", _in_range("annual_flow_cny", flow))
    large = _f(1 / habits.large_payment_cny)
    people.put("most_large_payments", np.floor(people["monthly_spend_cny"] * _f(MONTHS_PER_YEAR) * large))
    people.put("most_large_transfers", np.floor(people["annual_flow_cny"] * large))


def add_name_bound(people: People) -> None:
    """Bound the verified name: it needs an account, and was first asked for by WeChat Pay."""
    people.put("longest_name_months", np.minimum(people["account_age_months"], people["wechat_pay_months"]))


def add_shop_bound(people: People) -> None:
    """Only what is no red packet may be paid in shops, and only what the wallet does not hold may be invested."""
    people.put("no_red_packet_share", _f(1) - people["red_packet_share"])
    people.put("most_invested_cny", np.maximum(people["most_holding_cny"] - people["wallet_balance_cny"], _f(0)))


def add_shops_paid(people: People) -> None:
    """Tell who pays in shops at least once a month, and so some kind of merchant."""
    people.put("pays_in_shops", people["monthly_payment_count"] * people["offline_payment_share"] >= _f(1))


def add_earnings(people: People, yearly_yield: float) -> None:
    """Lingqiantong earns its yield on the holding for as long as it is held."""
    years = people["lingqiantong_months"] * _f(1 / MONTHS_PER_YEAR)
    earned = np.round(people["lingqiantong_holding_cny"] * _f(yearly_yield) * years, CENTS)
    people.put("lingqiantong_earnings_cny", _in_range("lingqiantong_earnings_cny", earned))


def add_card_repayments(people: People, credit: Credit) -> None:
    """Repay cards nearly on time without an overdue event; what they do not explain was overdue elsewhere."""
    share = _nearly_on_time(people, "card_on_time_share", credit)
    people.put("card_on_time_share", share)
    late = np.nan_to_num(people["overdue_count_24m"], nan=0.0)
    owed = people["credit_card_count"] * _f(2 * MONTHS_PER_YEAR)  # one repayment a card and month in 24 months
    missed = np.nan_to_num((_f(1) - share) * owed, nan=0.0)
    people.put("overdue_elsewhere_count", np.maximum(late - np.ceil(missed), _f(0)))


def add_other_repayments(people: People, credit: Credit) -> None:
    """Repay elsewhere nearly on time without an overdue event, and with some only what they leave on time."""
    share = _nearly_on_time(people, "other_repayment_on_time_share", credit)
    most = _f(1) - people["overdue_elsewhere_count"] * _f(1 / credit.repayments_24m)
    people.put("other_repayment_on_time_share", np.minimum(share, np.maximum(most, _f(0))))


def _nearly_on_time(people: People, name: str, credit: Credit) -> FloatArray:
    """Press low shares of people without an overdue event between the least one and the middle above it."""
    least = credit.least_on_time_share
    middle, share = (1 + least) / 2, people[name]
    pressed = _f(least) + share * _f((middle - least) / middle)
    return np.where((people["overdue_count_24m"] == 0) & (share < _f(middle)), pressed, share)


def add_place_signs(people: People, habits: Habits) -> None:
    """Tell whose logins lie too far apart for one place, and whose addresses must have changed."""
    far = people["location_jump_km_7d"] >= _f(habits.other_place_km)
    people.put("was_far_away", far)
    people.put("changes_address", far | people["uses_vpn"])


def add_debt(people: People, parameters: DerivedParameters) -> None:
    """Half-year inquiries include the last quarter's; debt service grows with open loans, and needs some credit."""
    both = people["bureau_inquiry_count_3m"] + people["earlier_inquiry_count"]
    people.put("bureau_inquiry_count_6m", _in_range("bureau_inquiry_count_6m", both))
    grown = _f(1) + _f(parameters.debt_per_open_loan) * people["open_loan_count"]
    owes = (people["open_loan_count"] > 0) | (people["credit_card_count"] > 0)
    debt = np.round(people["debt_service_share"] * grown * np.where(owes, _f(1), _f(0)), SHARE_DECIMALS)
    people.put("debt_to_income_share", _in_range("debt_to_income_share", debt))


def add_pay_score(people: People, mix: PayScoreMix, columns: dict[str, ColumnModel]) -> None:
    """Weigh red packets, offline payments, credit history and the undocumented rest as documented."""
    history = np.nan_to_num(people["card_on_time_share"], nan=_median_share(columns["card_on_time_share"]))
    late = np.nan_to_num(people["overdue_count_24m"], nan=0.0)
    basis = people["pay_score_basis"]
    total = (
        _f(mix.red_packets) * _logit_z(people["red_packet_share"], columns["red_packet_share"])
        + _f(mix.offline) * _logit_z(people["offline_payment_share"], columns["offline_payment_share"])
        + _f(mix.credit_history)
        * (basis + (history - _f(1)) * _f(mix.card_weight) - _f(mix.late_weight) * np.minimum(late, _f(mix.late_cap)))
        + _f(mix.remainder) * basis
    )
    score = np.round(_f(mix.centre) + _f(mix.sd * mix.index_scale) * total)
    people.put("pay_score", _in_range("pay_score", score))


def add_tencent_score(people: People, mix: TencentScoreMix, columns: dict[str, ColumnModel]) -> None:
    """Weigh stable contacts, spending, utility bills and the undocumented rest as documented."""
    spend = np.log((people["monthly_spend_cny"] + _f(mix.spending_floor_cny)) * _f(1 / mix.spending_reference_cny))
    utilities = (people["utility_on_time_share"] - _f(mix.utility_middle)) * _f(mix.utility_slope)
    total = (
        -_f(mix.contact_stability) * _logit_z(people["contact_change_share_12m"], columns["contact_change_share_12m"])
        + _f(mix.spending) * spend
        + _f(mix.utilities) * utilities
        + _f(mix.remainder) * people["tencent_score_basis"]
    )
    score = _f(mix.centre) + _f(mix.sd * mix.index_scale) * total
    people.put("tencent_credit_score", _in_range("tencent_credit_score", np.round(score)))


def add_restriction(people: People, odds: Restriction) -> None:
    """Restrict an account by the events seen on it."""
    log_odds = (
        _f(odds.base)
        + _f(odds.remote_login) * people["has_remote_login"]
        + _f(odds.aml_alert) * people["has_aml_alert"]
        + _f(odds.grey_activity) * people["has_grey_activity"]
        + _f(odds.identity_change) * np.minimum(people["identity_change_count_12m"], _f(odds.most_counted))
        + _f(odds.night_transfer) * np.minimum(people["night_transfer_count_30d"], _f(odds.most_counted))
    )
    chance = expit(log_odds)
    people.put("restriction_chance", chance)
    people.put("is_restricted", people.noise.uniform("is_restricted") < chance)


def _logit_z(share: FloatArray, model: ColumnModel) -> FloatArray:
    """Read a share back to its index, so that a changed share changes the score."""
    inside = np.clip(share, _f(READ_FROM), _f(1 - READ_FROM))
    z: FloatArray = (np.log(inside / (_f(1) - inside)) - _f(model.location)) / _f(model.spread)
    return z


def _median_share(model: ColumnModel) -> float:
    return float(expit(model.location or 0.0))


def _in_range(name: str, values: FloatArray) -> FloatArray:
    column = CATALOGUE[name]
    return np.clip(values, column.low, column.high).astype(np.float32, copy=False)
