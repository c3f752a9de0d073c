"""A block of people with every column the lender could ever see, and what it does see."""

from typing import Final

import numpy as np

from weilidai.columns import CATALOGUE
from weilidai.noise import Noise
from weilidai.population.block import Interventions, People
from weilidai.population.context import add_context
from weilidai.population.derived import (
    add_card_repayments,
    add_debt,
    add_earnings,
    add_means,
    add_name_bound,
    add_other_repayments,
    add_pay_score,
    add_place_signs,
    add_restriction,
    add_shop_bound,
    add_shops_paid,
    add_spending,
    add_tencent_score,
)
from weilidai.population.observed import add_column
from weilidai.population.settings import PopulationParameters
from weilidai.population.traits import correlation_matrix, draw_traits

BEFORE_NAME: Final = ("annual_income_cny", "has_bureau_record", "account_age_months", "has_verified_name")
BEFORE_MEANS: Final = (
    "real_name_months", "debit_card_count", "credit_card_count", "friend_count", "managed_group_count",
    "daily_open_count", "profile_update_count_12m", "contact_change_share_12m", "complaint_count_12m",
    "charity_months_12m",
)
BEFORE_SPENDING: Final = ("moments_post_count_12m", "daily_payment_count", "ticket_cny", "transfer_multiple")
BEFORE_SHOPS: Final = ("nonsocial_function_count", "wallet_balance_cny", "red_packet_share")
BEFORE_MERCHANTS: Final = ("offline_payment_share",)
BEFORE_EARNINGS: Final = (
    "merchant_category_count", "utility_on_time_share", "refund_share",
    "large_payment_count_12m", "night_transfer_count_30d", "licaitong_balance_cny", "licaitong_months",
    "lingqiantong_holding_cny", "lingqiantong_months",
)
BEFORE_DEBT: Final = (
    "insurance_premium_cny", "monthly_card_flow_cny", "has_salary_card", "housing_fund_months", "open_loan_count",
    "overdue_count_24m", "bureau_inquiry_count_3m", "earlier_inquiry_count", "other_credit_line_cny",
    "debt_service_share", "card_on_time_share",
)
BEFORE_ELSEWHERE: Final = ("other_repayment_on_time_share",)
BEFORE_PLACES: Final = (
    "pay_score_basis", "tencent_score_basis", "has_contacts_permission", "has_location_permission",
    "has_transactions_permission", "has_pay_score_enabled", "device_count_7d", "location_jump_km_7d",
    "verification_failure_count", "uses_vpn",
)
BEFORE_SCORES: Final = (
    "ip_change_count_30d", "identity_change_count_12m", "has_remote_login", "has_aml_alert", "has_grey_activity",
)


def make_people(parameters: PopulationParameters, noise: Noise, set_to: Interventions | None = None) -> People:
    """Make one block of people; with ``set_to``, the same people with some columns set (do()).

    Returns
    -------
    People
        Every feature column of the contract plus a few inner ones; what a withheld permission governs is
        missing, as the lender sees it. Categories are level codes.
    """
    people = People(noise, set_to)
    bounds = parameters.bounds
    add_context(people, parameters.context, bounds)
    traits = draw_traits(people, parameters.traits)
    correlation = correlation_matrix(parameters.traits.correlation)
    models = dict(parameters.columns)

    def observe(names: tuple[str, ...]) -> None:
        for name in names:
            add_column(people, name, models[name], traits, correlation)

    observe(BEFORE_NAME)
    add_name_bound(people)
    observe(BEFORE_MEANS)
    add_means(people, bounds)
    observe(BEFORE_SPENDING)
    add_spending(people, bounds.habits)
    observe(BEFORE_SHOPS)
    add_shop_bound(people)
    observe(BEFORE_MERCHANTS)
    add_shops_paid(people)
    observe(BEFORE_EARNINGS)
    add_earnings(people, parameters.derived.lingqiantong_yearly_yield)
    observe(BEFORE_DEBT)
    add_debt(people, parameters.derived)
    add_card_repayments(people, bounds.credit)
    observe(BEFORE_ELSEWHERE)
    add_other_repayments(people, bounds.credit)
    observe(BEFORE_PLACES)
    add_place_signs(people, bounds.habits)
    observe(BEFORE_SCORES)
    add_pay_score(people, parameters.derived.pay_score, models)
    add_tencent_score(people, parameters.derived.tencent_score, models)
    add_restriction(people, parameters.derived.restriction)
    _hide_withheld(people)
    return people


def _hide_withheld(people: People) -> None:
    """Blank what a withheld permission governs, unless that very column was set from outside."""
    for name, column in CATALOGUE.items():
        if column.permission and not people.is_set(name):
            people.columns[name] = np.where(people[column.permission], people[name], np.float32(np.nan))
