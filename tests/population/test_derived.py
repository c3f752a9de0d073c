"""Columns that follow from other columns."""

import numpy as np
import pytest

from weilidai.columns import CATALOGUE
from weilidai.units import DAYS_PER_MONTH, MONTHS_PER_YEAR


def test_spending_is_payments_times_the_usual_payment(people):
    wanted = people["daily_payment_count"].astype(np.float64) * DAYS_PER_MONTH * people["ticket_cny"]
    most = np.minimum(CATALOGUE["monthly_spend_cny"].high, np.floor(people["most_spending_cny"] / MONTHS_PER_YEAR))
    assert people["monthly_spend_cny"] == pytest.approx(np.minimum(wanted, most), abs=1.01, rel=1e-6)
    assert (wanted <= most).mean() > 0.97


def test_a_years_flow_is_never_below_a_years_spending(people):
    top = CATALOGUE["annual_flow_cny"].high
    spent = people["monthly_spend_cny"].astype(np.float64) * MONTHS_PER_YEAR
    assert (people["annual_flow_cny"] >= np.minimum(spent, top) * (1 - 1e-6)).all()


def test_lingqiantong_earns_its_yield_for_the_months_of_the_holding(people, numbers):
    years = people["lingqiantong_months"].astype(np.float64) / MONTHS_PER_YEAR
    wanted = people["lingqiantong_holding_cny"] * numbers.derived.lingqiantong_yearly_yield * years
    assert people["lingqiantong_earnings_cny"] == pytest.approx(wanted, abs=0.0051, rel=1e-5)


def test_half_a_years_inquiries_include_the_last_quarters(people):
    known = ~np.isnan(people["bureau_inquiry_count_3m"])
    three, six = people["bureau_inquiry_count_3m"][known], people["bureau_inquiry_count_6m"][known]
    assert (six >= three).all()
    assert (six > three).any()
    assert np.isnan(people["bureau_inquiry_count_6m"][~known]).all()


def test_each_open_loan_adds_to_the_debt_service(made_with, numbers):
    two, three = made_with(open_loan_count=2.0), made_with(open_loan_count=3.0)
    more = three["debt_to_income_share"] - two["debt_to_income_share"]
    wanted = numbers.derived.debt_per_open_loan * two["debt_service_share"]
    assert more == pytest.approx(wanted, abs=0.0011)


SCORES = {
    "pay_score": {"red_packet_share": 1, "offline_payment_share": 1, "card_on_time_share": 1, "overdue_count_24m": -1},
    "tencent_credit_score": {"contact_change_share_12m": -1, "monthly_spend_cny": 1, "utility_on_time_share": 1},
}


@pytest.mark.parametrize(("score", "column"), [(s, c) for s, columns in SCORES.items() for c in columns])
def test_a_score_moves_with_what_it_is_documented_to_weigh(made_with, score, column):
    low, high = (500.0, 5000.0) if column.endswith("_cny") else (0.2, 0.8)
    if column == "overdue_count_24m":
        low, high = 0.0, 3.0
    beside = {"offline_payment_share": 0.1} if column == "red_packet_share" else {"red_packet_share": 0.1}
    permissions = ("has_pay_score_enabled", "has_transactions_permission", "has_contacts_permission")
    all_visible = {**beside, **dict.fromkeys(permissions, True)}
    moved = made_with(**{column: high}, **all_visible)[score] - made_with(**{column: low}, **all_visible)[score]
    assert (moved * SCORES[score][column] >= 0).all()
    assert (moved * SCORES[score][column] > 0).mean() > 0.9


@pytest.mark.parametrize("event", ["has_remote_login", "has_aml_alert", "has_grey_activity"])
def test_every_event_seen_on_an_account_makes_its_restriction_likelier(made_with, event):
    without, with_it = made_with(**{event: False}), made_with(**{event: True})
    assert (with_it["restriction_chance"] > without["restriction_chance"]).all()
    assert (with_it["is_restricted"] >= without["is_restricted"]).all()


def test_accounts_are_restricted_as_often_as_their_chances_say(people):
    chance = people["restriction_chance"].astype(np.float64)
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(people["is_restricted"].sum() - chance.sum()) < 4.5 * spread


@pytest.mark.parametrize("name", ["card_on_time_share", "other_repayment_on_time_share"])
def test_without_an_overdue_event_repayments_are_nearly_on_time(made_with, numbers, name):
    least = numbers.bounds.credit.least_on_time_share
    late, punctual = (made_with(overdue_count_24m=count, has_bureau_record=True)[name] for count in (1.0, 0.0))
    told = ~np.isnan(late)
    assert punctual[told].min() >= least
    assert late[told].min() < least
    assert (punctual >= late - 1e-6)[told].all()


def test_each_overdue_event_that_no_card_explains_takes_its_part_of_the_other_share(made_with, numbers):
    often = made_with(overdue_count_24m=48.0, credit_card_count=1.0, card_on_time_share=0.9, has_bureau_record=True)
    assert set(often["overdue_elsewhere_count"]) == {48 - 3}
    most = 1 - 45 / numbers.bounds.credit.repayments_24m
    assert often["other_repayment_on_time_share"].max() == pytest.approx(most)


def test_large_payments_and_transfers_add_up_to_no_more_than_there_was(people, numbers):
    large = numbers.bounds.habits.large_payment_cny
    payments, transfers = people["large_payment_count_12m"], people["night_transfer_count_30d"]
    assert (np.nan_to_num(payments) * large <= people["monthly_spend_cny"] * MONTHS_PER_YEAR).all()
    assert (np.nan_to_num(transfers) * large <= people["annual_flow_cny"]).all()


def test_logins_far_apart_are_from_another_place_and_another_address(made_with, numbers):
    far = made_with(location_jump_km_7d=numbers.bounds.habits.other_place_km)
    assert far["has_remote_login"].all()
    assert (far["ip_change_count_30d"] >= 1).all()


def test_who_pays_nothing_has_no_bills_to_be_read(people):
    idle = people["daily_payment_count"] == 0
    assert idle.any()
    assert not people["has_transactions_permission"][idle].any()
    assert np.isnan(people["utility_on_time_share"][idle]).all()


def test_nobody_posts_without_opening_wechat(made_with):
    assert not made_with(daily_open_count=0.0)["moments_post_count_12m"].any()
