"""The baseline that learns nothing: the pre-qualification score and the documented marks, counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import LEVELS
from weilidai.models.features import numbers
from weilidai.models.invite import policy_columns
from weilidai.rules import Eligibility

if TYPE_CHECKING:
    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]

_REACHES: Final = {">=": np.greater_equal, "<=": np.less_equal, "==": np.equal}
_UNKNOWN: Final = 0.5
"""What a value nobody can see counts for: halfway between reached and not."""


@dataclass(frozen=True)
class DocumentedMark:
    """One documented value of a column and the side of it that speaks for a person."""

    column: str
    comparison: str
    value: float | str


@dataclass(frozen=True)
class DocumentedRules:
    """Ranks people by what the documents say alone; the score orders, it is no probability.

    Parameters
    ----------
    eligibility
        Hard rules and pre-qualification score.
    marks
        Documented marks; each reached one counts the same.
    """

    eligibility: Eligibility
    marks: tuple[DocumentedMark, ...]

    def score(self, people: pd.DataFrame) -> FloatArray:
        """Mean of the pre-qualification score and the share of marks reached, 0 for the ineligible; shape (people,)."""
        seen = policy_columns(people, self.eligibility)
        score = self.eligibility.scorecard.score(seen).astype(np.float64)
        if self.marks:
            score = (score + sum(_reached(people, mark) for mark in self.marks) / len(self.marks)) / 2
        return np.where(self.eligibility.passes(seen), score, 0.0)


def documented_rules(
    eligibility: Eligibility, factors: "FactorCatalogue", columns: Iterable[str]
) -> DocumentedRules:
    """Collect the marks of the factors on the columns the models may read too."""
    return DocumentedRules(eligibility, tuple(_marks(factors, set(columns))))


def _marks(factors: "FactorCatalogue", columns: set[str]) -> Iterator[DocumentedMark]:
    for factor in factors.factors.values():
        for mark in factor.marks:
            if mark.column in columns:
                yield DocumentedMark(mark.column, mark.comparison, mark.value)


def _reached(people: pd.DataFrame, mark: DocumentedMark) -> FloatArray:
    if mark.column in LEVELS:
        return np.asarray(people[mark.column].to_numpy(dtype=object) == mark.value, dtype=np.float64)
    values = numbers(people[mark.column])
    reached: FloatArray = _REACHES[mark.comparison](values, np.float32(mark.value)).astype(np.float64)
    reached[np.isnan(values)] = _UNKNOWN
    return reached
