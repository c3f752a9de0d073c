"""Tencent's three-part profile of a person: pay score, wealth value, connections.

D0 section 1 names the three parts (D0.1.model_parts, D0.1.model_pay_score, D0.1.model_wealth_value,
D0.1.model_connections) and gives them no weights, so they count alike. No decision reads this score: the one
documented bar of the Tencent track stands on the Tencent credit score (D1.2.mark_tencent_score), which has
coefficients of its own (D1.2.coefficient_spending and its neighbours). Who switches the pay score off has
nothing in that part (D0.3.pay_score_off_effect).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender.shapes import Term, total
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class ProfilePart(Strict):
    """One part of the profile: its weight, and terms that are each 0 at worst and 1 at best."""

    weight: float
    terms: Mapping[str, Term]


class ProfileParameters(Strict):
    """The parts of the profile."""

    parts: Mapping[str, ProfilePart]


def part_score(people: Mapping[str, Any], part: ProfilePart) -> FloatArray:
    """Weigh the terms of one part into 0 to 1; shape (people,)."""
    terms = tuple(part.terms.values())
    score: FloatArray = total(terms, people) / _f(sum(term.weight for term in terms))
    return np.clip(score, _f(0), _f(1))


def tencent_profile_score(people: Mapping[str, Any], parameters: ProfileParameters) -> FloatArray:
    """Weigh the parts into one score from 0 to 1; shape (people,)."""
    parts = parameters.parts.values()
    whole = sum(part.weight for part in parts)
    scores = [_f(part.weight / whole) * part_score(people, part) for part in parts]
    return np.round(np.sum(scores, axis=0, dtype=np.float32), 4)
