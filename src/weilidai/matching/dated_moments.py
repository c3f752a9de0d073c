"""The statistics of what only some years know: conditions of the first ones, pushes, the outage, the redesign.

They are measured in every regime; which of them a regime is held to stands in its settings.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from weilidai.matching.crowd import Crowd
from weilidai.matching.journey_moments import value_tiers
from weilidai.matching.picking import (
    INVITED,
    OPENED,
    Moment,
    all_of,
    everybody,
    extreme,
    flagged,
    in_state,
    least,
    of_level,
    other_than,
    rate,
    share,
)

DATED_MARKS: Final[Mapping[str, str]] = {"bar_on_pay_score": "D0.5.expansion_pay_score"}
"""Name of a mark -> the fact that holds it."""
OUTAGE_MARKS: Final[Mapping[str, str]] = {
    "outage_month": "lender.journey.outage.month", "outage_month_days": "lender.journey.outage.days_in_month",
}
"""Name of a mark that some regimes do not have (0 then) -> the number of the simulator that holds it."""

_MONTHS: Final = 12


def _lost_days(crowd: Crowd) -> float:
    """Days of the outage's month without an opening, from the openings missing in it.

    Snapshots fall evenly on the year, so that without an outage as many would have opened so many months before one
    snapshot as before another.
    """
    month, ago = crowd.columns["snapshot_month"].astype(np.int64), crowd.columns["opened_months_ago"]
    weight, at = crowd.weights["opened"], int(crowd.marks["outage_month"]) - 1
    then, usual = 0.0, 0.0
    for months in range(_MONTHS - at if at >= 0 else 0):
        openings = np.bincount(month, weight * (ago == months), minlength=_MONTHS)
        then += openings[at + months]
        usual += float(np.delete(openings, at + months).mean())
    return float(crowd.marks["outage_month_days"] * (1 - then / usual)) if usual else float("nan")


def _self_employed_ratio(crowd: Crowd) -> float:
    business = of_level("user_type", "self_employed")
    others = rate("invited", other_than(business))(crowd)
    return rate("invited", business)(crowd) / others if others else float("nan")


_LICAITONG: Final = least("licaitong_months", 1)
_SCORED: Final = all_of(flagged("has_pay_score_enabled"), least("pay_score", "bar_on_pay_score"))
_SEEN: Final = in_state("shown", of_level("entry_channel", "wallet_entry", "targeted_push"))

DATED_MOMENTS: Final[Mapping[str, Moment]] = {
    "least_payments.invited": extreme("daily_payment_count", np.min, INVITED),
    "least_functions.invited": extreme("nonsocial_function_count", np.min, INVITED),
    "invited.share.pay_score_bar": share(_SCORED, INVITED),
    "invited.share.licaitong_month": share(_LICAITONG, INVITED),
    "eligible_share": rate("eligible", everybody),
    "invited_share.lower_value": rate("invited", lambda c: ~value_tiers(c)["high_value"]),
    "invited_ratio.self_employed": _self_employed_ratio,
    "push_share": share(of_level("entry_channel", "targeted_push"), _SEEN),
    "reminded_share": share(flagged("is_reminded"), OPENED),
    "app_reminder_share": share(of_level("reminder_channel", "app_push_and_email"), OPENED),
    "moving_range_share": share(of_level("limit_display", "moving_range"), OPENED),
    "left_share": share(flagged("has_left"), OPENED),
    "outage.lost_days": _lost_days,
    "zhouzhuan_share": share(of_level("chosen_alternative", "zhouzhuan"), other_than(OPENED)),
}
"""Moment name -> how it is measured on a crowd."""
