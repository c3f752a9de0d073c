"""What is watched after opening: large transfers, remote logins, credit elsewhere, use of the money.

D3 section 7: a single transfer above 50,000 CNY raises an alert (D3.7.transfer_alert), a login from an unusual
annual incomes stop increases (D3.7.other_lines_to_income, D3.7.other_lines_limit_increase), and the money may
not go into investments, shares or coins (D3.7.no_investment_use, D3.7.no_stocks, D3.7.no_virtual_coins): who is
seen at it gets no further loan and no increase.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.journey import StageParameters, stage_probability
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise
from weilidai.parameters import Strict

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
_f = np.float32


class MonitoringParameters(Strict):
    """Documented marks, and what the columns do not say about transfers and uses."""

    transfer_alert_cny: float
    other_lines_to_income: float
    largest_transfer_share: float
    """Median of the largest single transfer as a share of a year's flow."""
    largest_transfer_spread: float
    """Standard deviation of the logarithm of that share."""
    largest_transfer_most_share: float
    forbidden_use: StageParameters
    """Log-odds that the money goes where it must not."""


def stops(people: Mapping[str, Any], parameters: MonitoringParameters, noise: Noise) -> dict[str, BoolArray]:
    """Tell for everyone, as if opened, what stops increases: lines elsewhere, forbidden use; shapes (people,)."""
    income = _f(parameters.other_lines_to_income) * people["annual_income_cny"]
    chance = stage_probability(people, parameters.forbidden_use)
    return {
        "has_limit_freeze": people["other_credit_line_cny"] > income,
        "has_forbidden_use": noise.uniform("has_forbidden_use") < chance,
    }


def monitoring_columns(
    people: Mapping[str, Any], is_opened: npt.NDArray[np.bool_], parameters: MonitoringParameters, noise: Noise
) -> dict[str, Array]:
    """Tell for everyone who opened what transfers and logins have shown; arrays of shape (people,)."""
    who = SomePeople.where(is_opened)
    largest = _largest_transfer(who, people, parameters, noise)
    return {
        "largest_transfer_cny": who.numbers(largest),
        "has_transfer_alert": who.flags(largest > _f(parameters.transfer_alert_cny)),
        "has_second_check": who.flags(who.of(people["has_remote_login"])),
    }


def _largest_transfer(
    who: SomePeople, people: Mapping[str, Any], parameters: MonitoringParameters, noise: Noise
) -> FloatArray:
    """Largest single transfer of the year, CNY: a lognormal share of the year's flow."""
    z = who.of(noise.normal("largest_transfer_cny"))
    share = _f(parameters.largest_transfer_share) * np.exp(_f(parameters.largest_transfer_spread) * z)
    share = np.minimum(share, _f(parameters.largest_transfer_most_share))
    amount: FloatArray = np.round(who.of(people["annual_flow_cny"]) * share)
    return amount
