"""Whole people: nothing impossible, nothing independent, and do()."""

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE, FEATURES, LEVELS, PERMISSIONS
from weilidai.noise import Noise
from weilidai.population import make_people

RANGED = [name for name in FEATURES if CATALOGUE[name].low is not None]
GOVERNED = [name for name in FEATURES if CATALOGUE[name].permission]
OF_THE_BUREAU = [
    "overdue_count_24m", "open_loan_count", "bureau_inquiry_count_3m", "bureau_inquiry_count_6m",
    "other_credit_line_cny", "debt_to_income_share", "other_repayment_on_time_share",
]
MEANS = ("most_spending_cny", "most_flow_cny", "most_monthly_flow_cny", "most_holding_cny", "most_line_cny")
LONGEST = ("longest_account_months", "longest_licaitong_months", "longest_lingqiantong_months")
LEAST_CORRELATION = 0.08
PEOPLE_COMPARED = 60_000
ZERO_INFLATED = {
    "licaitong_balance_cny": (0.5, 0.75), "insurance_premium_cny": (0.7, 0.92),
    "lingqiantong_earnings_cny": (0.35, 0.7),
    "complaint_count_12m": (0.8, 0.97), "overdue_count_24m": (0.5, 0.9), "housing_fund_months": (0.5, 0.8),
}
SKEWED = ["friend_count", "monthly_spend_cny", "annual_flow_cny", "wallet_balance_cny", "daily_open_count",
          "annual_income_cny", "licaitong_balance_cny", "moments_post_count_12m", "location_jump_km_7d"]


def test_every_feature_of_the_contract_is_made_and_nothing_is_made_twice_the_length(people):
    assert set(FEATURES) <= set(people)
    assert {len(values) for values in people.values()} == {len(people["age_years"])}


@pytest.mark.parametrize("name", RANGED)
def test_values_stay_in_the_contracts_range(people, name):
    column, values = CATALOGUE[name], people[name]
    known = values[~np.isnan(values)]
    assert known.min() >= column.low
    assert known.max() <= column.high
    assert column.kind != "count" or (known == np.round(known)).all()


@pytest.mark.parametrize("name", [name for name in FEATURES if name in LEVELS])
def test_categories_are_codes_of_known_levels(people, name):
    assert set(np.unique(people[name])) <= set(range(len(LEVELS[name])))


def test_a_name_is_verified_on_an_account_that_exists(people):
    assert (people["real_name_months"] <= people["account_age_months"]).all()


def test_a_holding_is_no_older_than_the_verified_name_and_no_younger_than_a_month(people):
    holds = people["licaitong_balance_cny"] > 0
    assert (people["licaitong_months"] <= people["real_name_months"]).all()
    assert (people["licaitong_months"][holds] >= 1).all()
    assert not people["licaitong_months"][~holds].any()


def test_without_its_precondition_a_column_is_zero(people, numbers):
    bound = {name: model.zero_unless for name, model in numbers.columns.items() if model.zero_unless}
    assert len(bound) > 8
    for name, needs in bound.items():
        for need in needs:
            assert not np.nan_to_num(people[name][~(people[need] > 0)]).any(), (name, need)


@pytest.mark.parametrize("name", OF_THE_BUREAU)
def test_what_only_the_bureau_knows_is_missing_exactly_without_a_record(people, name):
    assert (np.isnan(people[name]) == ~people["has_bureau_record"]).all()


def test_card_repayment_is_missing_exactly_without_a_card(people):
    assert (np.isnan(people["card_on_time_share"]) == (people["credit_card_count"] == 0)).all()


@pytest.mark.parametrize("name", GOVERNED)
def test_a_column_is_hidden_exactly_where_its_permission_is_withheld(people, name):
    assert (np.isnan(people[name]) == ~people[CATALOGUE[name].permission]).all()


def test_nothing_else_is_ever_missing(people):
    may_miss = {*OF_THE_BUREAU, *GOVERNED, "card_on_time_share"}
    assert {name for name in FEATURES if np.isnan(people[name]).any()} == may_miss
    assert all(CATALOGUE[name].may_be_missing for name in may_miss)


def test_no_column_is_independent_of_all_others(people):
    frame = pd.DataFrame({name: people[name][:PEOPLE_COMPARED].astype(np.float32) for name in FEATURES})
    strength = np.nan_to_num(frame.rank().corr().abs().to_numpy())  # a column may be constant where the other is known
    np.fill_diagonal(strength, 0)
    strongest = dict(zip(FEATURES, strength.max(axis=1), strict=True))
    assert {name: value for name, value in strongest.items() if not value > LEAST_CORRELATION} == {}


@pytest.mark.parametrize("name", ZERO_INFLATED)
def test_what_few_people_have_is_mostly_zero(people, name):
    low, high = ZERO_INFLATED[name]
    known = people[name][~np.isnan(people[name])]
    assert low < (known == 0).mean() < high


@pytest.mark.parametrize("name", SKEWED)
def test_amounts_and_habits_have_a_long_tail(people, name):
    values = people[name][people[name] > 0].astype(np.float64)
    assert values.mean() > 1.1 * np.median(values)


def test_the_same_seed_makes_the_same_people_to_the_byte(numbers, block):
    again = make_people(numbers, Noise(77, 0)).columns
    assert {name: values.tobytes() for name, values in again.items()} == {n: v.tobytes() for n, v in block.items()}


def parents(numbers):
    """Column -> the columns it is computed from, read off the models and the derivations."""
    context = {"age_years", "region", "city_tier", "user_type"}
    graph = {name: set(context) for name in numbers.columns}
    for name, model in numbers.columns.items():
        alone = (model.at_least, model.part_of, model.not_full_with, model.missing_unless)
        graph[name] |= {other for other in (*alone, *model.at_most, *model.zero_unless) if isinstance(other, str)}
    graph |= {
        "city_tier": {"region"}, "is_covered_area": {"city_tier"}, "user_type": {"age_years"},
        "age_decades": {"age_years"}, "is_adult": {"age_years"}, "least_income_cny": {"user_type"},
        **{months: {"age_years", "snapshot_month"} for months in ("working_months", *LONGEST)},
        "fund_months": {"age_years", "snapshot_month", "user_type"}, "least_line_cny": {"credit_card_count"},
        "wechat_pay_months": {"snapshot_month"}, "longest_name_months": {"account_age_months", "wechat_pay_months"},
        **{most: {"annual_income_cny", "credit_card_count"} for most in MEANS},
        "most_daily_payments": {"daily_open_count"},
        "annual_payment_count": {"daily_payment_count"}, "monthly_payment_count": {"daily_payment_count"},
        "pays_by_wechat": {"daily_payment_count"},
        "monthly_spend_cny": {"daily_payment_count", "ticket_cny", "most_spending_cny"},
        "annual_flow_cny": {"monthly_spend_cny", "transfer_multiple", "most_flow_cny"},
        "no_red_packet_share": {"red_packet_share"}, "most_posts": {"daily_open_count", "account_age_months"},
        "most_invested_cny": {"most_holding_cny", "wallet_balance_cny"},
        "most_large_payments": {"monthly_spend_cny"}, "most_large_transfers": {"annual_flow_cny"},
        "pays_in_shops": {"monthly_payment_count", "offline_payment_share"},
        "was_far_away": {"location_jump_km_7d"}, "changes_address": {"was_far_away", "uses_vpn"},
        "lingqiantong_earnings_cny": {"lingqiantong_holding_cny", "lingqiantong_months"},
        "overdue_elsewhere_count": {"overdue_count_24m", "card_on_time_share", "credit_card_count"},
        "bureau_inquiry_count_6m": {"bureau_inquiry_count_3m", "earlier_inquiry_count"},
        "debt_to_income_share": {"debt_service_share", "open_loan_count", "credit_card_count"},
        "pay_score": {"card_on_time_share", "overdue_count_24m", "pay_score_basis", "red_packet_share",
                      "offline_payment_share"},
        "tencent_credit_score": {"monthly_spend_cny", "utility_on_time_share", "contact_change_share_12m",
                                 "tencent_score_basis"},
        "restriction_chance": {"has_remote_login", "has_aml_alert", "has_grey_activity", "identity_change_count_12m",
                               "night_transfer_count_30d"},
        "is_restricted": {"restriction_chance"},
    }
    for name in ("card_on_time_share", "other_repayment_on_time_share"):
        graph[name] |= {"overdue_count_24m"}
    for name in GOVERNED:
        graph[name] = graph[name] | {CATALOGUE[name].permission}
    return graph


def descendants(graph, name):
    found = {name}
    while more := {child for child, above in graph.items() if above & found} - found:
        found |= more
    return found


def changed(before, after):
    return {name for name in before if before[name].tobytes() != after[name].tobytes()}


@pytest.mark.parametrize("name", FEATURES)
def test_setting_a_column_leaves_everything_it_does_not_lead_to_untouched(block, made_with, numbers, name):
    column = CATALOGUE[name]
    value = 1.0 if column.high is None else min(column.high, max(column.low or 0, 3.0))
    after = made_with(**{name: value})
    assert changed(block, after) <= descendants(parents(numbers), name)
    assert (after[name] == np.asarray(value, after[name].dtype)).all()


def test_paying_more_often_raises_spending_flow_and_the_tencent_score_as_far_as_means_go(block, made_with):
    after = made_with(daily_payment_count=block["daily_payment_count"] * 2 + 1)
    followers = ("monthly_spend_cny", "annual_flow_cny", "tencent_credit_score")
    assert {"daily_payment_count", "large_payment_count_12m", *followers} <= changed(block, after)
    assert (np.nan_to_num(after["large_payment_count_12m"]) <= after["annual_payment_count"]).all()
    has_means = after["monthly_spend_cny"] * 13 < after["most_spending_cny"]
    assert has_means.mean() > 0.8
    for name in followers:
        assert (after[name] >= block[name]).all()
        assert (after[name] > block[name])[has_means].mean() > 0.95


def test_nobody_spends_beyond_the_means_of_the_income_however_often_they_pay(made_with):
    after = made_with(daily_payment_count=90.0, annual_income_cny=10_000.0)
    assert after["monthly_spend_cny"].max() * 12 <= after["most_spending_cny"].max()


def test_without_a_record_there_is_no_card_and_nothing_to_repay_with_it(made_with):
    after = made_with(has_bureau_record=False)
    assert not after["credit_card_count"].any()
    assert np.isnan(after["card_on_time_share"]).all()


def test_a_card_set_from_outside_is_there_even_without_a_record(made_with):
    assert (made_with(credit_card_count=2.0, has_bureau_record=False)["credit_card_count"] == 2).all()


def test_an_overdue_event_shows_in_one_of_the_two_repayments(people):
    overdue = people["overdue_count_24m"] > 0
    explained = (people["card_on_time_share"] < 1) | (people["other_repayment_on_time_share"] < 1)
    assert explained[overdue].all()
    assert not explained[~overdue & people["has_bureau_record"]].all()


def test_somebody_without_loan_or_card_pays_for_no_debt(made_with):
    free = made_with(open_loan_count=0.0, credit_card_count=0.0, has_bureau_record=True)
    assert not free["debt_to_income_share"].any()


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_withholding_a_permission_hides_what_it_governs_and_nothing_else(block, made_with, permission):
    governed = {name for name in GOVERNED if CATALOGUE[name].permission == permission}
    after = made_with(**{permission: False})
    assert changed(block, after) == {permission, *governed}
    assert all(np.isnan(after[name]).all() for name in governed)


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_granted_shows_what_was_there_all_along(block, made_with, permission):
    after = made_with(**{permission: True})
    for name in (name for name in GOVERNED if CATALOGUE[name].permission == permission):
        assert not np.isnan(after[name]).any()
        seen = block[permission]
        assert (after[name][seen] == block[name][seen]).all()


def test_a_record_found_brings_back_the_history_behind_it(block, made_with):
    without = ~block["has_bureau_record"]
    after = made_with(has_bureau_record=True)
    assert not np.isnan(after["overdue_count_24m"][without]).any()
    assert (after["overdue_count_24m"][~without] == block["overdue_count_24m"][~without]).all()


def test_a_column_can_be_set_for_some_people_only(block, made_with):
    wanted = block["daily_payment_count"].copy()
    wanted[::2] = 9
    after = made_with(daily_payment_count=wanted)
    assert (after["monthly_spend_cny"][1::2] == block["monthly_spend_cny"][1::2]).all()
    assert (after["monthly_spend_cny"][::2] != block["monthly_spend_cny"][::2]).mean() > 0.9
