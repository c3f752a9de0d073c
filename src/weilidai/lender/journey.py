"""From application to opening: identity verification, interception by risk control, approval.

D1 section 7: 23 % are intercepted, with documented triggers; D2 section 2: 85 % or more of the rest are
approved; D1 section 2: 92 % of those with a good bureau record and a Tencent score from 650 get through. The
approval weighs the application risk score of D2 section 4 (D2.0.data_driven_model) and asks for one of the two
tracks (D1.2.two_tracks); while the assessment is frozen no application gets past the risk control
(D0.6.device_freeze).
D2 section 2 walks it in five steps (D2.2.step_count), the redesign of D4 section 6 in six (D4.6.journey_after); the
added check loses people (D4.6.journey_conversion_change). An outage (D4.5.outage_days) takes what would have happened
while it lasted; whoever opened before stays open.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator
from scipy.special import expit

from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
USUAL_STEPS: Final = 5
"""Steps this module and the trace of the steps are written for."""


class StageParameters(Strict):
    """Log-odds of passing one stage: an intercept and weighted terms."""

    intercept: float
    terms: Mapping[str, Term]


class ApprovalParameters(StageParameters):
    """Log-odds of an approval, which also follow the application risk score."""

    risk_weight: float
    """Log-odds between the lowest and the highest application risk score."""
    average_risk_score: float
    """Score of a person of whom nothing is known."""


class Outage(Strict):
    """Days of one month on which the service is down and nobody can apply (D4 section 5)."""

    month: int
    """Calendar month, 1 to 12."""
    days: int
    days_in_month: int


class AddedCheck(Strict):
    """A further check after the usual identity check."""

    conversion_change: float
    """Relative change of the share who get past the checks, as in -0.15."""


class JourneyParameters(Strict):
    """The three stages between application and opening, and the time in which none of them can be had."""

    steps: int
    """Steps from the entry to the money."""

    verification: StageParameters
    interception: StageParameters
    approval: ApprovalParameters
    outage: Outage | None = None
    """None where no outage falls into the year."""
    added_check: AddedCheck | None = None
    """None where the usual identity check is all."""

    @model_validator(mode="after")
    def _adds_a_step_for_a_check(self) -> Self:
        """Refuse steps and checks that tell of different flows."""
        if self.steps != USUAL_STEPS + (self.added_check is not None):
            raise ValueError(f"a flow has {USUAL_STEPS} steps, and one more with an added check")
        return self


def added_check_probability(journey: JourneyParameters) -> np.float32:
    """Chance of getting past the added check for those past the usual ones; 1 without one."""
    check = journey.added_check
    return np.float32(1) if check is None else np.float32(1 + check.conversion_change)


def stage_probability(people: Mapping[str, Any], stage: StageParameters) -> FloatArray:
    """Chance of the stage's event for each person; shape (people,)."""
    chance: FloatArray = expit(np.float32(stage.intercept) + total(tuple(stage.terms.values()), people))
    return chance


def interception_probability(
    people: Mapping[str, Any], is_frozen: BoolArray, interception: StageParameters
) -> FloatArray:
    """Chance to be stopped by risk control, certain while the assessment is frozen; shape (people,)."""
    return np.where(is_frozen, np.float32(1), stage_probability(people, interception))


def approval_probability(
    people: Mapping[str, Any], risk_score: FloatArray, passes_enough: BoolArray, approval: ApprovalParameters
) -> FloatArray:
    """Chance to be approved by the application risk score and the rest, none without a track; shape (people,)."""
    log_odds = np.float32(approval.intercept) + total(tuple(approval.terms.values()), people)
    log_odds += np.float32(approval.risk_weight) * (risk_score - np.float32(approval.average_risk_score))
    return np.where(passes_enough, expit(log_odds), np.float32(0))


def reach_probability(people: Mapping[str, Any], months_ago: FloatArray, outage: Outage | None) -> FloatArray:
    """Chance that the service ran on the day a person acted; shape (people,).

    Parameters
    ----------
    people
        The people's columns.
    months_ago
        Months from that day to the snapshot; shape (people,).
    outage
        None where the service always runs. It falls into the year of the snapshots.
    """
    running: FloatArray = np.ones(len(people["age_years"]), dtype=np.float32)
    if outage is not None:
        acted_in = people["snapshot_month"].astype(np.float32) - months_ago
        running[acted_in == outage.month - 1] = np.float32(1 - outage.days / outage.days_in_month)
    return running
