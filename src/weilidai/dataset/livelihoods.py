"""Livelihoods that cannot be: money and credit beyond the means of a person, repayments that contradict each other."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from weilidai.bounds import Bounds, Credit, Launches, Means
from weilidai.dataset.person_rows import (
    MONTHS_IN_A_YEAR,
    SLACK,
    Breaks,
    FloatArray,
    above,
    has_without,
    is_level,
    months_since,
    numbers,
)

CENTS = 0.005
"""Earnings are kept with two decimals."""


def impossible_livelihoods(bounds: Bounds) -> Iterator[tuple[str, Breaks]]:
    """Give every check of money, credit and repayments: what can never be, and who is so."""
    yield from _money(bounds.means)
    yield from _savings(bounds.means, bounds.launched)
    yield from _credit(bounds.credit)
    yield from _repayments(bounds.credit)


def _money(means: Means) -> Iterator[tuple[str, Breaks]]:
    def most(applicants: pd.DataFrame) -> FloatArray:
        income = numbers(applicants, "annual_income_cny")
        return (means.spending_per_income * income + means.spending_allowance_cny) * (1 + SLACK)

    yield "spending beyond all means", lambda a: numbers(a, "monthly_spend_cny") * MONTHS_IN_A_YEAR > most(a)
    yield "a flow beyond all means", lambda a: numbers(a, "annual_flow_cny") > means.flow_per_spending * most(a)
    yield "a flow through cards beyond all means", lambda a: (
        numbers(a, "monthly_card_flow_cny") * MONTHS_IN_A_YEAR > means.flow_per_spending * most(a)
    )
    yield "insurance premiums above the income", above("insurance_premium_cny", "annual_income_cny")
    for kind, least in means.least_income_cny.items():
        yield f"{kind} with a small income", _is_poor(kind, least)
    for kind in means.without_housing_fund:
        yield f"housing fund paid for a person of the kind {kind}", _is_paid_for(kind)


def _savings(means: Means, launched: Launches) -> Iterator[tuple[str, Breaks]]:
    def most(applicants: pd.DataFrame) -> FloatArray:
        return means.savings_per_income * numbers(applicants, "annual_income_cny") * (1 + SLACK)

    def earned(applicants: pd.DataFrame) -> FloatArray:
        """Earn the best yield on the greatest holding since the launch, or since the verified name if that is later."""
        months = np.minimum(months_since(launched.lingqiantong, applicants), numbers(applicants, "real_name_months"))
        return most(applicants) * means.best_yearly_yield * np.maximum(months, 0) / MONTHS_IN_A_YEAR + CENTS

    yield "wallet and Licaitong together beyond any savings", lambda a: (
        numbers(a, "wallet_balance_cny") + numbers(a, "licaitong_balance_cny") > most(a)
    )
    yield "Lingqiantong earnings that no holding could have earned", lambda a: (
        numbers(a, "lingqiantong_earnings_cny") > earned(a)
    )


def _credit(credit: Credit) -> Iterator[tuple[str, Breaks]]:
    def least(applicants: pd.DataFrame) -> FloatArray:
        return credit.least_line_per_card_cny * numbers(applicants, "credit_card_count")

    def most(applicants: pd.DataFrame) -> FloatArray:
        income = credit.lines_per_income * numbers(applicants, "annual_income_cny")
        return np.maximum(income, least(applicants)) * (1 + SLACK)

    yield "a credit card without a bureau record", has_without("credit_card_count", "has_bureau_record")
    yield "credit cards with hardly any line", lambda a: numbers(a, "other_credit_line_cny") < least(a) * (1 - SLACK)
    yield "credit lines beyond any income", lambda a: numbers(a, "other_credit_line_cny") > most(a)
    yield "debt service without a loan or a card", lambda a: (
        (numbers(a, "debt_to_income_share") > 0)
        & ~(numbers(a, "open_loan_count") > 0) & ~(numbers(a, "credit_card_count") > 0)
    )
    yield "open loans without debt service", has_without("open_loan_count", "debt_to_income_share")


def _repayments(credit: Credit) -> Iterator[tuple[str, Breaks]]:
    for name in ("other_repayment_on_time_share", "card_on_time_share"):
        yield f"{name} too low for nothing overdue in 24 months", _is_late_unseen(name, credit)
    yield "overdue in 24 months, yet every repayment on time", lambda a: (
        (numbers(a, "overdue_count_24m") > 0)
        & ~(numbers(a, "other_repayment_on_time_share") < 1) & ~(numbers(a, "card_on_time_share") < 1)
    )
    yield "overdue more often than repayments were late", lambda a: (
        numbers(a, "overdue_count_24m") > _late_with_cards(a) + _late_elsewhere(a, credit)
    )


def _late_with_cards(applicants: pd.DataFrame) -> FloatArray:
    """Count the card repayments of 24 months that were late, rounded up; none without a card."""
    late = 1 - numbers(applicants, "card_on_time_share")
    count = late * numbers(applicants, "credit_card_count") * 2 * MONTHS_IN_A_YEAR
    return np.nan_to_num(np.ceil(count * (1 + SLACK)), nan=0.0)


def _late_elsewhere(applicants: pd.DataFrame, credit: Credit) -> FloatArray:
    late = (1 - numbers(applicants, "other_repayment_on_time_share")) * credit.repayments_24m
    return late * (1 + SLACK) + SLACK


def _is_late_unseen(name: str, credit: Credit) -> Breaks:
    return lambda a: (
        np.equal(numbers(a, "overdue_count_24m"), 0) & (numbers(a, name) < credit.least_on_time_share * (1 - SLACK))
    )


def _is_poor(kind: str, least: float) -> Breaks:
    return lambda a: is_level(a, "user_type", kind) & (numbers(a, "annual_income_cny") < least)


def _is_paid_for(kind: str) -> Breaks:
    return lambda a: is_level(a, "user_type", kind) & (numbers(a, "housing_fund_months") > 0)
