"""Whom the lender invites: log-odds additive in documented factors, among those who are looked at.

The dimensions are the four-part assessment of D3 section 3 (bureau 40 %, social behaviour 25 %, spending
20 %, assets 15 %) plus account, authorisation, region, kind of user and safety. Each factor's term, centred
over the eligible people, is the true attribution.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.columns import NEEDS
from weilidai.lender.shapes import Term, by_itself, strengthening, value_of
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
_f = np.float32


class Meeting(Strict):
    """Where two columns meet in one term: means over the eligible people, in units of the term's shape."""

    own: float
    """The term by itself."""
    strengthening: float
    """What the other column adds to it, as a part of it."""


class InvitationParameters(Strict):
    """Intercept, dimension scales and terms of the invitation log-odds."""

    intercept: float
    """Log-odds of an eligible person whose every factor is average."""
    scales: Mapping[str, float]
    terms: Mapping[str, Term]
    centres: Mapping[str, float] = {}
    """Mean of each factor over eligible people, subtracted; empty before matching has measured it."""
    neutral: Mapping[str, float] = {}
    """Term -> mean of its shape over the eligible people whose column is seen; nothing before it is measured."""
    meetings: Mapping[str, Meeting] = {}
    """Term that another column softens or strengthens -> its means; nothing before they are measured."""


def factor_logits(
    people: Mapping[str, Any], parameters: InvitationParameters, only: Collection[str] | None = None
) -> dict[str, FloatArray]:
    """Compute each factor's centred part of the log-odds; arrays of shape (people,).

    What a missing value counts belongs to the factor that makes it missing (no bureau record, a withheld
    permission): nothing else about the person is known by it. It counts from the average of those who are
    seen, so that the column's own factor neither helps nor hurts a person of whom it says nothing. What two
    columns do only together is shared evenly between their factors, as Shapley (1953) does.

    With ``only``, just these terms are looked at.
    """
    factor_of = {term.column: term.factor for term in parameters.terms.values()}
    logits: dict[str, FloatArray] = {}
    for name, term in parameters.terms.items():
        if only is not None and name not in only:
            continue
        weight = weight_of(term, parameters.scales)
        part: FloatArray = _f(weight) * value_of(term, people)
        if name in parameters.meetings:
            column, given = _met(term, parameters.meetings[name], people)
            _add(logits, factor_of.get(column, term.factor), _f(weight) * given)
            part = part - _f(weight) * given
        cause = factor_of.get(NEEDS.get(term.column, ""), term.factor)
        if cause != term.factor:
            unseen = np.flatnonzero(np.isnan(people[term.column]))
            average = _f(weight * parameters.neutral.get(name, 0.0))
            caused = np.zeros_like(part)
            caused[unseen] = part[unseen] - average
            _add(logits, cause, caused)
            part[unseen] = average
        _add(logits, term.factor, part)
    return {factor: part - _f(parameters.centres.get(factor, 0.0)) for factor, part in logits.items()}


def factors_reached(parameters: InvitationParameters) -> dict[str, set[str]]:
    """Give term -> factors it has a part in: its own, what may hide its column, what softens it."""
    factor_of = {term.column: term.factor for term in parameters.terms.values()}
    reached = {}
    for name, term in parameters.terms.items():
        others = [NEEDS.get(term.column, ""), term.relief.column if term.relief else ""]
        others += ["city_tier"] if term.stronger_in_tier else []
        reached[name] = {term.factor, *(factor_of[column] for column in others if column in factor_of)}
    return reached


def _met(term: Term, meeting: Meeting, people: Mapping[str, Any]) -> tuple[str, FloatArray]:
    """Give the other column of a term and its share of what the two do together, before any weight."""
    other = strengthening(term, people)
    if other is None:
        return term.column, np.zeros(len(people[term.column]), dtype=np.float32)
    column, strength = other
    alone = value_of(by_itself(term), people)
    return column, _f(0.5) * (strength - _f(meeting.strengthening)) * (alone + _f(meeting.own))


def meeting_sums(
    people: Mapping[str, Any], terms: Mapping[str, Term], looked_at: npt.NDArray[np.bool_]
) -> dict[str, tuple[float, float]]:
    """Sum over the people looked at, term by term where columns meet, the term by itself and its strengthening."""
    sums = {}
    for name, term in terms.items():
        if other := strengthening(term, people):
            values = (value_of(by_itself(term), people), other[1])
            own, strength = (float(value[looked_at].sum(dtype=np.float64)) for value in values)
            sums[name] = (own, strength)
    return sums


def weight_of(term: Term, scales: Mapping[str, float]) -> float:
    """Give what multiplies a term's shape: its own weight, times its dimension's scale."""
    return term.weight * (1.0 if term.scale == "own" else scales[term.scale])


def neutral_sums(
    people: Mapping[str, Any], terms: Mapping[str, Term], looked_at: npt.NDArray[np.bool_]
) -> dict[str, tuple[float, int]]:
    """Sum the shape of every term whose column may be missing, over the people looked at who have it.

    Returns
    -------
    dict
        Term -> sum of the shape, number of people.
    """
    sums = {}
    for name, term in terms.items():
        if term.column in NEEDS:
            seen = looked_at & ~np.isnan(people[term.column])
            sums[name] = (float(value_of(term, people)[seen].sum(dtype=np.float64)), int(seen.sum()))
    return sums


def _add(logits: dict[str, FloatArray], factor: str, part: FloatArray) -> None:
    """Add a part, which becomes ours, to its factor."""
    if factor in logits:
        logits[factor] += part
    else:
        logits[factor] = part


def invitation_probability(
    logits: Mapping[str, FloatArray], is_eligible: npt.NDArray[np.bool_], parameters: InvitationParameters
) -> FloatArray:
    """Turn the factors' log-odds into the probability of being invited; 0 for the ineligible."""
    log_odds: FloatArray = np.full(len(is_eligible), parameters.intercept, dtype=np.float32)
    for part in logits.values():
        log_odds += part
    return np.where(is_eligible, expit(log_odds), _f(0))
