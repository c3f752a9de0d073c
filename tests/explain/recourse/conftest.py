"""One person and a few hand-made actions, and refused people of the simulator with a model that learnt from others."""

from collections.abc import Callable

import pandas as pd
import pytest

from simulated_bundle import learnt, refused
from weilidai.explain.recourse.board import Board
from weilidai.explain.recourse.goals import Models
from weilidai.explain.recourse.options import Person, options_for, read_person
from weilidai.facts import Book, load_book

MakeCase = Callable[[pd.DataFrame], tuple[Person, Models, Board]]


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    return refused(200)


@pytest.fixture(scope="session")
def case(book: Book) -> MakeCase:
    def make(row: pd.DataFrame) -> tuple[Person, Models, Board]:
        bundle = learnt()
        person = read_person(row)
        models = Models(bundle, person)
        options = options_for(person, book.actions, bundle.factors, book.until)
        return person, models, Board(person, options, book.passing, models.columns, models.direction)

    return make


@pytest.fixture
def person() -> dict[str, float | str]:
    """Give somebody with a little of everything."""
    return {
        "age_years": 30.0, "user_type": "office_worker", "account_age_months": 40.0, "real_name_months": 20.0,
        "annual_income_cny": 60_000.0, "daily_open_count": 5.0, "daily_payment_count": 1.0, "has_bureau_record": 1.0,
        "credit_card_count": 0.0, "card_on_time_share": float("nan"), "debit_card_count": 1.0,
        "overdue_count_24m": 2.0, "other_repayment_on_time_share": 0.9, "open_loan_count": 3.0,
        "debt_to_income_share": 0.3, "bureau_inquiry_count_3m": 2.0, "bureau_inquiry_count_6m": 5.0,
        "licaitong_balance_cny": 0.0, "licaitong_months": 0.0, "housing_fund_months": 0.0,
        "has_transactions_permission": 0.0, "merchant_category_count": float("nan"), "has_grey_activity": 0.0,
        "utility_on_time_share": float("nan"), "red_packet_share": float("nan"), "charity_months_12m": 1.0,
        "has_salary_card": 0.0, "ip_change_count_30d": 2.0, "friend_count": 100.0, "monthly_spend_cny": 800.0,
        "annual_flow_cny": 9_600.0, "nonsocial_function_count": 2.0,
    }
