import math

import pandas as pd
import pytest

from weilidai.explain.recourse.options import Option, Person, options_for, passed, read_person
from weilidai.facts import Book


@pytest.fixture
def options(person: dict[str, float | str], book: Book) -> dict[str, Option]:
    return {option.action.id: option for option in options_for(person, book.actions, book.factors)}


def test_a_count_moves_in_whole_steps_up_to_its_reach(options: dict[str, Option]) -> None:
    assert [level.changes["credit_card_count"] for level in options["bind_credit_card"].levels] == [1, 2]


def test_a_first_card_is_reckoned_with_a_record_that_nobody_knows_yet(options: dict[str, Option]) -> None:
    first = options["bind_credit_card"].levels[0]
    assert first.changes["card_on_time_share"] == 0.95
    assert first.unknown == {"card_on_time_share"}


def test_what_a_withheld_permission_hides_cannot_be_moved(options: dict[str, Option]) -> None:
    assert not {"vary_merchants", "pay_bills_on_time", "pay_in_shops"} & set(options)
    assert "merchant_category_count" in options["allow_bill_details"].levels[0].unknown


def test_nobody_is_told_to_do_what_the_documents_call_worse(options: dict[str, Option]) -> None:
    # Two changes of address a month lie below the four that the action aims at.
    assert "use_usual_network" not in options


def test_savings_take_the_time_that_the_income_needs(options: dict[str, Option]) -> None:
    months = {level.changes["licaitong_balance_cny"]: level.months for level in options["hold_licaitong"].levels}
    assert months == {1000: 3, 5000: 6, 10_000: 11, 12_000: 13, 15_000: 16, 20_000: 21}


def test_months_held_count_from_the_first_deposit(options: dict[str, Option]) -> None:
    levels = options["hold_licaitong"].levels
    assert all(level.changes["licaitong_months"] == level.months for level in levels)


def test_a_rolling_count_takes_its_months_from_nothing(options: dict[str, Option]) -> None:
    assert [(level.changes["charity_months_12m"], level.months) for level in options["donate"].levels] == [
        (3, 3), (6, 6), (9, 9), (12, 12),
    ]


def test_the_service_of_a_debt_shrinks_with_the_loans(options: dict[str, Option]) -> None:
    levels = options["settle_loans"].levels
    assert [level.changes["open_loan_count"] for level in levels] == [2, 1, 0]
    assert [level.changes["debt_to_income_share"] for level in levels] == [0.2, 0.1, 0.0]


def test_a_share_over_two_years_mends_month_by_month(options: dict[str, Option]) -> None:
    shares = [level.changes["other_repayment_on_time_share"] for level in options["repay_loans_on_time"].levels]
    assert shares == [0.9125, 0.925, 0.95, 1.0]


def test_more_spending_never_leaves_a_year_short_of_twelve_months(options: dict[str, Option]) -> None:
    for level in options["move_spending"].levels:
        assert level.changes["annual_flow_cny"] == 12 * level.changes["monthly_spend_cny"]


@pytest.mark.parametrize(("column", "value", "action"), [
    ("user_type", "retired", "bind_salary_card"), ("has_bureau_record", 0.0, "bind_credit_card"),
    ("age_years", 17.0, "hold_licaitong"), ("account_age_months", 0.0, "donate"),
])
def test_who_lacks_what_an_action_needs_is_not_offered_it(
    person: dict[str, float | str], book: Book, column: str, value: float | str, action: str
) -> None:
    offered = options_for({**person, column: value}, book.actions, book.factors)
    assert action not in {option.action.id for option in offered}


def test_two_actions_cannot_spend_the_same_savings(options: dict[str, Option]) -> None:
    assert options["hold_licaitong"].excludes(options["settle_loans"])
    assert not options["hold_licaitong"].excludes(options["donate"])


def test_two_actions_on_one_column_exclude_each_other(options: dict[str, Option]) -> None:
    assert options["pay_more_often"].excludes(options["split_payments"])


def test_time_ages_the_account_and_lets_windows_run_out(person: dict[str, float | str], book: Book) -> None:
    assert passed(person, 2, book.passing) == {"account_age_months": 42, "real_name_months": 22}
    after_three = passed(person, 3, book.passing)
    assert (after_three["bureau_inquiry_count_3m"], after_three["bureau_inquiry_count_6m"]) == (0, 2)
    after_two_years = passed(person, 24, book.passing)
    assert (after_two_years["bureau_inquiry_count_6m"], after_two_years["overdue_count_24m"]) == (0, 0)


def test_time_adds_no_month_to_what_a_person_does_not_have(person: dict[str, float | str], book: Book) -> None:
    moved = passed({**person, "real_name_months": 0.0}, 12, book.passing)
    assert not {"real_name_months", "licaitong_months", "housing_fund_months"} & set(moved)


def test_no_action_moves_what_is_protected_or_nothing_a_person_can_act_on(people: pd.DataFrame, book: Book) -> None:
    closed = {
        column for factor in book.factors.factors.values() for column in factor.columns
        if factor.is_protected or not factor.is_actionable
    }
    for place in range(len(people)):
        for option in options_for(read_person(people.iloc[[place]]), book.actions, book.factors):
            assert not option.columns & closed, option.action.id


def test_a_person_is_read_with_flags_as_numbers_and_gaps_as_gaps(people: pd.DataFrame) -> None:
    read = read_person(people.iloc[[0]])
    assert read["has_bureau_record"] in (0.0, 1.0)
    assert read["user_type"] == people["user_type"].iloc[0]
    assert all(isinstance(read[name], str) or math.isnan(read[name]) for name in people.columns
               if pd.isna(people[name].iloc[0]))


@pytest.mark.parametrize(("age", "longest"), [(20.0, 24), (29.0, 23), (30.0, 11)])
def test_a_student_is_not_advised_beyond_the_age_of_students(
    person: dict[str, float | str], book: Book, age: float, longest: int
) -> None:
    student = {**person, "user_type": "student", "age_years": age}
    offered = options_for(student, book.actions, book.factors, book.until)
    months = [level.months for option in offered for level in option.levels]
    assert longest - 6 < max(months) <= longest


def test_who_has_not_verified_the_name_does_so_on_the_way(person: Person, book: Book) -> None:
    unverified = {**person, "real_name_months": 0.0, "debit_card_count": 0.0}
    found = {option.action.id: option for option in options_for(unverified, book.actions, book.factors, book.until)}
    for action in ("pay_more_often", "hold_licaitong", "donate"):
        for level in found[action].levels:
            assert level.changes["real_name_months"] == level.months
    assert not found["pay_more_often"].excludes(found["bind_debit_card"])
    assert not found["pay_more_often"].excludes(found["hold_licaitong"])
    assert found["verify_name"].excludes(found["hold_licaitong"])


def test_who_has_verified_the_name_keeps_the_date(person: Person, book: Book) -> None:
    found = options_for(person, book.actions, book.factors, book.until)
    assert not any("real_name_months" in level.changes for option in found for level in option.levels)
