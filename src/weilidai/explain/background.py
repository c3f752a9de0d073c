"""What counts for or against a person, compared with the approved people that a model carries.

Two ways lead there. The interventional one replaces the values of approved people by the person's. The fast path
of the trees' own training counts is moved by a constant per column, so that approved people are 0 on average in
both. Which one a model uses is a setting of its training.
"""

from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import NEEDS
from weilidai.explain.attributions import credit_missing, credit_unseen, seen_averages
from weilidai.explain.interventional import Interventional
from weilidai.models import boosting
from weilidai.models.features import Matrix, encode
from weilidai.models.invite import InviteModel
from weilidai.models.settings import ExplainSettings

FloatArray = npt.NDArray[np.float64]


class Explained(Protocol):
    """A model with the people it is explained against; :class:`weilidai.models.bundle.Bundle` is one."""

    @property
    def invite(self) -> InviteModel: ...  # noqa: D102
    @property
    def background(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def explain(self) -> ExplainSettings: ...  # noqa: D102


class Attribution:
    """Shares out the log-odds of an invitation among the columns that speak for or against a person.

    Parameters
    ----------
    model
        A model with its background.
    """

    def __init__(self, model: Explained) -> None:
        self._invite, self._method = model.invite, model.explain.method
        self._background = model.background

    def contributions(self, people: pd.DataFrame) -> FloatArray:
        """Share out each person's calibrated log-odds.

        Returns
        -------
        FloatArray
            Shape (people, features + 1): log-odds against the average approved person, whose own log-odds are the
            last column. What a missing value does stands with the column that makes it missing.
        """
        shared = self._shared(encode(people, self._invite.features))
        return credit_missing(people, shared, self._invite.features.names, averages=self._averages)

    def of_matrix(self, matrix: Matrix) -> FloatArray:
        """Share out the log-odds of encoded people, as :meth:`contributions` does."""
        names = self._invite.features.names
        unseen = {name: np.isnan(matrix[:, place]) for place, name in enumerate(names) if name in NEEDS}
        return credit_unseen(unseen, self._shared(matrix), names, self._averages)

    def _shared(self, matrix: Matrix) -> FloatArray:
        base = np.full((len(matrix), 1), self._base)
        return np.hstack([self._raw(matrix) * self._invite.calibration.slope, base])

    def _raw(self, matrix: Matrix) -> FloatArray:
        if self._method == "interventional":
            return self._interventional.contributions(matrix)
        if not len(matrix):
            return np.empty(matrix.shape)
        centred: FloatArray = boosting.contributions(self._invite.booster, matrix)[:, :-1] - self._middle
        return centred

    @cached_property
    def _matrix(self) -> Matrix:
        return encode(self._background, self._invite.features)

    @cached_property
    def _base(self) -> float:
        """Mean log-odds of the approved people."""
        return float(self._invite.calibration.apply(boosting.score(self._invite.booster, self._matrix)).mean())

    @cached_property
    def _interventional(self) -> Interventional:
        return Interventional(self._invite.booster.model_to_string(), self._invite.features, self._matrix)

    @cached_property
    def _middle(self) -> FloatArray:
        """Mean contributions of the approved people by the training counts; shape (features,)."""
        middle: FloatArray = boosting.contributions(self._invite.booster, self._matrix)[:, :-1].mean(axis=0)
        return middle

    @cached_property
    def _averages(self) -> dict[str, float]:
        """Mean contribution of each column that may be missing, over the approved people who have it."""
        names = self._invite.features.names
        return seen_averages(self._background, self._shared(self._matrix), names)
