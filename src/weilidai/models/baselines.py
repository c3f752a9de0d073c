"""The plain models that the trees must beat: a weight-of-evidence scorecard and a linear quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.errors import DataError
from weilidai.models.features import Features, Matrix, encode, numbers
from weilidai.models.invite import LABEL, policy_columns
from weilidai.models.opened import opened_people
from weilidai.models.quota import LABEL as QUOTA_LABEL
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
        passed = self.eligibility.passes(policy_columns(people, self.eligibility))
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

    looked_at = train.loc[eligibility.passes(policy_columns(train, eligibility))]
    label = numbers(looked_at[LABEL]) == 1
    if label.all() or not label.any():
        raise DataError(f"the {len(label)} eligible people all have the same label", where=LABEL)
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
    features
        What it reads.
    medians
        What stands in for an unknown value, one per feature.
    regression
        Weights of the columns.
    smearing
        Factor from the exponential of the mean logarithm to the mean in yuan (Duan, 1983).
    """

    features: Features
    medians: FloatArray
    regression: "Ridge"
    smearing: float

    def mean_cny(self, people: pd.DataFrame) -> FloatArray:
        """Mean grant, yuan; shape (people,)."""
        design = _design(encode(people, self.features), self.features, self.medians)
        mean: FloatArray = np.exp(self.regression.predict(design)) * self.smearing
        return mean


def fit_plain_quota(train: pd.DataFrame, features: Features) -> PlainQuota:
    """Learn the linear quota from people who opened.

    Raises
    ------
    DataError
        Nobody opened, or a grant is missing, zero or negative.
    """
    from sklearn.linear_model import Ridge

    opened = opened_people(train, QUOTA_LABEL)
    matrix = encode(opened, features)
    logs = np.log(numbers(opened[QUOTA_LABEL]).astype(np.float64))
    medians = np.array([_median(matrix[:, place]) for place in range(matrix.shape[1])])
    design = _design(matrix, features, medians)
    regression = Ridge(alpha=1.0).fit(design, logs)
    smearing = float(np.sum(np.exp(logs)) / np.sum(np.exp(regression.predict(design))))
    return PlainQuota(features, medians, regression, smearing)


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
    if not seen.size:
        return np.empty(0)
    return np.unique(np.quantile(seen, np.arange(1, BINS) / BINS))


def _weigh(matrix: Matrix, evidence: Sequence[Evidence]) -> FloatArray:
    columns = [known.weights[known.bins(matrix[:, place].astype(np.float64))] for place, known in enumerate(evidence)]
    return np.stack(columns, axis=1)


def _median(values: Matrix) -> float:
    seen = values[~np.isnan(values)]
    return float(np.median(seen)) if seen.size else 0.0


def _design(matrix: Matrix, features: Features, medians: FloatArray) -> FloatArray:
    """Logarithms of the columns, one column per level of a category, and one per column for being unknown."""
    columns = []
    for place, name in enumerate(features.names):
        values = matrix[:, place].astype(np.float64)
        if name in features.levels:
            columns += [(values == code).astype(np.float64) for code in range(len(features.levels[name]))]
        else:
            missing = np.isnan(values)
            columns += [np.log1p(np.maximum(np.where(missing, medians[place], values), 0)), missing.astype(np.float64)]
    return np.stack(columns, axis=1)
