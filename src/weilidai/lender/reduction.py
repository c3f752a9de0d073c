"""Reduction of a quota: many applications elsewhere, no second loan, closed by the lender.

D0 section 5: since 2021 some quotas fall and some are closed (D0.5.optimisation_quota_down,
D0.5.optimisation_closed); applying for many other loans in a short time costs 30 % (D0.5.loan_shopping_cut).
D0 section 8: from 2023 a first borrower who does not borrow again within half a year is left with half of the
initial quota (D0.8.no_reborrow_window, D0.8.no_reborrow_quota); in the reference that rule sleeps. Section 6:
whose entry the anti-fraud ladder has closed loses the quota for certain (D0.6.transaction_closing).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.shapes import Term, total
from weilidai.logistic import logistic
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32


class Closing(Strict):
    """Log-odds that the lender closes a quota within six months."""

    intercept: float
    overdue: float
    terms: Mapping[str, Term]


class ReductionParameters(Strict):
    """What takes quota away."""

    applications_least: float
    """Hard inquiries in three months from which a person counts as applying for many loans."""
    applications_cut_share: float
    """Relative change of the quota then, as in -0.3."""
    no_reborrow_share_applies: float
    """Share of the quotas to which the rule on second loans applies: 0 where it sleeps, 1 where it is in force."""
    no_reborrow_window_months: float
    no_reborrow_quota_share: float
    """Part of the initial quota that is left."""
    closing: Closing


def closing_chance(
    people: Mapping[str, Any], is_overdue: BoolArray, has_lost_entry: BoolArray, closing: Closing
) -> FloatArray:
    """Chance that the lender closes the quota within six months, certain without an entry; shape (people,)."""
    log_odds = _f(closing.intercept) + total(tuple(closing.terms.values()), people)
    chance: FloatArray = logistic(log_odds + _f(closing.overdue) * is_overdue)
    return np.where(has_lost_entry, _f(1), chance)


def applies_for_many(people: Mapping[str, Any], parameters: ReductionParameters) -> BoolArray:
    """Tell who applied for many loans elsewhere in a short time; nobody whom the bureau does not know."""
    many: BoolArray = people["bureau_inquiry_count_3m"] >= parameters.applications_least
    return many


def stays_first_borrower(
    months: FloatArray, has_reborrowed: BoolArray, uniform: FloatArray, parameters: ReductionParameters
) -> BoolArray:
    """Tell whom the rule on second loans meets: the time is over and there was none; shape (people,)."""
    over = months >= parameters.no_reborrow_window_months
    return over & ~has_reborrowed & (uniform < _f(parameters.no_reborrow_share_applies))


def reduced_quota(
    current_cny: FloatArray, initial_cny: FloatArray, is_many: BoolArray, is_first: BoolArray,
    parameters: ReductionParameters,
) -> FloatArray:
    """Quota that is left, never more than there was; may lie under a new grant's floor (X.D0.halved_below_floor)."""
    cut = np.where(is_many, current_cny * _f(1 + parameters.applications_cut_share), current_cny)
    halved = initial_cny * _f(parameters.no_reborrow_quota_share)
    left: FloatArray = np.where(is_first, np.minimum(halved, cut), cut)
    return left
