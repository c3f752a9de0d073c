"""Whom the lender invites: log-odds additive in documented factors, among those who are looked at.

The dimensions are the four-part assessment of D3 section 3 (bureau 40 %, social behaviour 25 %, spending
20 %, assets 15 %) plus account, authorisation, region, kind of user and safety. Each factor's term, centred
over the eligible people, is the true attribution.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.columns import NEEDS
from weilidai.lender.shapes import Term, value_of
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class InvitationParameters(Strict):
    """Intercept, dimension scales and terms of the invitation log-odds."""

    intercept: float
    """Log-odds of an eligible person whose every factor is average."""
    scales: Mapping[str, float]
    terms: Mapping[str, Term]
    centres: Mapping[str, float] = {}
    """Mean of each factor over eligible people, subtracted; empty before matching has measured it."""


def factor_logits(people: Mapping[str, Any], parameters: InvitationParameters) -> dict[str, FloatArray]:
    """Compute each factor's centred part of the log-odds; arrays of shape (people,).

    What a missing value counts belongs to the factor that makes it missing (no bureau record, a withheld
    permission): nothing else about the person is known by it.
    """
    factor_of = {term.column: term.factor for term in parameters.terms.values()}
    logits: dict[str, FloatArray] = {}
    for term in parameters.terms.values():
        weight = term.weight * (1.0 if term.scale == "own" else parameters.scales[term.scale])
        part = _f(weight) * value_of(term, people)
        cause = factor_of.get(NEEDS.get(term.column, ""), term.factor)
        if cause != term.factor:
            unseen = np.isnan(people[term.column])
            _add(logits, cause, np.where(unseen, part, _f(0)))
            part = np.where(unseen, _f(0), part)
        _add(logits, term.factor, part)
    return {factor: part - _f(parameters.centres.get(factor, 0.0)) for factor, part in logits.items()}


def _add(logits: dict[str, FloatArray], factor: str, part: FloatArray) -> None:
    logits[factor] = logits[factor] + part if factor in logits else part


def invitation_probability(
    logits: Mapping[str, FloatArray], is_eligible: npt.NDArray[np.bool_], parameters: InvitationParameters
) -> FloatArray:
    """Turn the factors' log-odds into the probability of being invited; 0 for the ineligible."""
    log_odds: FloatArray = np.full(len(is_eligible), parameters.intercept, dtype=np.float32)
    for part in logits.values():
        log_odds += part
    return np.where(is_eligible, expit(log_odds), _f(0))
