"""How quota and reminders are shown to borrowers, what they think of it, and who leaves over it.

D4 section 6: 62 % dislike the way they are reminded and 45 % find the quota opaque (D4.6.dislikes_reminders,
D4.6.finds_quota_opaque). The redesign shows a moving range in place of one number, which makes the quota 40 %
harder to understand (D4.6.quota_display_before, D4.6.quota_display_after, D4.6.quota_display_difficulty), and
reminds by push in the app and e-mail in place of WeChat and SMS, which reach 28 % fewer (D4.6.reminder_before,
D4.6.reminder_after, D4.6.reminder_reach_change). Some borrowers leave (D4.6.redesign_loses_users).
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from weilidai.columns import LIMIT_DISPLAYS, REMINDER_CHANNELS
from weilidai.lender.repayment import RepaymentParameters, unreached_probability
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise
from weilidai.parameters import Strict

Array = npt.NDArray[Any]
_f = np.float32


class RedesignParameters(Strict):
    """What borrowers are shown in this regime, and how they take it."""

    limit_display: Literal["fixed_number", "moving_range"]
    reminder_channel: Literal["wechat_and_sms", "app_push_and_email"]
    opaque_share: float
    """Share who find the quota opaque when one number is shown."""
    opaque_change: float
    """Relative change of that share with what is shown now; 0 for one number."""
    disliked_share: float
    """Share who dislike the way of the reminders."""
    leaving_share: float
    """Share of those who find the quota opaque who leave over it."""


def redesign_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], parameters: RedesignParameters,
    repayment: RepaymentParameters, noise: Noise,
) -> dict[str, Array]:
    """Tell for everyone who opened what is shown, what they think, whom reminders reach, and who leaves.

    Parameters
    ----------
    people
        The people's columns.
    states
        Columns of the journey and of the repayment made so far.
    parameters, repayment
        What is shown; and whom the reminders have lost.
    noise
        The block's random streams.
    """
    who = SomePeople.where(states["is_opened"])
    opaque = who.of(noise.uniform("finds_quota_opaque")) < _f(
        parameters.opaque_share * (1 + parameters.opaque_change)
    )
    chance = who.of(unreached_probability(people, states["is_overdue"], repayment))
    return {
        "limit_display": who.codes(_everybody(who, LIMIT_DISPLAYS.index(parameters.limit_display))),
        "finds_quota_opaque": who.flags(opaque),
        "reminder_channel": who.codes(_everybody(who, REMINDER_CHANNELS.index(parameters.reminder_channel))),
        "is_reminded": who.flags(who.of(noise.uniform("is_reminded")) >= chance),
        "dislikes_reminders": who.flags(who.of(noise.uniform("dislikes_reminders")) < _f(parameters.disliked_share)),
        "has_left": who.flags(opaque & (who.of(noise.uniform("has_left")) < _f(parameters.leaving_share))),
    }


def _everybody(who: SomePeople, code: int) -> npt.NDArray[np.uint8]:
    return np.full(len(who.rows), code, dtype=np.uint8)
