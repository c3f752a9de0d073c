"""Documented hard rules and threshold scorecards, as data that lender and model both can read.

A lender's policy (who is looked at at all) is public inside the lender: the simulator applies it and the
saved model carries a copy. Neither needs the other for that, so the words for it live here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Comparison = Literal[">=", "<=", "==", "!="]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
Columns = Mapping[str, Any]
"""Column name -> array-like of one value per person; a DataFrame is one."""

_COMPARE = {">=": np.greater_equal, "<=": np.less_equal, "==": np.equal, "!=": np.not_equal}


@dataclass(frozen=True)
class Rule:
    """One hard condition on one column; a missing value passes (the lender cannot hold it against anyone)."""

    name: str
    column: str
    comparison: Comparison
    value: float | str
    fact: str
    """Id of the fact or assumption the rule comes from."""

    def passes(self, people: Columns) -> BoolArray:
        """Tell for each person whether the condition holds; shape (people,)."""
        values = np.asarray(people[self.column])
        kept: BoolArray = _COMPARE[self.comparison](values, self.value)
        if values.dtype.kind == "f":
            kept |= np.isnan(values)
        return kept


@dataclass(frozen=True)
class ScoreItem:
    """One line of a threshold scorecard: its weight counts from the mark on."""

    name: str
    column: str
    mark: float
    weight: float
    fact: str


@dataclass(frozen=True)
class ThresholdScorecard:
    """A documented weighting of columns against their marks; the score runs from 0 to 1."""

    name: str
    items: tuple[ScoreItem, ...]
    pass_mark: float
    fact: str

    def score(self, people: Columns) -> FloatArray:
        """Add up the weights of the marks that are reached; a missing value reaches none; shape (people,)."""
        total = np.float32(sum(item.weight for item in self.items))
        score: FloatArray = np.zeros(len(people[self.items[0].column]), dtype=np.float32)
        for item in self.items:
            reached = np.asarray(people[item.column], dtype=np.float32) >= np.float32(item.mark)
            score += np.float32(item.weight) / total * reached
        return score


@dataclass(frozen=True)
class Eligibility:
    """Who is looked at: every hard rule holds and the pre-qualification score reaches its pass mark."""

    rules: tuple[Rule, ...]
    scorecard: ThresholdScorecard

    def failed(self, people: Columns) -> dict[str, BoolArray]:
        """Give, by rule name in the order the lender meets them, who fails it; shapes (people,)."""
        missed = {rule.name: ~rule.passes(people) for rule in self.rules}
        missed[self.scorecard.name] = self.scorecard.score(people) < np.float32(self.scorecard.pass_mark)
        return missed

    def passes(self, people: Columns) -> BoolArray:
        """Tell who passes everything; shape (people,)."""
        kept: BoolArray = self.scorecard.score(people) >= np.float32(self.scorecard.pass_mark)
        for rule in self.rules:
            kept &= rule.passes(people)
        return kept

    @property
    def is_open(self) -> bool:
        """Whether nobody is ruled out, because there is neither a rule nor a scorecard."""
        return not self.rules and not self.scorecard.items

    @property
    def columns(self) -> Sequence[str]:
        """Columns the policy reads."""
        return [*(r.column for r in self.rules), *(i.column for i in self.scorecard.items)]


EVERYBODY: Final = Eligibility((), ThresholdScorecard("none", (), 0.0, ""))
"""No policy at all: everybody is looked at, as in a table whose lender's rules are not known."""


def eligibility_to_dict(policy: Eligibility) -> dict[str, Any]:
    """Write the policy as plain JSON-able data."""
    card = policy.scorecard
    return {
        "rules": [vars(rule) for rule in policy.rules],
        "scorecard": {**vars(card), "items": [vars(item) for item in card.items]},
    }


def eligibility_from_dict(data: Mapping[str, Any]) -> Eligibility:
    """Read back what :func:`eligibility_to_dict` wrote."""
    card = dict(data["scorecard"])
    card["items"] = tuple(ScoreItem(**item) for item in card["items"])
    return Eligibility(tuple(Rule(**rule) for rule in data["rules"]), ThresholdScorecard(**card))
