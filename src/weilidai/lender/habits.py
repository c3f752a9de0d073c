"""How people use an open quota: bills paid with it, instalments, borrowing again.

D1 section 8 counts bills paid with the line each month (D1.8.bills_a_month) and speaks well of instalments
(D1.8.instalments_help); D0 section 8 asks whether a first borrower borrows again within half a year
(D0.8.no_reborrow_window). How many do which is not documented.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.shapes import Term, total
from weilidai.lender.take_up import poisson
from weilidai.logistic import logistic
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32


class Habit(Strict):
    """Log-odds of a habit, or the logarithm of a mean count: intercept, terms, and use of the quota."""

    intercept: float
    terms: Mapping[str, Term]
    use: float
    """Weight of the share of the quota in use."""


class HabitParameters(Strict):
    """Every habit after opening."""

    bills: Habit
    instalments: Habit
    reborrowing: Habit


def bill_payment_count(
    people: Mapping[str, Any], used: FloatArray, uniform: FloatArray, habit: Habit
) -> FloatArray:
    """Count the bills paid with the quota in a month (Poisson); shape (people,)."""
    return poisson(np.exp(_score(people, used, habit)), uniform)


def has_habit(people: Mapping[str, Any], used: FloatArray, uniform: FloatArray, habit: Habit) -> BoolArray:
    """Tell who has a habit; shape (people,)."""
    has: BoolArray = uniform < logistic(_score(people, used, habit))
    return has


def _score(people: Mapping[str, Any], used: FloatArray, habit: Habit) -> FloatArray:
    return _f(habit.intercept) + total(tuple(habit.terms.values()), people) + _f(habit.use) * used
