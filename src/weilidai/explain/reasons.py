"""Why a decision is what it is, for people: at most four reasons, each ending at a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.explain.rule_reasons import Policy, failures_by_place
from weilidai.explain.selection import BoolArray, choose
from weilidai.explain.telling import Page, Speaker, Told
from weilidai.explain.words import Value
from weilidai.facts import FactorCatalogue
from weilidai.facts.amounts import Language

MOST_REASONS: Final = 4
LEAST_SHARE: Final = 0.05


@dataclass(frozen=True)
class Reason:
    """One reason, with where it is documented.

    Parameters
    ----------
    factor, dimension
        Documented driver and its group.
    contribution
        Summed log-odds of the factor; None for a hard rule, which no log-odds can outweigh.
    value
        What the person has; None when missing.
    mark
        Documented mark the person misses (or, on the favourable side, meets); None when there is none.
    distance, unit
        How far the value lies above the mark (below: negative) and in which unit; None unless both are numbers.
    document, section
        Where to read it, as in "D0" and 2; None when an assumption stands behind it.
    is_actionable
        Whether a person can change what the reason is about.
    text
        One sentence.
    """

    factor: str
    dimension: str
    contribution: float | None
    value: Value
    mark: Value
    distance: float | int | None
    unit: str | None
    document: str | None
    section: int | None
    is_actionable: bool
    text: str

    def to_dict(self) -> dict[str, Value]:
        """Write the reason as plain JSON-able data."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def reasons_for(  # noqa: PLR0913  (what stands in a reason comes from as many places)
    people: pd.DataFrame,
    contributions: npt.NDArray[Any],
    failed_rules: Mapping[str, BoolArray],
    catalogue: FactorCatalogue,
    language: Language,
    *,
    features: Sequence[str],
    policy: Policy,
    most: int = MOST_REASONS,
    least_share: float = LEAST_SHARE,
) -> list[list[Reason]]:
    """Say what stands against each person, hard rules first, then the strongest adverse factors.

    Parameters
    ----------
    people
        One row per person, with the features and the columns of the policy.
    contributions
        Log-odds, shape (people, features) or one column more for their mean; what a missing value does stands with
        what makes it missing, as :class:`~weilidai.explain.background.Attribution` gives it.
    failed_rules
        Rule -> who fails it, in the order in which the lender meets them; empty when nobody was ruled out.
    catalogue
        Documented factors with marks and texts.
    language
        ``en`` or ``zh``.
    features
        Column names in the order of the contributions.
    policy
        The rules and the scorecard that ``failed_rules`` come from.
    most
        Most reasons for one person, rules included.
    least_share
        Least part of the person's total absolute attribution that a factor must make.

    Returns
    -------
    list of list of Reason
        One list per person, possibly empty. A factor that a failed rule has told is not told again.
    """
    page = _against(people, contributions, failed_rules, catalogue, language, features, policy, most, least_share)
    return [[_reason(told, weight) for told, weight in own] for own in page]


def reasons_as_json(
    people: pd.DataFrame, contributions: npt.NDArray[Any], failed_rules: Mapping[str, BoolArray],
    catalogue: FactorCatalogue, language: Language, *, features: Sequence[str], policy: Policy,
) -> list[str]:
    """Write the reasons of :func:`reasons_for` as one JSON list per person, many times faster than one by one."""
    return _against(
        people, contributions, failed_rules, catalogue, language, features, policy, MOST_REASONS, LEAST_SHARE
    ).to_json()


def strengths_for(
    people: pd.DataFrame,
    contributions: npt.NDArray[Any],
    catalogue: FactorCatalogue,
    language: Language,
    *,
    features: Sequence[str],
    most: int = MOST_REASONS,
    least_share: float = LEAST_SHARE,
) -> list[list[Reason]]:
    """Say what speaks for each person: the strongest favourable factors; parameters as for :func:`reasons_for`."""
    chosen = choose(contributions, features, catalogue, side="favourable", most=most, least_share=least_share)
    page = Page(len(people), most)
    nothing_before = np.zeros(len(people), dtype=np.intp)
    Speaker(people, catalogue, language).tell_factors(page, chosen, features, "favourable", nothing_before)
    return [[_reason(told, weight) for told, weight in own] for own in page]


def _against(  # noqa: PLR0913, PLR0917  (what stands in a reason comes from as many places)
    people: pd.DataFrame, contributions: npt.NDArray[Any], failed_rules: Mapping[str, BoolArray],
    catalogue: FactorCatalogue, language: Language, features: Sequence[str], policy: Policy,
    most: int, least_share: float,
) -> Page:
    page, speaker = Page(len(people), most), Speaker(people, catalogue, language)
    ruled = np.zeros(len(people), dtype=np.intp)
    owners = {factor: place for place, factor in enumerate(catalogue.factors)}
    told_already: BoolArray = np.zeros((len(people), len(owners)), dtype=np.bool_)
    for failure, rows, places in failures_by_place(people, failed_rules, policy, most):
        speaker.tell_rule(page, failure, rows, places)
        ruled[rows] += 1
        told_already[rows, owners[catalogue.of_column(failure.column).id]] = True
    chosen = choose(contributions, features, catalogue, most=most, least_share=least_share, told_already=told_already)
    speaker.tell_factors(page, chosen, features, "adverse", ruled)
    return page


def _reason(told: Told, weight: float | None) -> Reason:
    return Reason(contribution=weight, **told._asdict())
