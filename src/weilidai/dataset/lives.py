"""Lives that cannot be lived: ages, calendar, accounts, money and credit that contradict each other in one person.

The calendar is public history, the ages are the law's; the bounds on money and habits are the wide ones beyond
which a figure is not believed. Each stands once, with its why, among the assumptions; the checks are given them.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from weilidai.bounds import Ages, Bounds, Habits, Launches
from weilidai.dataset.livelihoods import impossible_livelihoods
from weilidai.dataset.loans import impossible_loans
from weilidai.dataset.person_rows import (
    DAYS_IN_A_MONTH,
    DAYS_IN_A_YEAR,
    MONTHS_IN_A_YEAR,
    SLACK,
    Breaks,
    above,
    has_without,
    has_younger_than,
    is_level,
    longer_than_known,
    longer_than_lived,
    months_since,
    numbers,
    tells_without,
)

PAYMENT_ROUNDING: Final = 0.005
"""Payments a day are kept with two decimals."""
VISIT_ROUNDING: Final = 0.05
"""Visits a day are kept with one decimal."""
OF_ADULTS: Final = (
    "credit_card_count", "has_bureau_record", "open_loan_count",
    "licaitong_balance_cny", "lingqiantong_earnings_cny", "insurance_premium_cny",
)
"""What only adults have: credit, then investments and insurance."""
NEEDS_A_NAME: Final = (
    "debit_card_count", "daily_payment_count", "wallet_balance_cny", "night_transfer_count_30d", "charity_months_12m",
    "has_pay_score_enabled", "has_aml_alert", "identity_change_count_12m",
)
"""What nobody has before the name is verified."""
NEEDS_A_CARD: Final = (
    "licaitong_balance_cny", "lingqiantong_earnings_cny", "insurance_premium_cny", "monthly_card_flow_cny",
    "has_salary_card",
)
PARTS_OF_PAYMENTS: Final = (
    "red_packet_share", "offline_payment_share", "refund_share", "merchant_category_count", "utility_on_time_share",
)
"""What says nothing of people without any payment."""


def impossible_kinds(ages: Ages) -> Iterator[tuple[str, Breaks]]:
    """Give the checks of being one kind of user at an age at which nobody is."""
    for kind, (youngest, oldest) in ages.by_user_type.items():
        yield f"{kind} at an age at which nobody is", _is_type_outside(kind, youngest, oldest)


def impossible_lives(bounds: Bounds) -> Iterator[tuple[str, Breaks]]:
    """Give every check of a life but that of :func:`impossible_kinds`: what can never be, and who is so."""
    yield from _ages(bounds.ages)
    yield from _calendar(bounds.launched)
    yield from _accounts()
    yield from _habits(bounds.habits)
    yield from impossible_livelihoods(bounds)
    yield from impossible_loans(bounds.launched)


def _ages(ages: Ages) -> Iterator[tuple[str, Breaks]]:
    for name in OF_ADULTS:
        yield f"{name} of a minor", has_younger_than(ages.adult_from, name)
    work = ages.working_from
    yield f"a salary card before the age of {work}", has_younger_than(work, "has_salary_card")
    yield f"housing fund paid before the age of {work}", longer_than_lived("housing_fund_months", work)
    yield "an account older than its owner", longer_than_lived("account_age_months", 0)
    yield f"an account opened before the age of {ages.account_from}", (
        longer_than_lived("account_age_months", ages.account_from)
    )
    yield "a Licaitong holding since before majority", longer_than_lived("licaitong_months", ages.adult_from)


def _calendar(launched: Launches) -> Iterator[tuple[str, Breaks]]:
    for name, what, launch in (
        ("account_age_months", "WeChat", launched.wechat), ("real_name_months", "WeChat Pay", launched.wechat_pay),
        ("licaitong_months", "Licaitong", launched.licaitong),
        ("housing_fund_months", "the housing fund", launched.housing_fund),
    ):
        yield f"{name} beyond the launch of {what}", longer_than_known(name, launch)
    yield "Lingqiantong earnings before its launch", (
        lambda a: (numbers(a, "lingqiantong_earnings_cny") > 0) & (months_since(launched.lingqiantong, a) <= 0)
    )


def _accounts() -> Iterator[tuple[str, Breaks]]:
    for name in NEEDS_A_NAME:
        yield f"{name} without a verified name", has_without(name, "real_name_months")
    for name in NEEDS_A_CARD:
        yield f"{name} without a bound card", has_without(name, "debit_card_count")
    for name in PARTS_OF_PAYMENTS:
        yield f"{name} without any payment", tells_without(name, "daily_payment_count")
    yield "bill details granted without any payment", has_without("has_transactions_permission", "daily_payment_count")
    yield "charity in more months than the name is verified", above("charity_months_12m", "real_name_months")
    yield "a Licaitong holding held for no month", has_without("licaitong_balance_cny", "licaitong_months")
    yield "payments without any function in use", has_without("daily_payment_count", "nonsocial_function_count")
    yield "contacts changed without a contact", has_without("contact_change_share_12m", "friend_count")
    yield "more group chats administered than contacts", above("managed_group_count", "friend_count")
    yield "red packets and payments in shops above all payments", lambda a: (
        numbers(a, "red_packet_share") + numbers(a, "offline_payment_share") > 1 + SLACK
    )
    yield "more kinds of merchants in a month than payments", lambda a: (
        numbers(a, "merchant_category_count") > DAYS_IN_A_MONTH * (numbers(a, "daily_payment_count") + PAYMENT_ROUNDING)
    )
    yield "more large payments in a year than payments", lambda a: (
        numbers(a, "large_payment_count_12m") > DAYS_IN_A_YEAR * (numbers(a, "daily_payment_count") + PAYMENT_ROUNDING)
    )
    yield "a payment in shops every day, yet no kind of merchant", lambda a: (
        np.equal(numbers(a, "merchant_category_count"), 0)
        & (numbers(a, "daily_payment_count") * numbers(a, "offline_payment_share") > 1)
    )


def _habits(habits: Habits) -> Iterator[tuple[str, Breaks]]:
    yield "more payments than visits to WeChat and subscriptions allow", lambda a: (
        numbers(a, "daily_payment_count")
        > (habits.payments_per_open * numbers(a, "daily_open_count") + habits.automatic_payments) * (1 + SLACK)
    )
    yield "more Moments posts than visits to WeChat", lambda a: (
        numbers(a, "moments_post_count_12m")
        > habits.posts_per_open * (numbers(a, "daily_open_count") + VISIT_ROUNDING) * DAYS_IN_A_MONTH
        * np.minimum(numbers(a, "account_age_months"), MONTHS_IN_A_YEAR)
    )
    yield "large payments that add up to more than the spending", lambda a: (
        numbers(a, "large_payment_count_12m") * habits.large_payment_cny
        > numbers(a, "monthly_spend_cny") * MONTHS_IN_A_YEAR * (1 + SLACK)
    )
    yield "large transfers at night that add up to more than the flow", lambda a: (
        numbers(a, "night_transfer_count_30d") * habits.large_payment_cny > numbers(a, "annual_flow_cny") * (1 + SLACK)
    )
    far = f"logins {habits.other_place_km:.0f} kilometres apart"
    yield f"{far} without one from another place", _is_far_without("has_remote_login", habits)
    yield f"{far} from one address", _is_far_without("ip_change_count_30d", habits)
    yield "a proxy without a change of address", has_without("uses_vpn", "ip_change_count_30d")


def _is_far_without(name: str, habits: Habits) -> Breaks:
    return lambda a: (numbers(a, "location_jump_km_7d") >= habits.other_place_km) & ~(numbers(a, name) > 0)


def _is_type_outside(kind: str, youngest: float, oldest: float) -> Breaks:
    return lambda a: is_level(a, "user_type", kind) & ~(
        (numbers(a, "age_years") >= youngest) & (numbers(a, "age_years") <= oldest)
    )
