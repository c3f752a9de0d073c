"""What a loan costs, against closed forms and the documents' own figures."""

from typing import Any

import numpy as np
import pytest

from weilidai.errors import ConfigError
from weilidai.facts import Book, load_book
from weilidai.lender.terms import (
    Loan,
    TermsParameters,
    cost_of,
    discounted_rate,
    is_within_cap,
    may_ask_lower_rate,
    months_to_review,
    overdue_charge,
    overdue_daily_rate,
    owed_to_undo,
    quoted_annual_rate,
    repay_early,
    reviews_held,
    schedule,
    star_rate,
)
from weilidai.lender.terms.cost import irr_monthly
from weilidai.matching.compose import compose

METHODS = ["equal_principal", "equal_instalment"]


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def terms(book: Book) -> TermsParameters:
    return compose(book).part("terms", TermsParameters)


@pytest.mark.parametrize("grade", ["aaa", "aa", "a"])
def test_a_grade_is_quoted_by_the_year_as_documented(book: Book, grade: str) -> None:
    daily, annual = (book.fact(f"D1.6.{kind}_rate_{grade}").values[0] for kind in ("daily", "annual"))
    assert quoted_annual_rate(daily) == pytest.approx(annual, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("instalments", [1, 6, 12, 20])
def test_the_principal_is_repaid_to_the_last_cent(method: Any, instalments: int) -> None:
    written = schedule(Loan(12_345.67, 0.00035, instalments, method))
    assert written.principal_cny.sum() == pytest.approx(12_345.67, abs=1e-8)
    assert written.balance_cny[-1] == pytest.approx(0, abs=1e-8)
    assert len(written.to_frame()) == instalments


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("instalments", [1, 2, 3, 7, 12, 20, 36, 360])
def test_every_row_and_every_column_adds_up_to_the_cent(method: Any, instalments: int) -> None:
    rng = np.random.default_rng(instalments)
    for amount, rate in zip(rng.uniform(1, 300_000, 40).round(2), rng.uniform(0, 0.0006, 40), strict=True):
        loan = Loan(float(amount), float(rate), instalments, method)
        cents = (schedule(loan).to_frame() * 100).round().astype("int64")
        whole = round(amount * 100)
        assert (cents["payment_cny"] == cents["principal_cny"] + cents["interest_cny"]).all()
        assert cents["principal_cny"].sum() == whole
        assert (cents["balance_cny"] == whole - cents["principal_cny"].cumsum()).all()
        before = whole - cents["principal_cny"].cumsum().shift(fill_value=0)
        assert (cents["interest_cny"] - before * loan.monthly_rate).abs().max() <= 0.5 + 1e-6
        assert cents["interest_cny"].sum() == round(cost_of(loan).interest_cny * 100)
        even = cents["payment_cny" if method == "equal_instalment" else "principal_cny"][:-1]
        assert even.nunique() <= 1 or instalments == 360
        assert (cents[["principal_cny", "interest_cny"]] >= 0).all(axis=None)


@pytest.mark.parametrize("method", METHODS)
def test_the_payments_in_cents_have_the_same_irr(method: Any) -> None:
    loan = Loan(8_765.43, 0.00037, 12, method)
    assert irr_monthly(schedule(loan)) == pytest.approx(cost_of(loan).irr_monthly, abs=1e-6)


def test_equal_principal_costs_interest_in_closed_form() -> None:
    cost = cost_of(Loan(10_000, 0.0005, 10, "equal_principal"))
    assert cost.interest_cny == pytest.approx(10_000 * 0.015 * 11 / 2)


def test_equal_instalments_follow_the_annuity_formula() -> None:
    rate = 0.0005 * 30
    due = schedule(Loan(10_000, 0.0005, 12)).payment_cny
    annuity = 10_000 * rate / (1 - (1 + rate) ** -12)
    assert due[:-1] == pytest.approx(np.full(11, round(annuity, 2)), abs=1e-9)
    assert due[-1] == pytest.approx(annuity, abs=0.07)


def test_a_loan_without_interest_is_split_evenly() -> None:
    written = schedule(Loan(600, 0.0, 6))
    assert written.payment_cny == pytest.approx(np.full(6, 100.0))
    assert cost_of(written.loan).irr_monthly == 0


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("daily_rate", [0.0002, 0.00023, 0.0005, 0.001])
def test_without_fees_the_irr_is_the_monthly_rate(method: Any, daily_rate: float) -> None:
    cost = cost_of(Loan(5_000, daily_rate, 12, method))
    assert cost.irr_monthly == pytest.approx(daily_rate * 30, abs=1e-10)
    assert cost.irr_annual_nominal == pytest.approx(cost.apr_quoted, abs=1e-9)
    assert cost.irr_annual == pytest.approx((1 + daily_rate * 30) ** 12 - 1, abs=1e-9)


def test_a_withdrawal_fee_over_one_month_has_its_closed_form() -> None:
    cost = cost_of(Loan(2_000, 0.0005, 1, upfront_fee_share=0.01))
    assert cost.total_cny == pytest.approx(50)
    assert cost.irr_monthly == pytest.approx(1.015 / 0.99 - 1, abs=1e-10)


def test_a_monthly_fee_on_the_first_amount_costs_nearly_twice_what_it_says() -> None:
    cost = cost_of(Loan(10_000, 0.0, 12, "equal_principal", monthly_fee_share=0.015))
    assert cost.fees_cny == pytest.approx(1_800)
    assert cost.irr_annual_nominal == pytest.approx(0.32, abs=0.01)


def test_a_very_dear_loan_still_has_an_irr() -> None:
    cost = cost_of(Loan(100, 0.0, 1, upfront_fee_share=0.9))
    assert cost.irr_monthly == pytest.approx(9)


@pytest.mark.parametrize("wrong", [
    {"amount_cny": 0.0}, {"instalments": 0}, {"daily_rate": 5.0}, {"daily_rate": float("nan")},
    {"upfront_fee_share": 1.0}, {"monthly_fee_share": -0.1},
])
def test_a_loan_that_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Loan(**{"amount_cny": 1_000.0, "daily_rate": 0.0005, "instalments": 6, **wrong})


def test_the_cap_admits_the_documented_range_and_nothing_above_24_percent(terms: TermsParameters) -> None:
    assert is_within_cap(Loan(1_000, terms.price.high, 12), terms.cap)
    assert is_within_cap(Loan(1_000, 0.24 / 360, 12), terms.cap)
    assert not is_within_cap(Loan(1_000, 0.00067, 12), terms.cap)


def test_the_cap_on_the_whole_cost_counts_fees(terms: TermsParameters) -> None:
    loan = Loan(2_000, 0.0005, 6, upfront_fee_share=0.03)
    assert is_within_cap(loan, terms.cap)
    assert not is_within_cap(loan, terms.cap.model_copy(update={"measured_on": "irr"}))


def test_early_repayment_is_free_and_charges_interest_to_the_day(terms: TermsParameters) -> None:
    loan = Loan(12_000, 0.0005, 12, "equal_principal")
    settled = repay_early(loan, 40, terms.early)
    assert (settled.instalments_paid, settled.fee_cny) == (1, 0)
    assert settled.interest_cny == pytest.approx(11_000 * 0.0005 * 10)
    assert settled.total_cny == pytest.approx(11_055)
    assert settled.saved_cny == pytest.approx(cost_of(loan).interest_cny - 180 - 55)


def test_repaying_on_the_first_and_the_last_day(terms: TermsParameters) -> None:
    loan = Loan(12_000, 0.0005, 12)
    assert repay_early(loan, 0, terms.early).total_cny == pytest.approx(12_000)
    assert repay_early(loan, 360, terms.early).total_cny == pytest.approx(0, abs=1e-8)
    with pytest.raises(ConfigError, match="outside"):
        repay_early(loan, 361, terms.early)


def test_a_begun_month_of_a_fee_is_due(terms: TermsParameters) -> None:
    loan = Loan(1_000, 0.0, 10, monthly_fee_share=0.015)
    assert repay_early(loan, 30, terms.early).fee_cny == 0
    assert repay_early(loan, 31, terms.early).fee_cny == pytest.approx(15)


def test_a_loan_is_undone_within_24_hours_at_no_cost(terms: TermsParameters) -> None:
    loan = Loan(3_000, 0.0005, 6)
    assert owed_to_undo(loan, 24, terms.cooling_off) == 3_000
    with pytest.raises(ConfigError, match="24 hours"):
        owed_to_undo(loan, 24.01, terms.cooling_off)


def test_overdue_costs_half_more_than_the_own_rate(terms: TermsParameters) -> None:
    assert overdue_daily_rate(0.0005, terms.overdue) == pytest.approx(0.00075)
    assert overdue_charge(10_000, 0.0005, 1, terms.overdue) == pytest.approx(7.5)
    assert overdue_charge([10_000, 5_000], [0.0005, 0.0002], 10, terms.overdue) == pytest.approx([75, 15])


@pytest.mark.parametrize(("reading", "charge"), [
    ("uplift", 75), ("uplift_and_flat", 125), ("flat_on_top", 100), ("flat_alone", 50), ("penalty_once", 5_050),
])
def test_each_reading_of_the_penalty_costs_what_it_says(terms: TermsParameters, reading: str, charge: float) -> None:
    settings = terms.overdue.model_copy(update={"reading": reading})
    assert overdue_charge(10_000, 0.0005, 10, settings) == pytest.approx(charge)


def test_overdue_interest_can_be_cut_off_at_the_cap(terms: TermsParameters) -> None:
    capped = terms.overdue.model_copy(update={"annual_cap": terms.cap.annual})
    assert overdue_daily_rate(0.0005, capped) == pytest.approx(0.24 / 360)
    assert overdue_daily_rate(0.0002, capped) == pytest.approx(0.0003)


def test_overdue_days_are_not_negative(terms: TermsParameters) -> None:
    with pytest.raises(ConfigError):
        overdue_charge(100, 0.0005, -1, terms.overdue)


def test_a_rate_is_reviewed_every_three_months(terms: TermsParameters) -> None:
    assert list(reviews_held([0, 2, 3, 7], terms.review)) == [0, 0, 1, 2]
    assert list(months_to_review([0, 2, 3, 7], terms.review)) == [3, 1, 3, 2]


def test_five_repayments_on_time_open_a_review_for_a_lower_rate(terms: TermsParameters) -> None:
    asked = may_ask_lower_rate([6, 6, 2, np.nan], [5, 4, 9, np.nan], terms.review)
    assert list(asked) == [True, False, False, False]


def test_seven_stars_have_the_lowest_rate(terms: TermsParameters) -> None:
    assert list(star_rate(0.00035, [7, 6, np.nan], terms.price)) == [0.0002, 0.00035, 0.00035]


def test_only_the_prime_tier_is_discounted_below_the_standing_range(terms: TermsParameters) -> None:
    assert list(discounted_rate(0.0002, 0.5, [False, True], terms.price)) == [0.0002, 0.00015]
    assert discounted_rate(0.0004, 0.25, [False], terms.price) == pytest.approx(0.0003)
    with pytest.raises(ConfigError):
        discounted_rate(0.0004, 25, [False], terms.price)


def test_documents_agree_on_the_standing_range(book: Book, terms: TermsParameters) -> None:
    standing = [terms.price.low, terms.price.high]
    assert list(book.fact("D1.6.rate_range").values) == standing
    assert list(book.fact("D3.6.weilidai_daily_rate").values) == standing
    quoted = [quoted_annual_rate(rate) for rate in standing]
    assert quoted == pytest.approx(book.fact("D4.4.weilidai_annual_rate").values)
