"""The rate model: the daily interest a person would pay, and the documented grade it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.errors import ConfigError
from weilidai.models import boosting
from weilidai.models.boosting import Grow, Labelled, OnIteration
from weilidai.models.features import Features, Matrix, choose_features, encode, numbers
from weilidai.models.opened import opened_people
from weilidai.models.settings import RateSettings

if TYPE_CHECKING:
    import lightgbm

    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]

BOOSTER: Final = "rate"
LABEL: Final = "daily_rate"
_PER: Final = 1e-4
"""Rates are learnt in hundredths of a percent a day, so that leaf values are numbers of ordinary size."""
_DECIMALS: Final = 6
"""A daily rate is quoted to a ten-thousandth of a percent."""


@dataclass(frozen=True)
class RateModel:
    """At what daily rate a person would borrow.

    Parameters
    ----------
    booster
        Trees of the daily rate in hundredths of a percent.
    features
        What they read.
    marks
        Grade -> its documented daily rate; the nearest one is the person's grade.
    low, high
        Smallest and largest daily rate the model has seen.
    """

    booster: "lightgbm.Booster"
    features: Features
    marks: Mapping[str, float]
    low: float
    high: float

    def predict(self, people: pd.DataFrame) -> pd.DataFrame:
        """Give ``daily_rate`` (a fraction a day) and ``credit_grade`` on the rows of ``people``."""
        return pd.DataFrame(self.quotes(encode(people, self.features)), index=people.index)

    def quotes(self, matrix: Matrix) -> dict[str, Any]:
        """Give the columns of :meth:`predict` for encoded people."""
        rate = np.round(self._unrounded(matrix), _DECIMALS)
        return {"daily_rate": rate, "credit_grade": nearest_grade(rate, self.marks)}

    def daily_rate(self, people: pd.DataFrame) -> FloatArray:
        """Daily rate before rounding, a fraction; shape (people,)."""
        return self._unrounded(encode(people, self.features))

    def _unrounded(self, matrix: Matrix) -> FloatArray:
        return np.clip(boosting.score(self.booster, matrix) * _PER, self.low, self.high)

    def contributions(self, people: pd.DataFrame) -> FloatArray:
        """Share the daily rate among the features by tree SHAP; shape (people, features + 1)."""
        return boosting.contributions(self.booster, encode(people, self.features)) * _PER

    def to_parts(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Take the model apart into LightGBM texts and plain JSON-able data."""
        state = {"features": self.features.to_dict(), "marks": dict(self.marks), "low": self.low, "high": self.high}
        return {BOOSTER: self.booster.model_to_string()}, state

    @classmethod
    def from_parts(cls, booster_texts: Mapping[str, str], state: Mapping[str, Any]) -> "RateModel":
        """Put together what :meth:`to_parts` took apart."""
        features = Features.from_dict(state["features"])
        marks = {str(grade): float(rate) for grade, rate in state["marks"].items()}
        booster = boosting.read_booster(booster_texts[BOOSTER], features)
        return cls(booster, features, marks, float(state["low"]), float(state["high"]))


def rate_features(
    factors: "FactorCatalogue", settings: RateSettings, contract: Contract = DOCUMENTED
) -> Features:
    """Choose the rate model's inputs; their directions are open, for the documented ones speak of the invitation."""
    return choose_features(
        factors,
        excluded_dimensions=settings.excluded_dimensions,
        excluded_columns=settings.excluded_columns,
        free=True,
        contract=contract,
    )


def fit_rate(
    train: pd.DataFrame,
    valid: pd.DataFrame,
    features: Features,
    marks: Mapping[str, float],
    settings: RateSettings,
    on_iteration: OnIteration | None = None,
    grow: Grow = boosting.grow,
) -> RateModel:
    """Learn the daily rate of people who opened.

    Parameters
    ----------
    train, valid
        People to learn from and to stop by; only those with ``is_opened`` are read.
    features
        What the trees may read.
    marks
        Grade -> its documented daily rate, a fraction.
    settings
        How the trees are grown.
    on_iteration
        Progress display.
    grow
        What grows the trees.

    Raises
    ------
    ConfigError
        No grade is given.
    DataError
        Nobody opened, or a rate is missing, zero or negative.
    """
    if not marks:
        raise ConfigError("no grade has a rate", where="marks", cure="give the documented daily rate of each grade")
    learnt, watched = (_rates(people, features) for people in (train, valid))
    booster = grow("regression", learnt, watched, features, settings, on_iteration)
    low, high = (float(bound) * _PER for bound in (learnt.label.min(), learnt.label.max()))
    return RateModel(booster, features, dict(marks), low, high)


def nearest_grade(rate: FloatArray, marks: Mapping[str, float]) -> list[str]:
    """Name the grade whose documented rate is nearest; of two equally near ones the first given.

    Examples
    --------
    >>> nearest_grade(np.array([0.00024, 0.0006]), {"AAA": 0.00023, "A": 0.0005})
    ['AAA', 'A']
    """
    grades = list(marks)
    distance = np.abs(rate[:, np.newaxis] - np.array([marks[grade] for grade in grades]))
    return [grades[place] for place in distance.argmin(axis=1)]


def _rates(people: pd.DataFrame, features: Features) -> Labelled:
    opened = opened_people(people, LABEL)
    return Labelled(encode(opened, features), numbers(opened[LABEL]).astype(np.float64) / _PER)
