"""Lives that cannot be lived: every check sees a planted row, and no generated person is one."""

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.dataset.impossible import impossible_rows
from weilidai.dataset.lives import impossible_kinds, impossible_lives
from weilidai.matching.regimes import regime_names
from weilidai.pipeline.simulate import simulate
from weilidai.population import PopulationParameters

BOUNDS = current_numbers().part("population", PopulationParameters).bounds

PLANTED = {
    "credit_card_count of a minor": {"age_years": 16, "credit_card_count": 1},
    "has_bureau_record of a minor": {"age_years": 17, "has_bureau_record": True},
    "open_loan_count of a minor": {"age_years": 17, "open_loan_count": 1.0},
    "licaitong_balance_cny of a minor": {"age_years": 15, "licaitong_balance_cny": 10.0},
    "lingqiantong_earnings_cny of a minor": {"age_years": 15, "lingqiantong_earnings_cny": 1.0},
    "insurance_premium_cny of a minor": {"age_years": 15, "insurance_premium_cny": 100.0},
    "a salary card before the age of 16": {"age_years": 15, "has_salary_card": True},
    "housing fund paid before the age of 16": {"age_years": 20, "housing_fund_months": 61},
    "an account older than its owner": {"account_age_months": 2000},
    "an account opened before the age of 8": {"age_years": 14, "account_age_months": 85},
    "a Licaitong holding since before majority": {"age_years": 18, "licaitong_months": 13},
    "student at an age at which nobody is": {"age_years": 41, "user_type": "student"},
    "retired at an age at which nobody is": {"age_years": 44, "user_type": "retired"},
    "office_worker at an age at which nobody is": {"age_years": 88, "user_type": "office_worker"},
    "wecom_user at an age at which nobody is": {"age_years": 80, "user_type": "wecom_user"},
    "self_employed at an age at which nobody is": {"age_years": 14, "user_type": "self_employed"},
    "freelancer at an age at which nobody is": {"age_years": 15, "user_type": "freelancer"},
    "high_net_worth at an age at which nobody is": {"age_years": 17, "user_type": "high_net_worth"},
    "account_age_months beyond the launch of WeChat": {"snapshot_month": "2021-03", "account_age_months": 123},
    "real_name_months beyond the launch of WeChat Pay": {"snapshot_month": "2021-08", "real_name_months": 97},
    "licaitong_months beyond the launch of Licaitong": {"snapshot_month": "2016-01", "licaitong_months": 25},
    "housing_fund_months beyond the launch of the housing fund": {"housing_fund_months": 480},
    "Lingqiantong earnings before its launch": {"snapshot_month": "2018-11", "lingqiantong_earnings_cny": 0.5},
    "debit_card_count without a verified name": {"real_name_months": 0, "debit_card_count": 1},
    "daily_payment_count without a verified name": {"real_name_months": 0, "daily_payment_count": 1.0},
    "wallet_balance_cny without a verified name": {"real_name_months": 0, "wallet_balance_cny": 9.0},
    "night_transfer_count_30d without a verified name": {"real_name_months": 0, "night_transfer_count_30d": 2.0},
    "charity_months_12m without a verified name": {"real_name_months": 0, "charity_months_12m": 3},
    "has_pay_score_enabled without a verified name": {"real_name_months": 0, "has_pay_score_enabled": True},
    "has_aml_alert without a verified name": {"real_name_months": 0, "has_aml_alert": True},
    "identity_change_count_12m without a verified name": {"real_name_months": 0, "identity_change_count_12m": 1},
    "red_packet_share without any payment": {"daily_payment_count": 0.0, "red_packet_share": 0.1},
    "offline_payment_share without any payment": {"daily_payment_count": 0.0, "offline_payment_share": 0.1},
    "refund_share without any payment": {"daily_payment_count": 0.0, "refund_share": 0.1},
    "merchant_category_count without any payment": {"daily_payment_count": 0.0, "merchant_category_count": 2.0},
    "a Licaitong holding held for no month": {"licaitong_balance_cny": 10.0, "licaitong_months": 0},
    "payments without any function in use": {"daily_payment_count": 2.0, "nonsocial_function_count": 0},
    "more payments than visits to WeChat and subscriptions allow": {
        "daily_open_count": 0.5, "daily_payment_count": 3.1,
    },
    "red packets and payments in shops above all payments": {"red_packet_share": 0.5, "offline_payment_share": 0.6},
    "more kinds of merchants in a month than payments": {
        "daily_payment_count": 0.1, "merchant_category_count": 5.0,
    },
    "more large payments in a year than payments": {"daily_payment_count": 0.1, "large_payment_count_12m": 60.0},
    "spending beyond all means": {"annual_income_cny": 10_000.0, "monthly_spend_cny": 2100.0},
    "a flow beyond all means": {"annual_income_cny": 10_000.0, "annual_flow_cny": 125_000.0},
    "a flow through cards beyond all means": {"annual_income_cny": 10_000.0, "monthly_card_flow_cny": 10_100.0},
    "Lingqiantong earnings that no holding could have earned": {
        "annual_income_cny": 10_000.0, "lingqiantong_earnings_cny": 10_000.0,
    },
    "insurance premiums above the income": {"annual_income_cny": 10_000.0, "insurance_premium_cny": 10_001.0},
    "a credit card without a bureau record": {"credit_card_count": 1, "has_bureau_record": False},
    "overdue in 24 months, yet every repayment on time": {
        "overdue_count_24m": 1.0, "other_repayment_on_time_share": 1.0, "card_on_time_share": np.nan,
    },
    "debt service without a loan or a card": {
        "debt_to_income_share": 0.1, "open_loan_count": 0.0, "credit_card_count": 0,
    },
    "more repayments on time than months since the opening": {"opened_months_ago": 4.0, "on_time_count": 5.0},
    **{f"{name} without a bound card": {"debit_card_count": 0, name: value} for name, value in {
        "licaitong_balance_cny": 10.0, "lingqiantong_earnings_cny": 1.0, "insurance_premium_cny": 100.0,
        "monthly_card_flow_cny": 50.0, "has_salary_card": True,
    }.items()},
    "utility_on_time_share without any payment": {"daily_payment_count": 0.0, "utility_on_time_share": 0.0},
    "bill details granted without any payment": {"daily_payment_count": 0.0, "has_transactions_permission": True},
    "charity in more months than the name is verified": {"real_name_months": 2, "charity_months_12m": 3},
    "contacts changed without a contact": {"friend_count": 0, "contact_change_share_12m": 0.1},
    "more group chats administered than contacts": {"friend_count": 3, "managed_group_count": 4.0},
    "a payment in shops every day, yet no kind of merchant": {
        "daily_payment_count": 2.0, "offline_payment_share": 0.6, "merchant_category_count": 0.0,
    },
    "more Moments posts than visits to WeChat": {
        "daily_open_count": 0.2, "account_age_months": 12, "moments_post_count_12m": 100,
    },
    "large payments that add up to more than the spending": {
        "monthly_spend_cny": 100.0, "large_payment_count_12m": 3.0,
    },
    "large transfers at night that add up to more than the flow": {
        "annual_flow_cny": 900.0, "night_transfer_count_30d": 2.0,
    },
    "logins 500 kilometres apart without one from another place": {
        "location_jump_km_7d": 900.0, "has_remote_login": False,
    },
    "logins 500 kilometres apart from one address": {"location_jump_km_7d": 900.0, "ip_change_count_30d": 0},
    "a proxy without a change of address": {"uses_vpn": True, "ip_change_count_30d": 0},
    "housing fund paid for a person of the kind student": {"user_type": "student", "housing_fund_months": 3},
    "housing fund paid for a person of the kind retired": {"user_type": "retired", "housing_fund_months": 30},
    "high_net_worth with a small income": {"user_type": "high_net_worth", "annual_income_cny": 20_000.0},
    "wallet and Licaitong together beyond any savings": {
        "annual_income_cny": 10_000.0, "wallet_balance_cny": 30_000.0, "licaitong_balance_cny": 21_000.0,
    },
    "credit cards with hardly any line": {"credit_card_count": 3, "other_credit_line_cny": 1_000.0},
    "credit lines beyond any income": {"annual_income_cny": 20_000.0, "other_credit_line_cny": 300_000.0},
    "open loans without debt service": {"open_loan_count": 2.0, "debt_to_income_share": 0.0},
    **{f"{name} too low for nothing overdue in 24 months": {"overdue_count_24m": 0.0, name: 0.6}
       for name in ("other_repayment_on_time_share", "card_on_time_share")},
    "overdue more often than repayments were late": {
        "overdue_count_24m": 9.0, "credit_card_count": 1, "card_on_time_share": 0.9,
        "other_repayment_on_time_share": 0.99,
    },
    "an entry before the launch of Weilidai": {"snapshot_month": "2016-01", "entry_months_ago": 9.0},
    "an entry before the name was verified": {"real_name_months": 7, "entry_months_ago": 8.0},
    "an account opened before the launch of Weilidai": {"snapshot_month": "2016-01", "opened_months_ago": 9.0},
    "an account opened before the name was verified": {"real_name_months": 7, "opened_months_ago": 8.0},
    "a Licaitong purchase before the holding": {
        "entry_event": "licaitong_purchase", "entry_months_ago": 5.0, "licaitong_months": 4,
    },
    "a Licaitong purchase without a holding": {"entry_event": "licaitong_purchase", "licaitong_balance_cny": 0.0},
    "a failed payment of somebody who pays nothing": {"entry_event": "failed_payment", "daily_payment_count": 0.0},
    "overdue, yet a repayment on time for every month": {
        "is_overdue": True, "opened_months_ago": 4.0, "on_time_count": 4.0,
    },
    "another quota than the first on an account younger than half a year": {
        "opened_months_ago": 5.0, "initial_quota_cny": 10_000.0, "current_quota_cny": 15_000.0,
    },
    **{f"{name} without any use of the quota": {"utilisation_share": 0.0, name: value} for name, value in {
        "on_time_count": 3.0, "is_overdue": True, "has_reborrowed": True, "uses_instalments": True,
        "bill_payment_count_1m": 2.0,
    }.items()},
}
ROWS = 5


@pytest.fixture(scope="module")
def people():
    return simulate(current_numbers(), 3000, 17)[0]


def found(people, what):
    return {check.what: check.count for check in impossible_rows(people, BOUNDS).checks}[what]


def planted(people, values):
    changed = people.copy()
    for column, value in values.items():
        changed[column] = changed[column].astype(object)
        changed.iloc[:ROWS, changed.columns.get_loc(column)] = value
        changed[column] = changed[column].infer_objects()
    return changed


def test_every_check_has_a_row_that_it_must_see():
    checks = (*impossible_lives(BOUNDS), *impossible_kinds(BOUNDS.ages))
    assert sorted(what for what, _ in checks) == sorted(PLANTED)


@pytest.mark.parametrize("what", PLANTED)
def test_a_life_that_cannot_be_is_counted(people, what):
    assert found(people, what) == 0
    assert found(planted(people, PLANTED[what]), what) == ROWS


def test_an_overdue_that_either_repayment_explains_is_possible(people):
    overdue = {"overdue_count_24m": 1.0, "other_repayment_on_time_share": 1.0, "card_on_time_share": 0.9}
    assert found(planted(people, overdue), "overdue in 24 months, yet every repayment on time") == 0


@pytest.mark.parametrize("regime", regime_names())
def test_no_generated_person_is_impossible_in_any_regime(regime):
    applicants, _ = simulate(current_numbers(regime), 50_000, 23)
    judged = impossible_rows(applicants, BOUNDS)
    assert {check.what: check.count for check in judged.checks if check.count} == {}
    assert judged.rows == 0


@pytest.mark.parametrize(("regime", "earns"), [("trial", False), ("expansion", True), ("optimisation", True)])
def test_lingqiantong_earns_only_once_it_is_there(regime, earns):
    applicants, _ = simulate(current_numbers(regime), 20_000, 23)
    assert bool((applicants["lingqiantong_earnings_cny"] > 0).any()) is earns


def test_earlier_years_shorten_months_of_use_and_later_ones_change_nobody():
    tables = {name: simulate(current_numbers(name), 20_000, 23)[0] for name in ("trial", "optimisation", "contraction")}
    for name in ("account_age_months", "real_name_months"):
        assert (tables["trial"][name] <= tables["optimisation"][name]).all()
        assert (tables["contraction"][name] == tables["optimisation"][name]).all()
