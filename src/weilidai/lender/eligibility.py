"""Who is looked at: hard rules and the pre-qualification scorecard, by regime.

Documented in D3 section 1 (verified name, a card of one's own), D2 section 5 (adults), D0 sections 4 and 6
(roll-out, restricted accounts), D4 section 2 (bars on inquiries and debt) and D1 section 1 (the scorecard). Too
many inquiries mean six months to wait (D3.4.wait_after_inquiries).
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from weilidai.parameters import Strict
from weilidai.rules import Eligibility, Rule, ScoreItem, ThresholdScorecard


class RuleSpec(Strict):
    """One hard rule: column, comparison, bar, and the fact it comes from."""

    column: str
    comparison: Literal[">=", "<=", "==", "!="]
    value: float
    fact: str


class ScoreItemSpec(Strict):
    """One line of the pre-qualification scorecard."""

    column: str
    mark: float
    weight: float
    fact: str


class ScorecardSpec(Strict):
    """The pre-qualification scorecard: its lines and the score from which a person passes."""

    items: Mapping[str, ScoreItemSpec]
    pass_mark: float
    fact: str


class EligibilityParameters(Strict):
    """Hard rules in the order in which the lender meets them, then the scorecard."""

    rules: Mapping[str, RuleSpec]
    prequalification: ScorecardSpec
    wait_months: Mapping[str, float]
    """Rule -> months after which who failed it may be looked at again; a rule without an entry has no wait."""


def policy(parameters: EligibilityParameters) -> Eligibility:
    """Read the stored numbers into the policy that lender and saved model share."""
    rules = tuple(
        Rule(name, spec.column, spec.comparison, spec.value, spec.fact) for name, spec in parameters.rules.items()
    )
    card = parameters.prequalification
    items = tuple(ScoreItem(name, i.column, i.mark, i.weight, i.fact) for name, i in card.items.items())
    return Eligibility(rules, ThresholdScorecard("prequalification", items, card.pass_mark, card.fact))


def wait_months(
    people: Mapping[str, Any], looked_at: Eligibility, parameters: EligibilityParameters
) -> npt.NDArray[np.float32]:
    """Months until a person may be looked at again, the longest of the failed rules' waits; shape (people,)."""
    waits = [
        np.where(rule.passes(people), np.float32(0), np.float32(parameters.wait_months[rule.name]))
        for rule in looked_at.rules if rule.name in parameters.wait_months
    ]
    longest: npt.NDArray[np.float32] = np.maximum.reduce(waits)
    return longest
