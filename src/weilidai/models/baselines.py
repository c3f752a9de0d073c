"""The plain models that the trees must beat: a weight-of-evidence scorecard and a linear quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.models.challengers.design import Design, learn_design
from weilidai.models.challengers.taught import granted_people, judged_people
from weilidai.models.features import Features, Matrix, encode
from weilidai.models.invite import eligible_people
from weilidai.rules import Eligibility

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression, Ridge

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BINS: Final = 10
_HALF_A_PERSON: Final = 0.5
"""Added to each count of a bin, so that a bin without one outcome has finite evidence."""


@dataclass(frozen=True)
class Evidence:
    """How one column is cut into bins, and the weight of evidence of each; the last bin holds the unknown."""

    cuts: FloatArray
    weights: FloatArray

    def bins(self, values: FloatArray) -> IntArray:
        """Give each person's bin; shape (people,)."""
        places = np.searchsorted(self.cuts, values, side="right")
        return np.where(np.isnan(values), len(self.weights) - 1, places)


@dataclass(frozen=True)
class WoeScorecard:
    """The classical scorecard: weights of evidence by bin, weighed by a logistic regression (Siddiqi, 2006).

    Parameters
    ----------
    features
        What it reads.
    eligibility
        The same policy the invite model carries, so that the comparison is one of models alone.
    evidence
        One entry per feature.
    regression
        Weights of the columns.
    """

    features: Features
    eligibility: Eligibility
    evidence: tuple[Evidence, ...]
    regression: "LogisticRegression"

    def probability(self, people: pd.DataFrame) -> FloatArray:
        """Probability of an invitation, exactly 0 for people the policy rules out; shape (people,)."""
        passed = eligible_people(people, self.eligibility)
        log_odds = self.regression.decision_function(_weigh(encode(people, self.features), self.evidence))
        return np.where(passed, expit(log_odds), 0.0)


def fit_woe_scorecard(train: pd.DataFrame, features: Features, eligibility: Eligibility) -> WoeScorecard:
    """Learn the scorecard from eligible people.

    Raises
    ------
    DataError
        The eligible people are all invited, or none is.
    """
    from sklearn.linear_model import LogisticRegression

    looked_at, label = judged_people(train, eligibility)
    matrix = encode(looked_at, features)
    evidence = tuple(
        _learn_evidence(matrix[:, place].astype(np.float64), label, is_category=name in features.levels)
        for place, name in enumerate(features.names)
    )
    regression = LogisticRegression(max_iter=1000).fit(_weigh(matrix, evidence), label)
    return WoeScorecard(features, eligibility, evidence, regression)


@dataclass(frozen=True)
class PlainQuota:
    """A linear model of the logarithm of the grant on logarithms of the columns.

    Parameters
    ----------
    design
        How a table becomes the matrix of logarithms.
    regression
        Weights of the columns.
    smearing
        Factor from the exponential of the mean logarithm to the mean in yuan (Duan, 1983).
    """

    design: Design
    regression: "Ridge"
    smearing: float

    def mean_cny(self, people: pd.DataFrame) -> FloatArray:
        """Mean grant, yuan; shape (people,)."""
        mean: FloatArray = np.exp(self.regression.predict(self.design.of(people))) * self.smearing
        return mean


def fit_plain_quota(train: pd.DataFrame, features: Features) -> PlainQuota:
    """Learn the linear quota from people who opened.

    Raises
    ------
    DataError
        Nobody opened, or a grant is missing, zero or negative.
    """
    from sklearn.linear_model import Ridge

    opened, logs = granted_people(train)
    design = learn_design(opened, features)
    matrix = design.of(opened)
    regression = Ridge(alpha=1.0).fit(matrix, logs)
    smearing = float(np.sum(np.exp(logs)) / np.sum(np.exp(regression.predict(matrix))))
    return PlainQuota(design, regression, smearing)


def _learn_evidence(values: FloatArray, label: npt.NDArray[np.bool_], *, is_category: bool) -> Evidence:
    seen = values[~np.isnan(values)]
    inner = np.arange(1, int(seen.max(initial=0)) + 1) if is_category else _quantiles(seen)
    blank = Evidence(np.asarray(inner, dtype=np.float64), np.zeros(len(inner) + 2))
    places = blank.bins(values)
    invited = np.bincount(places[label], minlength=len(blank.weights)) + _HALF_A_PERSON
    others = np.bincount(places[~label], minlength=len(blank.weights)) + _HALF_A_PERSON
    overall = np.log(label.sum() / (~label).sum())
    return Evidence(blank.cuts, np.log(invited / others) - overall)


def _quantiles(seen: FloatArray) -> FloatArray:
    """Cut at every value where there are few, else into bins of about equal size; a rare value is told apart, too."""
    distinct = np.unique(seen)
    if len(distinct) <= BINS:
        return distinct[1:]
    cuts = np.unique(np.quantile(seen, np.arange(1, BINS) / BINS))
    cuts = cuts[cuts > distinct[0]]
    return cuts if cuts.size else distinct[1:2]


def _weigh(matrix: Matrix, evidence: Sequence[Evidence]) -> FloatArray:
    columns = [known.weights[known.bins(matrix[:, place].astype(np.float64))] for place, known in enumerate(evidence)]
    return np.stack(columns, axis=1)

