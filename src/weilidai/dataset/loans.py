"""Loans that cannot be: entries and openings before their time, repayments and quotas that no account can have.

Nothing opens before the service is there and the name is verified, and the entry comes up through events that
were possible then; a quota is looked at for growth after half a year.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from weilidai.bounds import Launches
from weilidai.dataset.person_rows import MONTHS_IN_A_YEAR, Breaks, above, is_level, longer_than_known, numbers
from weilidai.dataset.problems import BoolArray

HALF_A_YEAR: Final = MONTHS_IN_A_YEAR // 2


def impossible_loans(launched: Launches) -> Iterator[tuple[str, Breaks]]:
    """Give every check of entry and account against the person: what can never be, and who is so."""
    for name, what in (("entry_months_ago", "an entry"), ("opened_months_ago", "an account opened")):
        yield f"{what} before the launch of Weilidai", longer_than_known(name, launched.weilidai)
        yield f"{what} before the name was verified", above(name, "real_name_months")
    yield "a Licaitong purchase before the holding", lambda a: (
        is_level(a, "entry_event", "licaitong_purchase") & (
            numbers(a, "entry_months_ago") > numbers(a, "licaitong_months")
        )
    )
    yield "a Licaitong purchase without a holding", lambda a: (
        is_level(a, "entry_event", "licaitong_purchase") & ~(numbers(a, "licaitong_balance_cny") > 0)
    )
    yield "a failed payment of somebody who pays nothing", lambda a: (
        is_level(a, "entry_event", "failed_payment") & ~(numbers(a, "daily_payment_count") > 0)
    )
    yield "more repayments on time than months since the opening", above("on_time_count", "opened_months_ago")
    yield "overdue, yet a repayment on time for every month", lambda a: (
        _is(a, "is_overdue") & (numbers(a, "on_time_count") >= numbers(a, "opened_months_ago"))
    )
    yield "another quota than the first on an account younger than half a year", lambda a: (
        (numbers(a, "opened_months_ago") < HALF_A_YEAR)
        & (numbers(a, "current_quota_cny") != numbers(a, "initial_quota_cny"))
    )
    for name in ("on_time_count", "is_overdue", "has_reborrowed", "uses_instalments", "bill_payment_count_1m"):
        yield f"{name} without any use of the quota", _has_unused(name)


def _has_unused(name: str) -> Breaks:
    return lambda a: (numbers(a, name) > 0) & ~(numbers(a, "utilisation_share") > 0)


def _is(applicants: pd.DataFrame, name: str) -> BoolArray:
    return np.equal(numbers(applicants, name), 1)
