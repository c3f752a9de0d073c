"""The first grant: how large the quota is on the day it opens.

D1 section 5: 500 to 30,000 CNY, referring to 15 to 20 % of annual spending, the flow of bound cards and 10 %
of the Licaitong holding (D1.5.share_of_annual_spend, D1.5.share_of_licaitong); means 18,500, 12,600 and 8,400 by
kind of user with relative spreads of 32, 28 and 25 %. The reference amounts enter as logarithms; the spread of each
kind scales the whole signal.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from weilidai.columns import USER_TYPES
from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict
from weilidai.units import MONTHS_PER_YEAR

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class References(Strict):
    """What the grant refers to: documented shares of spending and holding, and what each is weighed with."""

    spending_shares: tuple[float, float]
    """Least and greatest documented part of a year's spending; the middle counts."""
    licaitong_share: float
    floor_cny: float
    """Added to every reference before the logarithm, so that nothing counts as minus infinity."""
    spending_weight: float
    licaitong_weight: float
    card_flow_weight: float


class FirstGrantParameters(Strict):
    """Log mean and log spread by kind of user, the signal's make-up and the documented range."""

    log_level: Mapping[str, float]
    log_spread: Mapping[str, float]
    signal_share: float
    """Part of the log variance that follows from columns; the rest is the lender's own discretion."""
    references: References
    terms: Mapping[str, Term]
    signal_centre: float
    signal_scale: float
    low_cny: float
    high_cny: float
    step_cny: float


def signal(people: Mapping[str, Any], parameters: FirstGrantParameters) -> FloatArray:
    """Weigh the logarithms of the reference amounts and the other terms; shape (people,)."""
    ref = parameters.references
    floor = _f(ref.floor_cny)
    spend = people["monthly_spend_cny"] * _f(MONTHS_PER_YEAR * sum(ref.spending_shares) / len(ref.spending_shares))
    held = people["licaitong_balance_cny"] * _f(ref.licaitong_share)
    score: FloatArray = (
        _f(ref.spending_weight) * np.log(floor + spend)
        + _f(ref.licaitong_weight) * np.log(floor + held)
        + _f(ref.card_flow_weight) * np.log(floor + people["monthly_card_flow_cny"])
    )
    return score + total(tuple(parameters.terms.values()), people)


def log_moments(people: Mapping[str, Any], parameters: FirstGrantParameters) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the grant's logarithm given the columns; shapes (people,)."""
    level = np.array([parameters.log_level[kind] for kind in USER_TYPES], dtype=np.float32)[people["user_type"]]
    spread = np.array([parameters.log_spread[kind] for kind in USER_TYPES], dtype=np.float32)[people["user_type"]]
    standard = (signal(people, parameters) - _f(parameters.signal_centre)) * _f(1 / parameters.signal_scale)
    mean = level + spread * _f(np.sqrt(parameters.signal_share)) * standard
    return mean, spread * _f(np.sqrt(1 - parameters.signal_share))


def grant(mean: FloatArray, sd: FloatArray, normal: FloatArray, parameters: FirstGrantParameters) -> FloatArray:
    """Draw the grant in CNY, in whole steps within the documented range; shape (people,)."""
    amount = np.exp(mean + sd * normal)
    stepped: FloatArray = np.round(amount * _f(1 / parameters.step_cny)) * _f(parameters.step_cny)
    return np.clip(stepped, _f(parameters.low_cny), _f(parameters.high_cny))


def expected_grant(mean: FloatArray, sd: FloatArray, parameters: FirstGrantParameters) -> FloatArray:
    """Expect a grant in CNY given the columns: the mean of a lognormal clipped to the range; shape (people,)."""
    low, high = _f(np.log(parameters.low_cny)), _f(np.log(parameters.high_cny))
    below, above = (low - mean) / sd, (high - mean) / sd
    inside = np.exp(mean + _f(0.5) * sd**2) * (ndtr(above - sd) - ndtr(below - sd))
    edges = _f(parameters.low_cny) * ndtr(below) + _f(parameters.high_cny) * (_f(1) - ndtr(above))
    expected: FloatArray = (inside + edges).astype(np.float32)
    return expected
