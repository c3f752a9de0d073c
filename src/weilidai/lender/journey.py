"""From application to opening: identity verification, interception by risk control, approval.

D1 section 7: 23 % are intercepted, with documented triggers; D2 section 2: 85 % or more of the rest are
approved; D1 section 2: 92 % of those with a good bureau record and a Tencent score from 650 get through.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]


class StageParameters(Strict):
    """Log-odds of passing one stage: an intercept and weighted terms."""

    intercept: float
    terms: Mapping[str, Term]


class Outage(Strict):
    """Days of one month on which the service is down and nobody can apply (D4 section 5)."""

    month: int
    """Calendar month, 1 to 12."""
    days: int
    days_in_month: int


class JourneyParameters(Strict):
    """The three stages between application and opening, and the time in which none of them can be had."""

    verification: StageParameters
    interception: StageParameters
    approval: StageParameters
    outage: Outage | None = None
    """None where no outage falls into the year."""


def stage_probability(people: Mapping[str, Any], stage: StageParameters) -> FloatArray:
    """Chance of the stage's event for each person; shape (people,)."""
    chance: FloatArray = expit(np.float32(stage.intercept) + total(tuple(stage.terms.values()), people))
    return chance


def reach_probability(people: Mapping[str, Any], outage: Outage | None) -> FloatArray:
    """Chance that the service runs on the day a person would apply; shape (people,)."""
    running: FloatArray = np.ones(len(people["age_years"]), dtype=np.float32)
    if outage is not None:
        running[people["snapshot_month"] == outage.month - 1] = np.float32(1 - outage.days / outage.days_in_month)
    return running
