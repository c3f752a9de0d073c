"""Lives that cannot be lived: ages, calendar, money and credit that contradict each other in one person.

The calendar is public history, the ages are the law's; the bounds on money are the wide ones beyond which a
figure is not believed, stated with the population's assumptions (``data/facts/assumptions/``).
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.dataset.problems import BoolArray

FloatArray = npt.NDArray[np.float64]
Breaks = Callable[[pd.DataFrame], BoolArray]

MONTHS_IN_A_YEAR: Final = 12
DAYS_IN_A_YEAR: Final = 366
DAYS_IN_A_MONTH: Final = 31
ADULT_AGE: Final = 18
WORKING_AGE: Final = 16
ACCOUNT_AGE: Final = 8
LAST_STUDENT_AGE: Final = 30
LAST_OFFICE_AGE: Final = 69
RETIRED_AGE: Final = 50
TYPES_BY_AGE: Final = (
    ("student", 0, LAST_STUDENT_AGE), ("retired", RETIRED_AGE, np.inf), ("office_worker", WORKING_AGE, LAST_OFFICE_AGE),
    ("wecom_user", WORKING_AGE, LAST_OFFICE_AGE), ("self_employed", WORKING_AGE, np.inf),
    ("freelancer", WORKING_AGE, np.inf), ("high_net_worth", ADULT_AGE, np.inf),
)
"""Kind of user, youngest and oldest age at which somebody can be one."""
LAUNCHED: Final = (
    ("account_age_months", "WeChat", (2011, 1)), ("real_name_months", "WeChat Pay", (2013, 8)),
    ("opened_months_ago", "Weilidai", (2015, 5)),
    ("licaitong_months", "Licaitong", (2014, 1)), ("housing_fund_months", "the housing fund", (1991, 5)),
)
"""Months of use, what is used, and year and month in which it began."""
LINGQIANTONG: Final = (2018, 11)
MOST_YIELD: Final = 0.045
"""No money-market fund paid more a year since the launch."""
SPENT_PER_INCOME: Final = 1.2
ALLOWANCE_CNY: Final = 12_000
"""Spending a year that somebody else pays for."""
FLOW_PER_SPENDING: Final = 5
HELD_PER_INCOME: Final = 5
LEAST_WEALTHY_INCOME_CNY: Final = 100_000
PAYMENTS_PER_OPEN: Final = 4
AUTOMATIC_PAYMENTS: Final = 1
ROUNDING: Final = 0.005
"""Payments a day are kept with two decimals."""
SLACK: Final = 1e-3
"""Relative room for sums of numbers kept with seven digits."""
CREDIT: Final = ("credit_card_count", "has_bureau_record", "open_loan_count")
INVESTMENTS: Final = ("licaitong_balance_cny", "lingqiantong_earnings_cny", "insurance_premium_cny")
NEEDS_A_NAME: Final = (
    "debit_card_count", "daily_payment_count", "wallet_balance_cny", "night_transfer_count_30d", "charity_months_12m",
    "has_pay_score_enabled", "has_aml_alert", "identity_change_count_12m",
)
"""What nobody has before the name is verified."""
PARTS_OF_PAYMENTS: Final = ("red_packet_share", "offline_payment_share", "refund_share", "merchant_category_count")


def impossible_lives() -> Iterator[tuple[str, Breaks]]:
    """Give every check of a life: what can never be, and who is so."""
    yield from _ages()
    yield from _calendar()
    yield from _accounts()
    yield from _money()
    yield from _credit()
    yield from _borrowing()


def _ages() -> Iterator[tuple[str, Breaks]]:
    for name in CREDIT:
        yield f"{name} of a minor", _has_younger_than(ADULT_AGE, name)
    for name in INVESTMENTS:
        yield f"{name} of a minor", _has_younger_than(ADULT_AGE, name)
    yield f"a salary card before the age of {WORKING_AGE}", _has_younger_than(WORKING_AGE, "has_salary_card")
    yield f"housing fund paid before the age of {WORKING_AGE}", _longer_than_lived("housing_fund_months", WORKING_AGE)
    yield "an account older than its owner", _longer_than_lived("account_age_months", 0)
    yield f"an account opened before the age of {ACCOUNT_AGE}", _longer_than_lived("account_age_months", ACCOUNT_AGE)
    yield "housing fund paid for a pensioner", lambda a: (
        _is_type(a, "retired") & (numbers(a, "housing_fund_months") > 0)
    )
    yield "a Licaitong holding since before majority", _longer_than_lived("licaitong_months", ADULT_AGE)
    for kind, youngest, oldest in TYPES_BY_AGE:
        yield f"{kind} at an age at which nobody is", _is_type_outside(kind, youngest, oldest)


def _calendar() -> Iterator[tuple[str, Breaks]]:
    for name, what, launch in LAUNCHED:
        yield f"{name} beyond the launch of {what}", _longer_than_known(name, launch)
    yield "Lingqiantong earnings before its launch", (
        lambda a: (numbers(a, "lingqiantong_earnings_cny") > 0) & (_months_since(LINGQIANTONG, a) <= 0)
    )


def _accounts() -> Iterator[tuple[str, Breaks]]:
    for name in NEEDS_A_NAME:
        yield f"{name} without a verified name", _has_without(name, "real_name_months")
    for name in PARTS_OF_PAYMENTS:
        yield f"{name} without any payment", _has_without(name, "daily_payment_count")
    yield "a Licaitong holding held for no month", _has_without("licaitong_balance_cny", "licaitong_months")
    yield "payments without any function in use", _has_without("daily_payment_count", "nonsocial_function_count")
    yield "more payments than visits to WeChat and subscriptions allow", lambda a: (
        numbers(a, "daily_payment_count")
        > (PAYMENTS_PER_OPEN * numbers(a, "daily_open_count") + AUTOMATIC_PAYMENTS) * (1 + SLACK)
    )
    yield "red packets and payments in shops above all payments", lambda a: (
        numbers(a, "red_packet_share") + numbers(a, "offline_payment_share") > 1 + SLACK
    )
    yield "more kinds of merchants in a month than payments", lambda a: (
        numbers(a, "merchant_category_count") > DAYS_IN_A_MONTH * (numbers(a, "daily_payment_count") + ROUNDING)
    )
    yield "more large payments in a year than payments", lambda a: (
        numbers(a, "large_payment_count_12m") > DAYS_IN_A_YEAR * (numbers(a, "daily_payment_count") + ROUNDING)
    )


def _money() -> Iterator[tuple[str, Breaks]]:
    yield "spending beyond all means", lambda a: (
        numbers(a, "monthly_spend_cny") * MONTHS_IN_A_YEAR > _most_spending(a) * (1 + SLACK)
    )
    yield "a flow beyond all means", lambda a: (
        numbers(a, "annual_flow_cny") > FLOW_PER_SPENDING * _most_spending(a) * (1 + SLACK)
    )
    yield "a flow through cards beyond all means", lambda a: (
        numbers(a, "monthly_card_flow_cny") * MONTHS_IN_A_YEAR > FLOW_PER_SPENDING * _most_spending(a) * (1 + SLACK)
    )
    for name in ("wallet_balance_cny", "licaitong_balance_cny"):
        yield f"{name} beyond any savings", _holds_beyond_savings(name)
    yield "Lingqiantong earnings that no holding could have earned", lambda a: (
        numbers(a, "lingqiantong_earnings_cny") > _most_earnings(a) * (1 + SLACK) + ROUNDING
    )
    yield "insurance premiums above the income", lambda a: (
        numbers(a, "insurance_premium_cny") > numbers(a, "annual_income_cny")
    )
    yield "high net worth with a small income", lambda a: (
        _is_type(a, "high_net_worth") & (numbers(a, "annual_income_cny") < LEAST_WEALTHY_INCOME_CNY)
    )


def _credit() -> Iterator[tuple[str, Breaks]]:
    yield "a credit card without a bureau record", _has_without("credit_card_count", "has_bureau_record")
    yield "overdue in 24 months, yet every repayment on time", lambda a: (
        (numbers(a, "overdue_count_24m") > 0)
        & ~(numbers(a, "other_repayment_on_time_share") < 1) & ~(numbers(a, "card_on_time_share") < 1)
    )
    yield "debt service without a loan or a card", lambda a: (
        (numbers(a, "debt_to_income_share") > 0)
        & ~(numbers(a, "open_loan_count") > 0) & ~(numbers(a, "credit_card_count") > 0)
    )


def _borrowing() -> Iterator[tuple[str, Breaks]]:
    yield "more repayments on time than months since the opening", lambda a: (
        numbers(a, "on_time_count") > numbers(a, "opened_months_ago")
    )
    yield "another quota than the first on an account opened this month", lambda a: (
        np.equal(numbers(a, "opened_months_ago"), 0)
        & (numbers(a, "current_quota_cny") != numbers(a, "initial_quota_cny"))
    )
    yield "an account opened before the name was verified", lambda a: (
        numbers(a, "opened_months_ago") > numbers(a, "real_name_months")
    )


def numbers(applicants: pd.DataFrame, name: str) -> FloatArray:
    """Read a column as numbers; NaN where there is none; shape (people,)."""
    return applicants[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _has_younger_than(age: int, name: str) -> Breaks:
    return lambda a: (numbers(a, name) > 0) & (numbers(a, "age_years") < age)


def _has_without(name: str, need: str) -> Breaks:
    return lambda a: (numbers(a, name) > 0) & ~(numbers(a, need) > 0)


def _longer_than_lived(name: str, since: int) -> Breaks:
    """Say who has more months than since a birthday; ages are completed years."""
    return lambda a: numbers(a, name) > np.maximum((numbers(a, "age_years") + 1 - since) * MONTHS_IN_A_YEAR, 0)


def _longer_than_known(name: str, launch: tuple[int, int]) -> Breaks:
    return lambda a: numbers(a, name) > np.maximum(_months_since(launch, a), 0)


def _months_since(launch: tuple[int, int], applicants: pd.DataFrame) -> FloatArray:
    """Count the months from a launch to each person's snapshot."""
    snapshot = applicants["snapshot_month"].astype("str")
    year, month = snapshot.str[:4].to_numpy(dtype=np.float64), snapshot.str[5:7].to_numpy(dtype=np.float64)
    months: FloatArray = (year - launch[0]) * MONTHS_IN_A_YEAR + month - launch[1]
    return months


def _is_type(applicants: pd.DataFrame, kind: str) -> BoolArray:
    return applicants["user_type"].eq(kind).to_numpy(dtype=np.bool_)


def _is_type_outside(kind: str, youngest: float, oldest: float) -> Breaks:
    return lambda a: _is_type(a, kind) & ~((numbers(a, "age_years") >= youngest) & (numbers(a, "age_years") <= oldest))


def _most_spending(applicants: pd.DataFrame) -> FloatArray:
    return SPENT_PER_INCOME * numbers(applicants, "annual_income_cny") + ALLOWANCE_CNY


def _holds_beyond_savings(name: str) -> Breaks:
    return lambda a: numbers(a, name) > HELD_PER_INCOME * numbers(a, "annual_income_cny") * (1 + SLACK)


def _most_earnings(applicants: pd.DataFrame) -> FloatArray:
    """Earn the best yield on the greatest holding since the launch, or since the verified name if that is later."""
    months = np.minimum(_months_since(LINGQIANTONG, applicants), numbers(applicants, "real_name_months"))
    years = np.maximum(months, 0) / MONTHS_IN_A_YEAR
    return HELD_PER_INCOME * numbers(applicants, "annual_income_cny") * MOST_YIELD * years
