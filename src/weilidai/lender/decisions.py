"""Everything the lender decides about a block of people, and the probabilities it decided with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import LEVELS
from weilidai.lender.activity import ActivityParameters, activity_flags
from weilidai.lender.alternatives import AlternativeParameters, chosen_alternative
from weilidai.lender.assessment import AssessmentParameters, assessment_columns, passes_enough
from weilidai.lender.channel import ChannelParameters, entry_channel
from weilidai.lender.eligibility import EligibilityParameters, policy, wait_months
from weilidai.lender.entry import (
    EntryParameters,
    entry_columns,
    in_time_probability,
    is_entry_available,
    opened_entry_columns,
    without_trial,
)
from weilidai.lender.first_grant import FirstGrantParameters, expected_grant, grant, log_moments
from weilidai.lender.growth import current_quota, months_open
from weilidai.lender.half_year import LimitParameters, half_year
from weilidai.lender.identity_check import IdentityCheckParameters, identity_check_columns
from weilidai.lender.interception import InterceptionTraceParameters, interception_columns
from weilidai.lender.invitation import InvitationParameters, factor_logits, invitation_probability
from weilidai.lender.journey import (
    JourneyParameters,
    added_check_probability,
    approval_probability,
    interception_probability,
    reach_probability,
    stage_probability,
)
from weilidai.lender.monitoring import MonitoringParameters, monitoring_columns, stops
from weilidai.lender.opening_times import OpeningTimesParameters, opening_columns
from weilidai.lender.pricing import PricingParameters, daily_rate, grade_codes, grade_index
from weilidai.lender.profile import ProfileParameters, tencent_profile_score
from weilidai.lender.redesign import RedesignParameters, redesign_columns
from weilidai.lender.repayment import (
    RepaymentParameters,
    on_time_count,
    overdue_probability,
    utilisation,
)
from weilidai.lender.security import (
    SecurityParameters,
    has_device_risk,
    has_lost_entry,
    is_frozen,
    security_action,
)
from weilidai.lender.some_people import NO_LEVEL, SomePeople
from weilidai.lender.standing_time import longest_open, opened_months, stood_quota
from weilidai.lender.take_up import TakeUpParameters, entry_triggers, take_up_probabilities
from weilidai.noise import Noise

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
GRANTED = ("initial_quota_cny", "current_quota_cny", "daily_rate", "months_drawn", "opened_months_ago")
NO_GRADE = NO_LEVEL
"""Code of the grade of people who have not opened."""


class LenderParameters(LimitParameters):
    """Every number of the lender, mechanism by mechanism."""

    eligibility: EligibilityParameters
    invitation: InvitationParameters
    take_up: TakeUpParameters
    journey: JourneyParameters
    first_grant: FirstGrantParameters
    pricing: PricingParameters
    repayment: RepaymentParameters
    activity: ActivityParameters
    assessment: AssessmentParameters
    entry: EntryParameters
    identity_check: IdentityCheckParameters
    opening_times: OpeningTimesParameters
    interception_kind: InterceptionTraceParameters
    security: SecurityParameters
    monitoring: MonitoringParameters
    channel: ChannelParameters
    profile: ProfileParameters
    redesign: RedesignParameters
    alternatives: AlternativeParameters


@dataclass(frozen=True)
class Decisions:
    """The lender's columns for a block of people, and the truth behind them; all arrays (people,)."""

    columns: dict[str, Array]
    truth: dict[str, FloatArray]
    chances: dict[str, FloatArray]
    """Probability of each step of the journey, given the step before."""
    would_get: dict[str, Array]
    """Quota, grade and rate of everyone as if opened."""


def decide(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise) -> Decisions:
    """Take a block of people through the whole of the lender.

    Parameters
    ----------
    people
        Column name -> array, as the population makes them (categories as level codes).
    parameters
        The lender's numbers.
    noise
        The block's random streams; the same streams give the same outcome for the same probabilities.
    """
    made = Decisions({}, {}, {}, {})
    _invite(people, parameters, noise, made)
    _assess(people, parameters, made)
    _value(people, parameters, noise, made)
    _see(people, parameters, noise, made)
    _open(people, parameters, noise, made)
    _meet_outage(people, parameters, noise, made)
    _grant(parameters, made)
    _repay(people, parameters, noise, made)
    _live_on(people, parameters, noise, made)
    _trace(people, parameters, noise, made)
    return made


def _invite(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    looked_at = policy(parameters.eligibility)
    eligible = looked_at.passes(people)
    logits = factor_logits(people, parameters.invitation)
    chance = invitation_probability(logits, eligible, parameters.invitation)
    made.truth["p_invite"] = chance
    made.truth.update({f"logit_{factor}": part for factor, part in logits.items()})
    made.columns["is_eligible"] = eligible
    made.columns["prequalification_score"] = looked_at.scorecard.score(people)
    made.columns["inquiry_wait_months"] = wait_months(people, looked_at, parameters.eligibility)
    made.columns["is_invited"] = noise.uniform("is_invited") < chance


def _assess(people: Mapping[str, Any], parameters: LenderParameters, made: Decisions) -> None:
    """Look at the account and the assessments that the journey and the quota depend on."""
    states = made.columns
    states.update(assessment_columns(people, made.truth, parameters.assessment))
    states["security_action"] = security_action(people, parameters.security)
    states["is_assessment_frozen"] = is_frozen(people, parameters.security)
    states["has_lost_entry"] = has_lost_entry(states["security_action"])


def _see(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Show the entry to the invited, who close it, leave it, or try it in time or too late."""
    rates, states, p = parameters.take_up.triggers, made.columns, made.chances
    p["close"], p["apply"] = take_up_probabilities(people, parameters.take_up)
    p["reach"] = reach_probability(people, made.would_get["opened_months_ago"], parameters.journey.outage)
    p["in_time"] = in_time_probability(people, parameters.entry, rates)
    invited = states["is_invited"]
    states["entry_trigger_count_1m"] = entry_triggers(people, invited, rates, noise)
    states["has_closed_entry"] = invited & (noise.uniform("has_closed_entry") < p["close"])
    states["is_entry_kept"] = invited & ~states["has_closed_entry"]
    states["has_tried"] = states["is_entry_kept"] & (noise.uniform("has_applied") < p["apply"])
    states.update(entry_columns(people, states, parameters.entry, rates, noise))
    states["has_applied"] = states["has_tried"] & ~states["is_requeued"]


def _open(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    journey, states, p = parameters.journey, made.columns, made.chances
    first_checks = stage_probability(people, journey.verification)
    p["verify"] = first_checks * added_check_probability(journey)
    p["intercept"] = interception_probability(people, states["is_assessment_frozen"], journey.interception)
    enough = passes_enough(states, parameters.assessment.tracks)
    p["approve"] = approval_probability(people, states["application_risk_score"], enough, journey.approval)
    applied = states["has_applied"]
    checked = noise.uniform("is_verified")
    verified = applied & (checked < p["verify"])
    intercepted = applied & (noise.uniform("is_intercepted") < p["intercept"])
    approved = verified & ~intercepted & (noise.uniform("is_approved") < p["approve"])
    states.update({
        "is_verified": verified, "is_intercepted": intercepted, "is_approved": approved, "is_opened": approved,
        "has_passed_first_checks": applied & (checked < first_checks),
    })
    one = np.float32(1)
    taken = made.truth["p_invite"] * (one - p["close"]) * p["reach"] * p["apply"] * p["in_time"]
    made.truth["p_open"] = taken * p["verify"] * (one - p["intercept"]) * p["approve"]


def _meet_outage(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Take back every trial that an outage would have met: the opening in its month, any other when the entry came."""
    outage, states = parameters.journey.outage, made.columns
    if outage is None:
        return
    uniform = noise.uniform("outage")
    acted = np.where(states["is_opened"], made.would_get["opened_months_ago"], states["entry_months_ago"])
    states.update(without_trial(states, states["has_tried"] & (uniform >= reach_probability(people, acted, outage))))
    now = np.zeros_like(acted)
    states["is_entry_kept"] = states["is_entry_kept"] & (uniform < reach_probability(people, now, outage))


def _value(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Work out for everyone, as if opened, quota, grade and rate, and for how long the account has stood."""
    first, growth, pricing = parameters.first_grant, parameters.growth, parameters.pricing
    mean, sd = log_moments(people, first)
    initial = grant(mean, sd, noise.normal("initial_quota_cny"), first)
    drawn = months_open(noise.uniform("months_since_opening"), growth)
    current = current_quota(people, initial, drawn, noise.normal("current_quota_cny"), growth)
    index = grade_index(people, noise.normal("credit_grade"), pricing)
    codes = grade_codes(index, pricing)
    stood = opened_months(drawn, current != initial, longest_open(people))
    made.would_get.update({
        "initial_quota_cny": initial, "current_quota_cny": stood_quota(current, initial, stood),
        "daily_rate": daily_rate(index, codes, pricing), "credit_grade": codes,
        "months_drawn": drawn, "opened_months_ago": stood, "quota_log_mean": mean, "quota_log_sd": sd,
    })


def _grant(parameters: LenderParameters, made: Decisions) -> None:
    opened, account = made.columns["is_opened"], made.would_get
    made.columns.update({name: _if_opened(opened, account[name]) for name in GRANTED})
    made.columns["credit_grade"] = np.where(opened, account["credit_grade"], np.uint8(NO_GRADE))
    mean, sd = account.pop("quota_log_mean"), account.pop("quota_log_sd")
    made.truth["quota_mean_cny"] = expected_grant(mean, sd, parameters.first_grant)
    made.truth.update({"quota_log_mean": mean, "quota_log_sd": sd})


def _repay(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    repayment, opened = parameters.repayment, made.columns["is_opened"]
    made.truth["p_overdue"] = overdue_probability(people, repayment)
    late = noise.uniform("is_overdue") < made.truth["p_overdue"]
    used = utilisation(people, noise.normal("utilisation_share"), repayment.utilisation)
    months = np.minimum(made.would_get["months_drawn"], made.would_get["opened_months_ago"])
    repaid = on_time_count(months, late, used, repayment)
    made.would_get.update({"utilisation_share": used, "on_time_count": repaid, "is_overdue": late})
    made.columns.update({
        "utilisation_share": _if_opened(opened, used), "on_time_count": _if_opened(opened, repaid),
        "is_overdue": opened & late,
    })
    rates = parameters.take_up.triggers
    made.columns.update(opened_entry_columns(people, made.columns, parameters.entry, rates, noise))


def _live_on(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Let the next half year pass for everyone who could have opened; nobody else is ever asked about."""
    who = SomePeople.where(made.columns["is_eligible"])
    opened = who.of(made.columns["is_opened"])
    stopped = stops(people, parameters.monitoring, noise)
    account = {name: made.columns[name] for name in ("is_assessment_frozen", "has_lost_entry")}
    made.would_get.update(stopped | account)
    made.columns.update({name: flag & made.columns["is_opened"] for name, flag in stopped.items()})
    told = half_year(people, made.would_get, who, parameters, noise)
    made.chances["increase"] = np.nan_to_num(who.numbers(told.pop("increase_chance")))
    for name, values in told.items():
        if values.dtype == np.bool_:
            made.would_get[name], made.columns[name] = who.flags(values), who.flags(values & opened)
        elif name in LEVELS:
            made.would_get[name] = who.codes(values)
            made.columns[name] = who.codes(np.where(opened, values, np.uint8(NO_LEVEL)))
        else:
            made.would_get[name] = np.nan_to_num(who.numbers(values))
            made.columns[name] = who.numbers(np.where(opened, values, np.float32(np.nan)))


def _trace(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Show how it all went; nothing before reads these columns."""
    states = made.columns
    states.update(activity_flags(people, parameters.activity))
    states.update(identity_check_columns(people, states, parameters.identity_check, noise))
    device_risk = has_device_risk(people, parameters.security)
    states.update(interception_columns(people, states, device_risk, parameters.interception_kind, noise))
    states["is_entry_available"] = is_entry_available(states["is_entry_kept"], states)
    states.update(opening_columns(states, parameters.opening_times, parameters.journey.steps, noise))
    states.update(monitoring_columns(people, states["is_opened"], parameters.monitoring, noise))
    states["entry_channel"] = entry_channel(states, parameters.channel)
    states["tencent_profile_score"] = tencent_profile_score(people, parameters.profile)
    states.update(redesign_columns(people, states, parameters.redesign, parameters.repayment, noise))
    states["chosen_alternative"] = chosen_alternative(
        people, states["is_opened"], parameters.alternatives, parameters.take_up, noise
    )


def _if_opened(opened: npt.NDArray[np.bool_], values: FloatArray) -> FloatArray:
    return np.where(opened, values, np.float32(np.nan))
