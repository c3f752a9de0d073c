"""The documented assessments as one sees them on a person: two tracks passed or not, and two scores.

D1 section 2: the bureau track asks for at most three overdue records, fewer than five open loans and fewer
than five inquiries a quarter, the Tencent track for a score from 650 (D1.2.two_tracks, D1.2.overdue_max,
D1.2.open_loans_below, D1.2.inquiries_below, D1.2.mark_tencent_score). D3 section 3 weighs four parts at the
invitation (D3.3.weight_bureau, D3.3.weight_social, D3.3.weight_spending, D3.3.weight_assets), D2 section 4
four at the application (D2.4.weight_social, D2.4.weight_payments, D2.4.weight_credit, D2.4.weight_device).

The invitation is decided by log-odds whose factors the parts of the four-part assessment group: the score shows
the same log-odds part by part, each bent to 0 to 1 and weighed as documented. It leaves out what is no part of
the assessment (activity, region, kind of user, safety), so score and chance rank people alike but not the same.
The approval, in turn, reads the application risk score, and refuses who passes too few tracks.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.logistic import logistic
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
_f = np.float32


class TrackParameters(Strict):
    """Marks of the two tracks."""

    overdue_most: float
    open_loans_below: float
    inquiries_below: float
    tencent_score_least: float
    least_passed: int
    """Tracks an applicant has to pass to be approved."""


class Part(Strict):
    """One part of a weighted assessment: its documented weight and the factors that feed it."""

    weight: float
    factors: tuple[str, ...]


class AssessmentParameters(Strict):
    """Tracks, and the parts of the two weighted assessments."""

    tracks: TrackParameters
    four_part: Mapping[str, Part]
    application_risk: Mapping[str, Part]


def track_flags(people: Mapping[str, Any], tracks: TrackParameters) -> dict[str, BoolArray]:
    """Tell who passes each track; without a bureau record there is no bureau track to pass; shapes (people,)."""
    bureau: BoolArray = (
        (people["overdue_count_24m"] <= _f(tracks.overdue_most))
        & (people["open_loan_count"] < _f(tracks.open_loans_below))
        & (people["bureau_inquiry_count_3m"] < _f(tracks.inquiries_below))
    )
    tencent: BoolArray = people["tencent_credit_score"] >= _f(tracks.tencent_score_least)
    return {"passes_bureau_track": bureau, "passes_tencent_track": tencent}


def passes_enough(flags: Mapping[str, BoolArray], tracks: TrackParameters) -> BoolArray:
    """Tell who passes as many tracks as an approval asks for; shape (people,)."""
    passed = flags["passes_bureau_track"].astype(np.int8) + flags["passes_tencent_track"]
    enough: BoolArray = passed >= tracks.least_passed
    return enough


def weighted_score(truth: Mapping[str, FloatArray], parts: Mapping[str, Part]) -> FloatArray:
    """Weigh the parts of an assessment into a score from 0 to 1; one half is an average person; shape (people,).

    Each part is the logistic of its factors' log-odds (``logit_<factor>`` in ``truth``); the weights need not
    add to 1.
    """
    total = _f(sum(part.weight for part in parts.values()))
    scores = [
        _f(part.weight) / total * logistic(sum(truth[f"logit_{factor}"] for factor in part.factors))
        for part in parts.values()
    ]
    score: FloatArray = np.sum(scores, axis=0, dtype=np.float32)
    return np.round(score, 4)


def assessment_columns(
    people: Mapping[str, Any], truth: Mapping[str, FloatArray], parameters: AssessmentParameters
) -> dict[str, npt.NDArray[Any]]:
    """Give the two track flags and the two scores; arrays of shape (people,)."""
    return {
        **track_flags(people, parameters.tracks),
        "assessment_score": weighted_score(truth, parameters.four_part),
        "application_risk_score": weighted_score(truth, parameters.application_risk),
    }
