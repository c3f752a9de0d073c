"""What columns must say together: no impossible person, nothing a withheld permission hides, no repeated id."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.dataset.column_checks import as_numbers
from weilidai.dataset.problems import BoolArray, Problem, breaches
from weilidai.dataset.settings import TableLimits

NEVER_ABOVE: Final = (
    ("real_name_months", "account_age_months"),
    ("bureau_inquiry_count_3m", "bureau_inquiry_count_6m"),
)
"""Pairs of columns of which the first can never exceed the second."""


def check_ids(applicants: pd.DataFrame, *, is_fatal: bool) -> Iterator[Problem]:
    """Find people who occur more than once; every row after a person's first is counted."""
    if "person_id" in applicants.columns:
        again = applicants["person_id"].duplicated().to_numpy(dtype=np.bool_)
        yield from breaches("person_id", "repeats a person of an earlier row", again, is_fatal=is_fatal)


def check_combinations(
    applicants: pd.DataFrame, columns: Sequence[str], limits: TableLimits, contract: Contract = DOCUMENTED
) -> Iterator[Problem]:
    """Find people whose columns contradict each other; fatal above the tolerated share."""
    for lower, upper in NEVER_ABOVE:
        if lower in columns and upper in columns:
            small, large = as_numbers(applicants[lower]), as_numbers(applicants[upper])
            if small is not None and large is not None:
                yield from _tolerated(lower, f"is above {upper}", small > large, limits)
    for name in columns:
        permission = contract.columns[name].permission
        if permission is not None and permission in columns:
            shown = _shown_though_withheld(applicants, name, permission)
            yield from _tolerated(name, f"is shown though {permission} is withheld", shown, limits)


def _shown_though_withheld(applicants: pd.DataFrame, name: str, permission: str) -> BoolArray:
    granted = as_numbers(applicants[permission])
    if granted is None:
        return np.zeros(len(applicants), dtype=np.bool_)
    return np.equal(granted, 0) & applicants[name].notna().to_numpy(dtype=np.bool_)


def _tolerated(column: str, what: str, broken: BoolArray, limits: TableLimits) -> Iterator[Problem]:
    share = float(broken.mean()) if broken.size else 0.0
    yield from breaches(column, what, broken, is_fatal=share > limits.impossible_share)
