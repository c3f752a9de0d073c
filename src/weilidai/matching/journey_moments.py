"""The statistics of the course of an opening: stays of the entry, times of the checks, causes of failures.

They read the outcome itself, so who counts is seen in the column: a time of nothing, or no level, is nobody's.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import CHECKED_ELEMENTS, FAILURE_CAUSES, USER_TYPES
from weilidai.matching.crowd import Crowd
from weilidai.units import SECONDS_PER_MINUTE

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
CHECK_COLUMNS: Final = {
    "face": "face_check_seconds", "phone": "phone_check_seconds", "identity_card": "identity_card_seconds",
}


def value_tiers(crowd: Crowd) -> dict[str, Array]:
    """Tell who is of high value, new or otherwise active; shapes (people,)."""
    c, marks = crowd.columns, crowd.marks
    high = (c["licaitong_balance_cny"] >= marks["high_value_cny"]) | (
        c["user_type"] == USER_TYPES.index("high_net_worth")
    )
    new = ~high & (c["account_age_months"] < marks["new_months"])
    return {"high_value": high, "active": ~high & ~new, "new": new}


def _present(column: str, measure: Callable[[Array], float]) -> Moment:
    """Measure a time among those who have one; NaN when nobody has."""

    def moment(crowd: Crowd) -> float:
        values = crowd.columns[column]
        there = values[values > 0]
        return measure(there) if there.size else float("nan")

    return moment


def _mean(values: Array) -> float:
    return float(values.mean(dtype=np.float64))


def _least(values: Array) -> float:
    return float(values.min())


def _most(values: Array) -> float:
    return float(values.max())


def _stay(tier: str) -> Moment:
    return lambda c: _present("entry_shown_hours", _mean)(c.part(value_tiers(c)[tier]))


def _cause_share(number: int) -> Moment:
    """Share of an element's failures that its documented cause explains."""

    def moment(crowd: Crowd) -> float:
        failed = crowd.columns["verification_failed_element"] == number
        return float(np.mean(crowd.columns["verification_failure_cause"][failed] == number)) if failed.any() else np.nan

    return moment


def _zombie_ratio(crowd: Crowd) -> float:
    dormant, invited = crowd.columns["is_zombie"].astype(bool), crowd.weights["invited"].astype(np.float64)
    if not dormant.any() or not invited[~dormant].any():
        return float("nan")
    return float(invited[dormant].mean() / invited[~dormant].mean())


def _in_minutes(moment: Moment) -> Moment:
    return lambda c: moment(c) / SECONDS_PER_MINUTE


JOURNEY_MOMENTS: Final[Mapping[str, Moment]] = {
    "invited_ratio.zombie": _zombie_ratio,
    **{f"entry_shown_hours.mean.{tier}": _stay(tier) for tier in ("high_value", "active", "new")},
    **{f"check_seconds.mean.{element}": _present(column, _mean) for element, column in CHECK_COLUMNS.items()},
    **{
        f"failure_cause_share.{FAILURE_CAUSES[number]}": _cause_share(number)
        for number in range(len(CHECKED_ELEMENTS))
    },
    "approval_seconds.least": _present("quota_approval_seconds", _least),
    "approval_seconds.most": _present("quota_approval_seconds", _most),
    "payout_minutes.least": _in_minutes(_present("payout_seconds", _least)),
    "payout_minutes.mean": _in_minutes(_present("payout_seconds", _mean)),
}
"""Moment name -> how it is measured on a crowd."""
