"""The statistics of documented rules up to the opening: whether everybody is treated as the rules say.

Most of them look at one extreme or at one share that must be all or nothing: the simulator applies the rule, and the
figure shows whether it reaches every person it speaks of, whatever else happens to them.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from weilidai.matching.crowd import Crowd
from weilidai.matching.journey_moments import value_tiers
from weilidai.matching.picking import (
    INTERCEPTED,
    INVITED,
    Moment,
    Select,
    above,
    all_of,
    everybody,
    extreme,
    flagged,
    gap,
    in_state,
    least,
    mean,
    of_level,
    other_than,
    rate,
    share,
    steps,
)
from weilidai.units import HOURS_PER_DAY

SECURITY_MARKS: Final[Mapping[str, str]] = {
    "many_night_transfers": "lender.security.night_transfer_count",
    "mostly_red_packets": "lender.security.red_packet_share",
    "frozen_devices": "lender.security.device_count",
    "frozen_addresses": "lender.security.ip_change_count",
    "frozen_identities": "lender.security.identity_change_count",
}
"""Name of a mark -> the number of the simulator that holds it."""
RULE_MARKS: Final[Mapping[str, str]] = {
    "act_within": "D1.3.act_within",
    "inquiries_half_year": "D4.2.inquiries_initial",
}
"""Name of a mark -> the fact that holds it."""


def _seen(crowd: Crowd) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Tell who was shown the entry; the hours it stays are told of nobody else."""
    seen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = crowd.columns["entry_shown_hours"] > 0
    return seen


def _failed(count: int) -> Select:
    """Applicants with so many failed identity checks in a row, who passed the next one."""
    def select(crowd: Crowd) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        passed = crowd.columns["has_passed_first_checks"].astype(bool)
        fits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (
            crowd.columns["verification_attempt_count"] == count + 1
        ) & passed
        return fits

    return select


def _after_three(crowd: Crowd) -> float:
    """Hours that the third failure in a row costs beyond those of the two before."""
    wait = {count: mean("verification_wait_hours", _failed(count))(crowd) for count in (2, 3)}
    return wait[3] - wait[2]


def _failures_of_the_cooled(crowd: Crowd) -> float:
    """Fewest failures of anybody who had to cool down."""
    passed = crowd.columns["has_passed_first_checks"].astype(np.float64)
    cooled = crowd.columns["has_cooled_down"].astype(bool)
    failures = (crowd.columns["verification_attempt_count"] - passed)[cooled]
    return float(failures.min()) if failures.size else float("nan")


def _kind(kind: str) -> Select:
    return all_of(INTERCEPTED, of_level("interception_kind", kind))


def _in_days(moment: Moment) -> Moment:
    return lambda c: moment(c) / HOURS_PER_DAY


def _stay(tier: str) -> Moment:
    return mean("entry_shown_hours", lambda c: _seen(c) & value_tiers(c)[tier])


_BATCH: Final = of_level("entry_event", "monthly_batch")
_ACTED: Final = above("hours_to_act", 0)
_ON_TIME: Final = all_of(_ACTED, other_than(flagged("is_requeued")))
_BLACKLISTED: Final = of_level("security_action", "blacklist")
_NOT_INVITED: Final = other_than(INVITED)
_BUREAU: Final = flagged("passes_bureau_track")
_PROOF: Final = above("housing_fund_months", 0)
_APPEALED: Final = all_of(INTERCEPTED, flagged("has_appealed"))
CLOSED_FOR: Final[Mapping[str, Select]] = {
    "entry_closed": of_level("security_action", "entry_closed"),
    "night_transfers": least("night_transfer_count_30d", "many_night_transfers"),
    "red_packets": least("red_packet_share", "mostly_red_packets"),
    "aml_alert": flagged("has_aml_alert"),
}
"""Sign of a transaction risk -> who shows it; their entry is gone."""
FROZEN_FOR: Final[Mapping[str, Select]] = {
    "frozen": of_level("security_action", "temporary_freeze"),
    "device_switching": least("device_count_7d", "frozen_devices"),
    "ip_switching": least("ip_change_count_30d", "frozen_addresses"),
    "tampering": least("identity_change_count_12m", "frozen_identities"),
}
"""Sign of a device risk or of tampering -> who shows it; no application of theirs gets through."""

RULE_MOMENTS: Final[Mapping[str, Moment]] = {
    "bar.inquiries_6m": extreme("bureau_inquiry_count_6m", np.max, INVITED),
    "bar.inquiries_3m": extreme("bureau_inquiry_count_3m", np.max, INVITED),
    "bar.debt_to_income": extreme("debt_to_income_share", np.max, INVITED),
    "let_in_share.many_inquiries": rate("eligible", above("bureau_inquiry_count_6m", "inquiries_half_year")),
    "let_in_share.uncovered": rate("shown", other_than(flagged("is_covered_area"))),
    "let_in_share.blacklisted": rate("shown", _BLACKLISTED),
    "let_in_share.restricted": rate("shown", flagged("is_restricted")),
    "prequalification_gap.eligible": gap(
        mean("prequalification_score", in_state("eligible")),
        mean("prequalification_score", other_than(in_state("eligible"))),
    ),
    "inquiry_wait.most_months": extreme("inquiry_wait_months", np.max, everybody),
    "let_in_share.not_invited": rate("opened", _NOT_INVITED),
    "entry_seen_share.not_invited": share(_seen, _NOT_INVITED),
    "bureau_track.most.overdue": extreme("overdue_count_24m", np.max, _BUREAU),
    "bureau_track.most.open_loans": extreme("open_loan_count", np.max, _BUREAU),
    "bureau_track.most.inquiries": extreme("bureau_inquiry_count_3m", np.max, _BUREAU),
    "tencent_track.least_score": extreme("tencent_credit_score", np.min, flagged("passes_tencent_track")),
    "entry_day.batch.first": extreme("entry_day_of_month", np.min, _BATCH),
    "entry_day.batch.last": extreme("entry_day_of_month", np.max, _BATCH),
    "entry_event_share.failed_payment": share(of_level("entry_event", "failed_payment"), _seen),
    "entry_event_share.licaitong_purchase": share(of_level("entry_event", "licaitong_purchase"), _seen),
    "entry_stay_step.value": steps((_stay("new"), _stay("active"), _stay("high_value"))),
    "hours_to_act.most.in_time": extreme("hours_to_act", np.max, _ON_TIME),
    "requeued_share.late": share(flagged("is_requeued"), above("hours_to_act", "act_within")),
    "verification_wait.one_failure": mean("verification_wait_hours", _failed(1)),
    "verification_wait.third_failure": _after_three,
    "cooled_down.least_failures": _failures_of_the_cooled,
    "cool_down_days.device": _in_days(mean("cool_down_hours", _kind("device"))),
    "cool_down_days.location": _in_days(mean("cool_down_hours", _kind("location"))),
    **{f"interception_share.{kind}": share(_kind(kind), INTERCEPTED) for kind in ("device", "identity", "behaviour")},
    "appealed_share": share(flagged("has_appealed"), INTERCEPTED),
    "appeal_gap.social_insurance": gap(
        share(flagged("is_appeal_upheld"), all_of(_APPEALED, _PROOF)),
        share(flagged("is_appeal_upheld"), all_of(_APPEALED, other_than(_PROOF))),
    ),
    **{f"entry_available_share.{name}": share(flagged("is_entry_available"), who) for name, who in CLOSED_FOR.items()},
    **{f"intercepted_share.{name}": rate("intercepted", who, "applied") for name, who in FROZEN_FOR.items()},
    "applied_gap.high_net_worth": gap(
        rate("tried", of_level("user_type", "high_net_worth"), "invited"),
        rate("tried", other_than(of_level("user_type", "high_net_worth")), "invited"),
    ),
    "steps.opened": mean("journey_step_count", in_state("opened")),
}
"""Moment name -> how it is measured on a crowd."""
