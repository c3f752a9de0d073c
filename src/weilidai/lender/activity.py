"""Accounts that hardly live: dormant ones, and those with few payments.

D0 section 2: a profile left as it is and no Moments posts mark an account as dormant, and dormant accounts
rarely reach the list (D0.2.zombie_profile, D0.2.zombie_moments, D0.2.zombie_invitation). D3 section 4: under
15 payments a month an account counts as inactive (D3.4.low_activity_payments). The flags show it; what they
cost a person is in the scorecard and the log-odds of the invitation.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_MONTH

BoolArray = npt.NDArray[np.bool_]


class ActivityParameters(Strict):
    """From how many payments a month an account counts as active."""

    active_from_payments_a_month: float


def activity_flags(people: Mapping[str, Any], parameters: ActivityParameters) -> dict[str, BoolArray]:
    """Flag dormant accounts and those of low activity; arrays of shape (people,)."""
    untouched: BoolArray = (people["profile_update_count_12m"] == 0) & (people["moments_post_count_12m"] == 0)
    fewest = np.float32(parameters.active_from_payments_a_month / DAYS_PER_MONTH)
    return {"is_zombie": untouched, "is_low_activity": people["daily_payment_count"] < fewest}
