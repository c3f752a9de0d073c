"""Everything the lender decides about a block of people, and the probabilities it decided with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import LEVELS
from weilidai.lender.activity import ActivityParameters, activity_flags
from weilidai.lender.assessment import AssessmentParameters, assessment_columns
from weilidai.lender.eligibility import EligibilityParameters, policy
from weilidai.lender.entry import EntryParameters, entry_columns
from weilidai.lender.first_grant import FirstGrantParameters, expected_grant, grant, log_moments
from weilidai.lender.growth import current_quota, months_open
from weilidai.lender.half_year import LimitParameters, half_year
from weilidai.lender.identity_check import IdentityCheckParameters, identity_check_columns
from weilidai.lender.interception import InterceptionTraceParameters, interception_columns
from weilidai.lender.invitation import InvitationParameters, factor_logits, invitation_probability
from weilidai.lender.journey import JourneyParameters, reach_probability, stage_probability
from weilidai.lender.monitoring import MonitoringParameters, monitoring_columns
from weilidai.lender.opening_times import OpeningTimesParameters, opening_columns
from weilidai.lender.pricing import PricingParameters, daily_rate, grade_codes, grade_index
from weilidai.lender.repayment import (
    RepaymentParameters,
    on_time_count,
    overdue_probability,
    utilisation,
)
from weilidai.lender.security import SecurityParameters, security_action
from weilidai.lender.some_people import NO_LEVEL, SomePeople
from weilidai.lender.take_up import TakeUpParameters, entry_triggers, take_up_probabilities
from weilidai.noise import Noise

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
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
    _open(people, parameters, noise, made)
    _grant(people, parameters, noise, made)
    _repay(people, parameters, noise, made)
    _live_on(people, parameters, noise, made)
    _trace(people, parameters, noise, made)
    return made


def _invite(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    eligible = policy(parameters.eligibility).passes(people)
    logits = factor_logits(people, parameters.invitation)
    chance = invitation_probability(logits, eligible, parameters.invitation)
    made.truth["p_invite"] = chance
    made.truth.update({f"logit_{factor}": part for factor, part in logits.items()})
    made.columns["is_eligible"] = eligible
    made.columns["is_invited"] = noise.uniform("is_invited") < chance


def _open(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    journey, invited, p = parameters.journey, made.columns["is_invited"], made.chances
    p["close"], p["apply"] = take_up_probabilities(people, parameters.take_up)
    p["reach"] = reach_probability(people, journey.outage)
    p["verify"] = stage_probability(people, journey.verification)
    p["intercept"] = stage_probability(people, journey.interception)
    p["approve"] = stage_probability(people, journey.approval)
    closed = invited & (noise.uniform("has_closed_entry") < p["close"])
    kept = invited & ~closed & (noise.uniform("outage") < p["reach"])
    applied = kept & (noise.uniform("has_applied") < p["apply"])
    verified = applied & (noise.uniform("is_verified") < p["verify"])
    intercepted = applied & (noise.uniform("is_intercepted") < p["intercept"])
    approved = verified & ~intercepted & (noise.uniform("is_approved") < p["approve"])
    triggers = entry_triggers(people, invited, parameters.take_up.triggers, noise)
    made.columns.update({
        "entry_trigger_count_1m": triggers, "has_applied": applied, "is_verified": verified,
        "is_intercepted": intercepted, "is_approved": approved, "is_opened": approved,
        "has_closed_entry": closed,
    })
    one = np.float32(1)
    through = p["verify"] * (one - p["intercept"]) * p["approve"]
    made.truth["p_open"] = made.truth["p_invite"] * (one - p["close"]) * p["reach"] * p["apply"] * through


def _grant(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    first, growth, pricing = parameters.first_grant, parameters.growth, parameters.pricing
    mean, sd = log_moments(people, first)
    initial = grant(mean, sd, noise.normal("initial_quota_cny"), first)
    months = months_open(noise.uniform("months_since_opening"), growth)
    index = grade_index(people, noise.normal("credit_grade"), pricing)
    codes = grade_codes(index, pricing)
    made.would_get.update({
        "initial_quota_cny": initial,
        "current_quota_cny": current_quota(people, initial, months, noise.normal("current_quota_cny"), growth),
        "daily_rate": daily_rate(index, codes, pricing),
        "months_since_opening": months,
    })
    opened = made.columns["is_opened"]
    made.columns.update({name: _if_opened(opened, values) for name, values in made.would_get.items()})
    made.would_get["credit_grade"] = codes
    made.columns["credit_grade"] = np.where(opened, codes, np.uint8(NO_GRADE))
    made.truth["quota_mean_cny"] = expected_grant(mean, sd, first)


def _repay(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    repayment, opened = parameters.repayment, made.columns["is_opened"]
    made.truth["p_overdue"] = overdue_probability(people, repayment)
    late = noise.uniform("is_overdue") < made.truth["p_overdue"]
    used = utilisation(people, noise.normal("utilisation_share"), repayment.utilisation)
    repaid = on_time_count(made.would_get["months_since_opening"], late, used)
    made.would_get.update({"utilisation_share": used, "on_time_count": repaid, "is_overdue": late})
    made.columns.update({
        "utilisation_share": _if_opened(opened, used), "on_time_count": _if_opened(opened, repaid),
        "is_overdue": opened & late,
    })


def _live_on(people: Mapping[str, Any], parameters: LenderParameters, noise: Noise, made: Decisions) -> None:
    """Let the next half year pass for everyone who could have opened; nobody else is ever asked about."""
    who = SomePeople.where(made.columns["is_eligible"])
    opened = who.of(made.columns["is_opened"])
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
    """Show how it all went; no decision reads these columns."""
    states = made.columns
    states.update(activity_flags(people, parameters.activity))
    states.update(assessment_columns(people, made.truth, parameters.assessment))
    states["security_action"] = security_action(people, parameters.security)
    states.update(entry_columns(people, states, parameters.entry, parameters.take_up.triggers, noise))
    states.update(identity_check_columns(people, states, parameters.identity_check, noise))
    states.update(interception_columns(people, states, parameters.interception_kind, noise))
    states.update(opening_columns(states, parameters.opening_times, noise))
    states.update(monitoring_columns(people, states["is_opened"], parameters.monitoring, noise))


def _if_opened(opened: npt.NDArray[np.bool_], values: FloatArray) -> FloatArray:
    return np.where(opened, values, np.float32(np.nan))
