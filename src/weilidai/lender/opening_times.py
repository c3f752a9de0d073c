"""How far an opening went and how long it took, from the identity check to the money.

D2 section 2: the quota is worked out on the click and approved in 10 to 30 seconds
(D2.2.quota_assessed_on_click, D2.2.approval_duration), the contract is signed online (D2.2.contract_online),
the money is there in one minute at the fastest and two on average (D2.2.payout_fastest, D2.2.payout_mean).
Waits after failed identity checks stand apart, in hours. The steps are five (D2.2.step_count), after the redesign six
(D4.6.journey_after): a further check stands behind the usual ones.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.entry import has_seen
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise
from weilidai.parameters import Strict
from weilidai.units import SECONDS_PER_MINUTE

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
_f = np.float32


class OpeningTimesParameters(Strict):
    """Documented times of approval and payout."""

    approval_seconds: tuple[float, float]
    """Fastest and slowest approval."""
    fastest_payout_minutes: float
    mean_payout_minutes: float


def opening_columns(
    states: Mapping[str, Array], parameters: OpeningTimesParameters, steps: int, noise: Noise
) -> dict[str, Array]:
    """Tell the steps gone, and the seconds of approval, payout and the whole journey.

    Parameters
    ----------
    states
        Columns of the journey made so far, the identity check included.
    parameters
        Documented times.
    steps
        Steps of the flow.
    noise
        The block's random streams.
    """
    reviewed = SomePeople.where(states["is_verified"] & ~states["is_intercepted"])
    opened = SomePeople.where(states["is_opened"])
    fastest, slowest = parameters.approval_seconds
    uniform = reviewed.of(noise.uniform("quota_approval_seconds"))
    approval = reviewed.numbers(np.round(_f(fastest) + _f(slowest - fastest) * uniform, 1))
    payout = opened.numbers(_payout(opened.of(noise.uniform("payout_seconds")), parameters))
    checking = states["verification_seconds"] * states["verification_attempt_count"]
    return {
        "journey_step_count": _steps(states, steps), "quota_approval_seconds": approval, "payout_seconds": payout,
        "journey_seconds": np.round(checking + approval + payout, 1),
    }


def _payout(uniform: FloatArray, parameters: OpeningTimesParameters) -> FloatArray:
    """Seconds to the money: never under the fastest, the rest exponential up to the documented mean."""
    beyond = parameters.mean_payout_minutes - parameters.fastest_payout_minutes
    minutes = _f(parameters.fastest_payout_minutes) - _f(beyond) * np.log1p(-uniform)
    seconds: FloatArray = np.round(minutes * _f(SECONDS_PER_MINUTE), 1)
    return seconds


def _steps(states: Mapping[str, Array], steps: int) -> npt.NDArray[np.float32]:
    """Count the steps gone: entry seen, clicked and assessed, identity verified, let through, signed and paid."""
    walked = [
        has_seen(states), states["has_applied"], states["is_verified"],
        states["is_verified"] & ~states["is_intercepted"], states["is_opened"],
    ]
    if steps > len(walked):
        walked.append(states["has_passed_first_checks"])
    gone: npt.NDArray[np.float32] = np.sum(walked, axis=0, dtype=np.float32)
    return gone
