"""Logistic regression on logarithms, levels and flags for being unknown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from weilidai.models.challengers.design import Design, learn_design
from weilidai.models.challengers.taught import judged_people
from weilidai.models.features import Features
from weilidai.models.invite import eligible_people
from weilidai.rules import Eligibility

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Logistic:
    """Log-odds of an invitation as a weighted sum, among the eligible.

    Parameters
    ----------
    design
        How a table becomes the matrix.
    eligibility
        The same policy the invite model carries, so that the comparison is one of models alone.
    regression
        Weights of the columns.
    """

    design: Design
    eligibility: Eligibility
    regression: "LogisticRegression"

    def probability(self, people: pd.DataFrame) -> FloatArray:
        """Probability of an invitation, exactly 0 for people the policy rules out; shape (people,)."""
        passed = eligible_people(people, self.eligibility)
        return np.where(passed, expit(self.regression.decision_function(self.design.of(people))), 0.0)


def fit_logistic(train: pd.DataFrame, features: Features, eligibility: Eligibility) -> Logistic:
    """Learn the weights from eligible people.

    Raises
    ------
    DataError
        The eligible people are all invited, or none is.
    """
    from sklearn.linear_model import LogisticRegression

    looked_at, label = judged_people(train, eligibility)
    design = learn_design(looked_at, features)
    return Logistic(design, eligibility, LogisticRegression(max_iter=1000).fit(design.of(looked_at), label))
