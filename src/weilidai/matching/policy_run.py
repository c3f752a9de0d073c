"""Finding the numbers of a named policy: one scale per part, and how many are invited.

A part's oracle share is the mean absolute value of its log-odds, centred over the people looked at, as a
part of all: nearly in proportion to the part's scale (exactly, where no term of one part is softened by a
column of another). So a few rounds of proportion find the scales, up to one factor, and that factor gives the
log-odds the spread of the composite lender's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit

from weilidai.columns import NEEDS
from weilidai.errors import ConfigError, suggest
from weilidai.facts import Book
from weilidai.lender import LenderParameters
from weilidai.lender import policy as eligibility
from weilidai.lender.invitation import InvitationParameters, factor_logits, weight_of
from weilidai.lender.shapes import Term
from weilidai.matching.policies import Policy, laid_over
from weilidai.matching.settings import MatchSettings
from weilidai.matching.simulated import Columns, populate
from weilidai.noise import BLOCK
from weilidai.parameters import Number, Parameters
from weilidai.population import PopulationParameters

FloatArray = npt.NDArray[np.float64]
INVITED: Final = "invited_share"
"""Moment whose target says how many are invited."""
TERMS: Final = "lender.invitation.terms"
ROUNDS: Final = 20
FARTHEST: Final = 30.0
"""Log-odds beyond which nobody is undecided."""
DIGITS: Final = 6


@dataclass(frozen=True)
class PolicyRow:
    """A part as documented, and as unseen people show it."""

    part: str
    wanted: float
    got: float


@dataclass(frozen=True)
class PolicyMatched:
    """The numbers of a policy with their certificate, and how it does on unseen people."""

    parameters: Parameters
    """The numbers that differ from the reference's, and no others."""
    rows: tuple[PolicyRow, ...]


def match_policy(policy: Policy, reference: Parameters, book: Book, settings: MatchSettings) -> PolicyMatched:
    """Find a policy's numbers on the reference's people, then measure unseen ones; nothing is written.

    Parameters
    ----------
    policy
        Parts, factors and where their weights are documented.
    reference
        Matched parameters of the composite lender in the reference regime.
    book, settings
        Facts; people and seeds.

    Raises
    ------
    ConfigError
        A factor has no term in the composite lender, or the facts of the weights do not exist.
    """
    lender = reference.part("lender", LenderParameters)
    blocks = populate(reference.part("population", PopulationParameters), settings.seed, settings.blocks)
    looked_at = _looked_at(lender, blocks)
    weights, plain = policy.weights(book), _alone(policy, lender.invitation)
    wide = float(_log_odds(lender.invitation, looked_at).std())
    scales = _scales(policy, plain, weights, wide, looked_at)
    invitation = _scaled(policy, plain, scales)
    centres = {name: float(part.mean(dtype=np.float64)) for name, part in _logits(invitation, looked_at).items()}
    invitation = invitation.model_copy(update={"centres": centres})
    people = BLOCK * settings.blocks
    invitation = invitation.model_copy(update={"intercept": _intercept(invitation, looked_at, people, book)})
    numbers = _numbers(invitation, lender.invitation, policy.source)
    rows = measure_policy(policy, laid_over(reference, numbers), book, settings)
    found = Parameters(reference.regime, numbers, {
        "reference": reference.digest, "policy": policy.digest, "weights": weights, "facts": book.digest,
        "settings": settings.model_dump(), "log_odds_sd": round(float(wide), DIGITS),
        "scales": {name: round(scale, DIGITS) for name, scale in scales.items()},
        "targets": [{"part": row.part, "wanted": row.wanted, "got": round(row.got, DIGITS)} for row in rows],
    })
    return PolicyMatched(found, rows)


def measure_policy(
    policy: Policy, parameters: Parameters, book: Book, settings: MatchSettings
) -> tuple[PolicyRow, ...]:
    """Measure each part's oracle share and the share of invited people on unseen people."""
    lender = parameters.part("lender", LenderParameters)
    population = parameters.part("population", PopulationParameters)
    count = -(-settings.check_people // BLOCK)
    looked_at = _looked_at(lender, populate(population, settings.check_seed, count))
    sizes = {
        name: float(np.abs(_centred_sum(lender.invitation, factors, looked_at)).mean())
        for name, factors in policy.factors().items()
    }
    weights, whole = policy.weights(book), sum(sizes.values())
    shares = tuple(PolicyRow(name, weights[name], size / whole) for name, size in sizes.items())
    invited = float(expit(_log_odds(lender.invitation, looked_at)).sum() / (BLOCK * count))
    return (*shares, PolicyRow(INVITED, _invited_share(book), invited))


def _scales(
    policy: Policy, plain: InvitationParameters, weights: Mapping[str, float], wide: float,
    looked_at: Sequence[Columns],
) -> dict[str, float]:
    """Find each part's scale: shares as documented, log-odds as wide as wanted."""
    scales = dict.fromkeys(weights, 1.0)
    for _ in range(ROUNDS):
        invitation = _scaled(policy, plain, scales)
        parts = {name: _centred_sum(invitation, factors, looked_at) for name, factors in policy.factors().items()}
        strength = wide / float(np.sum(list(parts.values()), axis=0).std())
        sizes = {name: float(np.abs(part).mean()) for name, part in parts.items()}
        whole = sum(sizes.values())
        scales = {name: scale * strength * weights[name] * whole / sizes[name] for name, scale in scales.items()}
    return scales


def _looked_at(lender: LenderParameters, blocks: Sequence[Columns]) -> list[dict[str, Any]]:
    passes = eligibility(lender.eligibility).passes
    chosen = [(columns, np.flatnonzero(passes(columns))) for columns in blocks]
    return [{name: values[who] for name, values in columns.items()} for columns, who in chosen]


def _alone(policy: Policy, composite: InvitationParameters) -> InvitationParameters:
    """Keep the terms that feed the policy, at the composite's relative weights; the others weigh nothing."""
    fed = {factor for factors in policy.factors().values() for factor in factors}
    known = {term.factor for term in composite.terms.values()}
    for factor in sorted(fed - known):
        raise ConfigError(f"no term of the composite lender feeds '{factor}'", where=policy.source,
                          cure=suggest(factor, known))
    terms = {name: _plain(name, term, composite, fed) for name, term in composite.terms.items()}
    meetings = {
        name: meeting if _strengthened(terms[name]) else meeting.model_copy(update={"strengthening": 0.0})
        for name, meeting in composite.meetings.items()
    }
    return composite.model_copy(update={"terms": terms, "centres": {}, "meetings": meetings})


def _strengthened(term: Term) -> bool:
    """Tell whether another column still does something to a term."""
    return bool(term.relief.share) if term.relief is not None else any(term.stronger_in_tier.values())


def _plain(name: str, term: Term, composite: InvitationParameters, fed: set[str]) -> Term:
    """Weigh a term by itself; where what makes its column missing is not weighed, a missing value is average."""
    factor_of = {one.column: one.factor for one in composite.terms.values()}
    weight = weight_of(term, composite.scales) if term.factor in fed else 0.0
    cause = factor_of.get(NEEDS.get(term.column, ""), term.factor)
    missing = term.missing if cause in fed else composite.neutral.get(name, term.missing)
    plain = term.model_copy(update={"weight": weight, "scale": "own", "missing": missing})
    if term.relief is not None and factor_of.get(term.relief.column) not in fed:
        return plain.model_copy(update={"relief": term.relief.model_copy(update={"share": 0.0})})
    if term.stronger_in_tier and factor_of.get("city_tier") not in fed:
        return plain.model_copy(update={"stronger_in_tier": dict.fromkeys(term.stronger_in_tier, 0.0)})
    return plain


def _scaled(policy: Policy, plain: InvitationParameters, scales: Mapping[str, float]) -> InvitationParameters:
    part_of = {factor: name for name, factors in policy.factors().items() for factor in factors}
    terms = {
        name: term.model_copy(update={"weight": term.weight * scales.get(part_of.get(term.factor, ""), 0.0)})
        for name, term in plain.terms.items()
    }
    return plain.model_copy(update={"terms": terms})


def _logits(invitation: InvitationParameters, looked_at: Sequence[Columns]) -> dict[str, FloatArray]:
    blocks = [factor_logits(columns, invitation) for columns in looked_at]
    return {name: np.concatenate([block[name] for block in blocks]).astype(np.float64) for name in blocks[0]}


def _centred_sum(
    invitation: InvitationParameters, factors: Sequence[str], looked_at: Sequence[Columns]
) -> FloatArray:
    logits = _logits(invitation, looked_at)
    total: FloatArray = np.sum([logits[factor] for factor in factors], axis=0)
    around: FloatArray = total - total.mean()
    return around


def _log_odds(invitation: InvitationParameters, looked_at: Sequence[Columns]) -> FloatArray:
    total: FloatArray = invitation.intercept + np.sum(list(_logits(invitation, looked_at).values()), axis=0)
    return total


def _intercept(
    invitation: InvitationParameters, looked_at: Sequence[Columns], people: int, book: Book
) -> float:
    """Solve for the log-odds at which the documented share of all people is invited."""
    own = _log_odds(invitation, looked_at) - invitation.intercept
    wanted = _invited_share(book)
    return float(brentq(lambda level: float(expit(own + level).sum()) / people - wanted, -FARTHEST, FARTHEST))


def _invited_share(book: Book) -> float:
    return next(target.wanted for target in book.targets() if target.moment == INVITED)


def _numbers(
    invitation: InvitationParameters, composite: InvitationParameters, source: str
) -> dict[str, Number]:
    """Give every number that differs from the composite's, as a parameter of matching."""
    found: dict[str, Any] = {"lender.invitation.intercept": invitation.intercept}
    for name, term in invitation.terms.items():
        before = composite.terms[name]
        for leaf in ("weight", "missing"):
            if getattr(term, leaf) != getattr(before, leaf):
                found[f"{TERMS}.{name}.{leaf}"] = getattr(term, leaf)
        if term.relief is not None and term.relief != before.relief:
            found[f"{TERMS}.{name}.relief.share"] = term.relief.share
        changed = term.stronger_in_tier if term.stronger_in_tier != before.stronger_in_tier else {}
        found |= {f"{TERMS}.{name}.stronger_in_tier.{tier}": value for tier, value in changed.items()}
        if name in composite.meetings and invitation.meetings[name] != composite.meetings[name]:
            strength = invitation.meetings[name].strengthening
            found[f"lender.invitation.meetings.{name}.strengthening"] = strength
    found |= {f"lender.invitation.centres.{name}": value for name, value in invitation.centres.items()}
    numbers = {path: Number(round(float(value), DIGITS), "parameter", "matching") for path, value in found.items()}
    scaled = [name for name, term in composite.terms.items() if term.scale != "own"]
    return numbers | {f"{TERMS}.{name}.scale": Number("own", "setting", source) for name in scaled}
