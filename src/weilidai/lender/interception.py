"""What stopped an applicant, for how long, and whether an appeal helped.

D1 section 7: three devices in seven days stop a person for 15 days, a jump of 500 kilometres for seven, five
failed verifications for 24 hours (D1.7.device_count, D1.7.device_cool_down, D1.7.location_jump,
D1.7.location_cool_down, D1.7.operation_failures, D1.7.operation_cool_down); identities shared between
accounts and many attempts in a short time are further kinds (D1.7.kind_identity, D1.7.kind_behaviour); an
appeal brings further papers, such as proof of social insurance (D1.7.appeal, D1.7.appeal_social_insurance).
Who is intercepted is decided by the journey; this says why. Changing addresses as often as the anti-fraud ladder
names (D0.6.ip_switching) is a device risk, too. An appeal that is upheld ends the cool-down.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import INTERCEPTION_KINDS
from weilidai.lender.journey import StageParameters, stage_probability
from weilidai.lender.some_people import SomePeople
from weilidai.noise import Noise
from weilidai.parameters import Strict
from weilidai.units import HOURS_PER_DAY

Array = npt.NDArray[Any]
_f = np.float32


class CoolDowns(Strict):
    """How long each kind keeps a person out."""

    device_days: float
    location_days: float
    operation_hours: float
    identity_days: float
    behaviour_hours: float


class InterceptionTraceParameters(Strict):
    """Triggers in the order in which they name the interception, cool-downs, appeals."""

    device_count: float
    jump_km: float
    failure_count: float
    identity_change_count: float
    shared_identity_share: float
    """Share of the other interceptions behind which an identity shared between accounts stands."""
    cool_down: CoolDowns
    appeal: StageParameters
    """Log-odds that an intercepted person appeals."""
    upheld_share: Mapping[str, float]
    """Share of appeals that are upheld, with and without proof of social insurance."""


def interception_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], device_risk: npt.NDArray[np.bool_],
    parameters: InterceptionTraceParameters, noise: Noise,
) -> dict[str, Array]:
    """Tell for everyone intercepted the kind, the cool-down, the appeal and when to try again; shapes (people,)."""
    who = SomePeople.where(states["is_intercepted"])
    kind = _kind(who, people, device_risk, parameters, noise)
    hours = np.array(_hours(parameters.cool_down), dtype=np.float32)[kind]
    appealed = who.of(noise.uniform("has_appealed")) < who.of(stage_probability(people, parameters.appeal))
    has_proof = who.of(people["housing_fund_months"]) > 0  # paid with social insurance, by the same employer
    share = np.where(has_proof, *(_f(parameters.upheld_share[key]) for key in ("with_proof", "without_proof")))
    upheld = appealed & (who.of(noise.uniform("is_appeal_upheld")) < share)
    return {
        "interception_kind": who.codes(kind), "cool_down_hours": who.numbers(hours),
        "has_appealed": who.flags(appealed), "is_appeal_upheld": who.flags(upheld),
        "retry_after_hours": who.numbers(np.where(upheld, _f(0), hours)),
    }


def _kind(
    who: SomePeople, people: Mapping[str, Any], device_risk: npt.NDArray[np.bool_],
    parameters: InterceptionTraceParameters, noise: Noise,
) -> npt.NDArray[np.uint8]:
    """Name the interception after the first documented trigger that was reached."""
    shared = who.of(noise.uniform("interception_kind")) < _f(parameters.shared_identity_share)
    changed = who.of(people["identity_change_count_12m"]) >= _f(parameters.identity_change_count)
    reached = {
        "device": who.of(device_risk | (people["device_count_7d"] >= _f(parameters.device_count))),
        "location": who.of(people["location_jump_km_7d"]) >= _f(parameters.jump_km),
        "operation": who.of(people["verification_failure_count"]) >= _f(parameters.failure_count),
        "identity": changed | shared,
    }
    codes = [np.uint8(INTERCEPTION_KINDS.index(kind)) for kind in reached]
    rest = np.uint8(INTERCEPTION_KINDS.index("behaviour"))
    return np.select(list(reached.values()), codes, rest).astype(np.uint8)


def _hours(cool_down: CoolDowns) -> list[float]:
    by_kind = {
        "device": cool_down.device_days * HOURS_PER_DAY, "location": cool_down.location_days * HOURS_PER_DAY,
        "operation": cool_down.operation_hours, "identity": cool_down.identity_days * HOURS_PER_DAY,
        "behaviour": cool_down.behaviour_hours,
    }
    return [by_kind[kind] for kind in INTERCEPTION_KINDS]
