"""What invited people do with the entry: see it, close it, apply.

D0 section 7: 29 % of those aged 18 to 24 try it, 61 % of those over 45 close it (D0.7.young_attempts,
D0.7.older_closing); what people of high net worth look for lies elsewhere (D0.7.wealthy_needs), so fewer of them
apply at any age. Closing is documented by age alone. D1 section 3: triggers a month by value tier.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from weilidai.columns import USER_TYPES
from weilidai.lender.shapes import Term, total
from weilidai.logistic import logistic
from weilidai.noise import Noise
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32
MOST_TRIGGERS = 60
VALUE_TIERS = ("high_value", "active", "new")


class TriggerRates(Strict):
    """Mean number of times the entry is shown in a month, by value tier."""

    high_value: float
    active: float
    new: float
    high_value_licaitong_cny: float
    """Licaitong holding from which a person counts as high value."""
    new_below_months: float
    """Account age below which a person counts as new."""


class TakeUpParameters(Strict):
    """Share of invited people who close the entry, and of the others who apply, by age and wealth."""

    young_up_to_years: int
    older_from_years: int
    closed_share: Mapping[str, float]
    applied_share: Mapping[str, float]
    """Of those who keep the entry, by age, for people without the wealth that ``wealth`` speaks of."""
    wealth: Mapping[str, Term]
    """Log-odds of applying that wealth adds."""
    triggers: TriggerRates


def age_group(age_years: FloatArray, parameters: TakeUpParameters) -> npt.NDArray[np.intp]:
    """Code people as young, middle or older (0, 1, 2) by the documented ages."""
    past_young = age_years > parameters.young_up_to_years
    older = age_years >= parameters.older_from_years
    return past_young.astype(np.intp) + older.astype(np.intp)


def take_up_probabilities(
    people: Mapping[str, Any], parameters: TakeUpParameters
) -> tuple[FloatArray, FloatArray]:
    """Chance of closing the entry and chance of applying for those who keep it; shapes (people,)."""
    group = age_group(people["age_years"], parameters)
    tables = [
        np.array([table[key] for key in ("young", "middle", "older")], dtype=np.float32)
        for table in (parameters.closed_share, parameters.applied_share)
    ]
    wealth = total(tuple(parameters.wealth.values()), people)
    applied: FloatArray = logistic(logit(tables[1])[group] + wealth)
    return tables[0][group], applied


def entry_triggers(
    people: Mapping[str, Any], is_invited: BoolArray, rates: TriggerRates, noise: Noise
) -> FloatArray:
    """Count the times the entry was shown in a month (Poisson by value tier); 0 without an invitation."""
    shown = poisson(mean_triggers(people, rates), noise.uniform("entry_trigger_count_1m"))
    return np.where(is_invited, shown, _f(0))


def mean_triggers(people: Mapping[str, Any], rates: TriggerRates) -> FloatArray:
    """Mean number of times a month the entry is shown to a person of the tier; shape (people,)."""
    by_tier = np.array([rates.high_value, rates.active, rates.new], dtype=np.float32)
    mean: FloatArray = by_tier[value_tier(people, rates)]
    return mean


def value_tier(people: Mapping[str, Any], rates: TriggerRates) -> npt.NDArray[np.uint8]:
    """Code people by what they are worth to the lender, in the order of ``VALUE_TIERS``; shape (people,)."""
    high = (people["licaitong_balance_cny"] >= rates.high_value_licaitong_cny) | (
        people["user_type"] == USER_TYPES.index("high_net_worth")
    )
    new = people["account_age_months"] < rates.new_below_months
    codes = [np.uint8(VALUE_TIERS.index("high_value")), np.uint8(VALUE_TIERS.index("new"))]
    return np.select([high, new], codes, np.uint8(VALUE_TIERS.index("active"))).astype(np.uint8)


def poisson(mean: FloatArray, uniform: FloatArray) -> FloatArray:
    """Invert the Poisson distribution at the given uniforms; shape (people,)."""
    probability = np.exp(-mean.astype(np.float64))  # single precision may end below the largest uniform
    below = probability.copy()
    count = np.zeros_like(mean)
    for k in range(1, MOST_TRIGGERS):
        beyond = uniform >= below
        if not beyond.any():
            break
        count += beyond
        probability = probability * mean / k
        below += probability
    return count
