"""After opening: use of the quota, repayments, overdue.

D2 section 6: 1.2 % overdue.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.shapes import Term, total
from weilidai.logistic import logistic
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class Utilisation(Strict):
    """Logit of the quota in use: intercept, terms and own spread."""

    intercept: float
    terms: Mapping[str, Term]
    own_spread: float


class Reminders(Strict):
    """Reminders that reach fewer people than in the reference (D4 section 6)."""

    reach_change: float
    """Relative change of the share reached, as in -0.28."""
    unreached: float
    """Log-odds of being overdue that a person gains who is no longer reached."""


class RepaymentParameters(Strict):
    """Overdue log-odds and use of the quota."""

    overdue_intercept: float
    overdue_terms: Mapping[str, Term]
    utilisation: Utilisation
    every_month_from_share: float
    """Share of the quota in use from which there is something to repay every month."""
    reminders: Reminders | None = None
    """None where everybody is reminded who is reminded in the reference."""


def overdue_probability(people: Mapping[str, Any], parameters: RepaymentParameters) -> FloatArray:
    """Chance that an opened account is overdue; shape (people,)."""
    terms = tuple(parameters.overdue_terms.values())
    log_odds = _f(parameters.overdue_intercept) + total(terms, people)
    chance: FloatArray = logistic(log_odds)
    if (lost := parameters.reminders) is not None:
        chance += _f(-lost.reach_change) * (logistic(log_odds + _f(lost.unreached)) - chance)
    return chance


def unreached_probability(
    people: Mapping[str, Any], is_overdue: npt.NDArray[np.bool_], parameters: RepaymentParameters
) -> FloatArray:
    """Chance that reminders no longer reach a person, given whether the account became overdue; shape (people,).

    The other side of :func:`overdue_probability` by Bayes' rule: the unreached are more often overdue.
    """
    if (lost := parameters.reminders) is None:
        return np.zeros(len(is_overdue), dtype=np.float32)
    log_odds = _f(parameters.overdue_intercept) + total(tuple(parameters.overdue_terms.values()), people)
    unreached, reached = logistic(log_odds + _f(lost.unreached)), logistic(log_odds)
    share = _f(-lost.reach_change)
    late = unreached * share / (reached + share * (unreached - reached))
    timely = (1 - unreached) * share / (1 - reached - share * (unreached - reached))
    chance: FloatArray = np.where(is_overdue, late, timely)
    return chance


def utilisation(people: Mapping[str, Any], normal: FloatArray, parameters: Utilisation) -> FloatArray:
    """Share of the quota in use; shape (people,)."""
    used: FloatArray = logistic(
        _f(parameters.intercept) + total(tuple(parameters.terms.values()), people)
        + _f(parameters.own_spread) * normal
    )
    return np.round(used, 3)


def on_time_count(
    months: FloatArray, is_overdue: npt.NDArray[np.bool_], used: FloatArray, parameters: RepaymentParameters
) -> FloatArray:
    """Repayments on time since opening: one a month in which the quota was used, one less when overdue."""
    in_use = np.minimum(used * _f(1 / parameters.every_month_from_share), _f(1))
    paid: FloatArray = np.round(months * in_use) - is_overdue.astype(np.float32)
    return np.maximum(paid, _f(0))
