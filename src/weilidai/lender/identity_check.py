"""The four-element identity check: how long it takes, what fails and why, and the waits after a failure.

D1 section 4: face 23 seconds, phone 18, identity card 35, then a signature (D1.4.seconds_face,
D1.4.seconds_phone, D1.4.seconds_identity_card, D1.4.element_signature); poor light behind 67 % of failed face
checks, the operator behind 42 % of failed phone checks, missing edges behind 55 % of failed card uploads
(D1.4.failure_face_light, D1.4.failure_phone_operator, D1.4.failure_identity_card_edges); two hours to wait
after a failure, 24 after three in a row (D1.4.retry_wait, D1.4.failures_to_cool_down,
D1.4.cool_down_failures). Whether a person passes in the end is decided by the journey; this is how it went.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import CHECKED_ELEMENTS, FAILURE_CAUSES
from weilidai.lender.journey import StageParameters, stage_probability
from weilidai.lender.some_people import SomePeople, chosen
from weilidai.noise import Noise
from weilidai.parameters import Strict

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]
_f = np.float32
SECONDS = {
    "face": "face_check_seconds", "phone": "phone_check_seconds", "identity_card": "identity_card_seconds",
    "signature": "e_signature_seconds",
}
"""Element of the check -> column of the time it took."""


class IdentityCheckParameters(Strict):
    """Mean times, failures and their causes, and the waits."""

    mean_seconds: Mapping[str, float]
    own_spread: float
    """Standard deviation of the logarithm of a time."""
    pace_share: float
    """Part of that variance which is the person's own pace, the same in every element."""
    failure: StageParameters
    """Log-odds that one attempt fails."""
    failed_element_weight: Mapping[str, float]
    named_cause_share: Mapping[str, float]
    """Share of an element's failures that the documented cause explains."""
    retry_wait_hours: float
    failures_to_cool_down: float
    cool_down_hours: float
    most_failures: float
    """Failures after which nobody tries again."""


def identity_check_columns(
    people: Mapping[str, Any], states: Mapping[str, Array], parameters: IdentityCheckParameters, noise: Noise
) -> dict[str, Array]:
    """Tell for every applicant how the identity check went; arrays of shape (people,).

    Who passed has passed the last attempt; who did not has failed at least three times and gave up.
    """
    who = SomePeople.where(states["has_applied"])
    passed = who.of(states["has_passed_first_checks"])
    failures = _failures(who, passed, people, parameters, noise)
    return {
        **_times(who, parameters, noise),
        "verification_attempt_count": who.numbers(failures + passed),
        "verification_wait_hours": who.numbers(_waits(failures, parameters)),
        "has_cooled_down": who.flags(failures >= _f(parameters.failures_to_cool_down)),
        **_failed_checks(who, failures, parameters, noise),
    }


def _times(who: SomePeople, parameters: IdentityCheckParameters, noise: Noise) -> dict[str, Array]:
    """Time of each element and of all four: lognormal around the means, slow people slow throughout."""
    spread, shared = parameters.own_spread, parameters.pace_share
    pace = _f(np.sqrt(shared)) * who.of(noise.normal("verification_pace"))
    times = {}
    for element, column in SECONDS.items():
        z = pace + _f(np.sqrt(1 - shared)) * who.of(noise.normal(column))
        seconds = _f(parameters.mean_seconds[element]) * np.exp(_f(spread) * z - _f(spread**2 / 2))
        times[column] = who.numbers(np.round(seconds, 1))
    whole: FloatArray = np.sum(list(times.values()), axis=0, dtype=np.float32)
    return {**times, "verification_seconds": whole}


def _failures(
    who: SomePeople, passed: Array, people: Mapping[str, Any], parameters: IdentityCheckParameters, noise: Noise
) -> FloatArray:
    """Failed attempts: as many as fail in a row before one passes, from three on for those who gave up."""
    chance = who.of(stage_probability(people, parameters.failure))
    uniform = who.of(noise.uniform("verification_attempt_count"))
    in_a_row = np.floor(np.log1p(-uniform) / np.log(chance))
    failures = np.where(passed, in_a_row, in_a_row + _f(parameters.failures_to_cool_down))
    most: FloatArray = np.minimum(failures, _f(parameters.most_failures))
    return most


def _waits(failures: FloatArray, parameters: IdentityCheckParameters) -> FloatArray:
    """Two hours after each failure; the long cool-down instead after every third in a row."""
    cool_downs = np.floor(failures * _f(1 / parameters.failures_to_cool_down))
    short = (failures - cool_downs) * _f(parameters.retry_wait_hours)
    hours: FloatArray = short + cool_downs * _f(parameters.cool_down_hours)
    return hours


def _failed_checks(
    who: SomePeople, failures: FloatArray, parameters: IdentityCheckParameters, noise: Noise
) -> dict[str, Array]:
    """Element and cause of the last failure, for those who had one."""
    failed = SomePeople(who.rows[failures > 0], who.size)
    weights = np.array([parameters.failed_element_weight[e] for e in CHECKED_ELEMENTS], dtype=np.float32)
    element = chosen(weights, failed.of(noise.uniform("verification_failed_element")))
    share = np.array([parameters.named_cause_share[e] for e in CHECKED_ELEMENTS], dtype=np.float32)[element]
    named = failed.of(noise.uniform("verification_failure_cause")) < share
    cause = np.where(named, element, np.uint8(FAILURE_CAUSES.index("other")))
    return {"verification_failed_element": failed.codes(element), "verification_failure_cause": failed.codes(cause)}
