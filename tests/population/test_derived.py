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
