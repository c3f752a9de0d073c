"""Why a decision is what it is, for people: at most four reasons, each ending at a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import ModelError
from weilidai.explain.attributions import credit_missing
from weilidai.explain.directions import cited_place
from weilidai.explain.marks import telling
from weilidai.explain.rule_reasons import Policy, RuleFailure, failures
from weilidai.explain.selection import NOBODY, BoolArray, Side, choose
from weilidai.explain.words import Value, language_place, plain_value, say_bar, say_value
from weilidai.facts import Factor, FactorCatalogue
from weilidai.facts.amounts import Language

MOST_REASONS: Final = 4
LEAST_SHARE: Final = 0.05
_FLAGS_THAT_HIDE: Final = (
    "has_bureau_record", "has_contacts_permission", "has_location_permission", "has_transactions_permission",
    "has_pay_score_enabled",
)


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
    document, section
        Where to read it, as in "D0" and 2; None when an assumption stands behind it.
    text
        One sentence.
    """

    factor: str
    dimension: str
    contribution: float | None
    value: Value
    mark: Value
    document: str | None
    section: int | None
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
        Log-odds, shape (people, features) or one column more for their mean.
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
    speaker = _Speaker(people, catalogue, language)
    contributions = credit_missing(people, contributions, features)
    broken = failures(people, failed_rules, policy, most)
    told = _told_already(broken, catalogue)
    chosen = choose(contributions, features, catalogue, most=most, least_share=least_share, told_already=told)
    rows = zip(broken, chosen.factors.tolist(), chosen.columns.tolist(), chosen.contributions.tolist(), strict=True)
    return [
        [
            *(speaker.rule(row, failure) for failure in failed),
            *speaker.factors(row, features, factors[: most - len(failed)], columns, sums, "adverse"),
        ]
        for row, (failed, factors, columns, sums) in enumerate(rows)
    ]


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
    speaker = _Speaker(people, catalogue, language)
    contributions = credit_missing(people, contributions, features)
    chosen = choose(contributions, features, catalogue, side="favourable", most=most, least_share=least_share)
    rows = zip(chosen.factors.tolist(), chosen.columns.tolist(), chosen.contributions.tolist(), strict=True)
    return [
        list(speaker.factors(row, features, factors, columns, sums, "favourable"))
        for row, (factors, columns, sums) in enumerate(rows)
    ]


def _told_already(broken: Sequence[Sequence[RuleFailure]], catalogue: FactorCatalogue) -> BoolArray:
    places = {factor: place for place, factor in enumerate(catalogue.factors)}
    told: BoolArray = np.zeros((len(broken), len(places)), dtype=np.bool_)
    for row, failed in enumerate(broken):
        for failure in failed:
            told[row, places[catalogue.of_column(failure.column).id]] = True
    return told


class _Speaker:
    """Puts into words what was chosen, and remembers sentences it has said before."""

    def __init__(self, people: pd.DataFrame, catalogue: FactorCatalogue, language: Language) -> None:
        self._people = people
        self._catalogue = catalogue
        self._language = language
        self._place = language_place(language)
        self._factors = list(catalogue.factors.values())
        self._columns: dict[str, npt.NDArray[Any]] = {}

    def factors(
        self, row: int, features: Sequence[str], factors: Sequence[int], columns: Sequence[int],
        contributions: Sequence[float], side: Side,
    ) -> Iterator[Reason]:
        """Tell the chosen factors of one person."""
        for factor, column, contribution in zip(factors, columns, contributions, strict=False):
            if factor == NOBODY:
                return
            yield self._factor(row, self._factors[factor], features[column], contribution, side)

    def rule(self, row: int, failure: RuleFailure) -> Reason:
        """Tell a failed rule of one person."""
        value = self._value(row, failure.column)
        factor = self._catalogue.of_column(failure.column)
        document, section = cited_place(failure.fact)
        bar = say_bar(failure.column, failure.comparison, failure.bar, self._language, brief=value is not None)
        mark = failure.required[self._place] + bar
        return Reason(
            factor=failure.rule if factor.is_protected else factor.id, dimension=factor.dimension,
            contribution=None, value=value, mark=plain_value(failure.column, failure.bar),
            document=document, section=section,
            text=failure.words[self._place].format(value=self._say(row, failure.column, value), mark=mark),
        )

    def _factor(self, row: int, factor: Factor, column: str, contribution: float, side: Side) -> Reason:
        value = self._value(row, column)
        documented = telling(factor, column, value, side)
        document, section = documented.place
        mark = documented.words(self._language, brief=value is not None)
        return Reason(
            factor=factor.id, dimension=factor.dimension, contribution=round(contribution, 6), value=value,
            mark=documented.value, document=document, section=section,
            text=self._template(factor, side).format(value=self._say(row, column, value), mark=mark),
        )

    def _template(self, factor: Factor, side: Side) -> str:
        if factor.texts is None:
            raise ModelError(f"the factor '{factor.id}' has no words", where="factors", cure="train the model again")
        return str(getattr(factor.texts, f"{side}_{self._language}"))

    def _say(self, row: int, column: str, value: Value) -> str:
        if value is not None:
            return say_value(column, value, self._language)
        seen = {flag: self._value(row, flag) for flag in _FLAGS_THAT_HIDE if flag in self._people.columns}
        return say_value(column, None, self._language, seen=seen)

    def _value(self, row: int, column: str) -> Value:
        if column not in self._columns:
            cells = self._people[column]
            self._columns[column] = cells.astype(object).where(cells.notna(), None).to_numpy()
        return plain_value(column, self._columns[column][row])
