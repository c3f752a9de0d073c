"""The quota model: the first grant a person would get, with an interval that holds what it promises."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.models import boosting
from weilidai.models.boosting import Labelled, OnIteration
from weilidai.models.features import Features, Matrix, choose_features, encode, numbers
from weilidai.models.opened import opened_people
from weilidai.models.settings import QuotaSettings

if TYPE_CHECKING:
    import lightgbm

    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]

BOOSTER: Final = "quota"
SPREAD_BOOSTER: Final = "quota_spread"
LABEL: Final = "initial_quota_cny"


@dataclass(frozen=True)
class Grants:
    """What grants can be: bounds and step, yuan."""

    minimum_cny: float
    maximum_cny: float
    step_cny: float

    def bound(self, cny: FloatArray) -> FloatArray:
        """Keep amounts between the smallest and the largest grant; same shape."""
        return np.clip(cny, self.minimum_cny, self.maximum_cny)


@dataclass(frozen=True)
class QuotaModel:
    """How much a person would be granted first.

    Parameters
    ----------
    booster
        Trees of the logarithm of the grant.
    spread_booster
        Trees of how far the logarithm of the grant lies from the first model's.
    features
        What both read.
    grants
        Bounds and step of a grant.
    smearing
        Factor from the exponential of the mean logarithm to the mean in yuan (Duan, 1983).
    interval_factor
        Spreads on either side of the logarithm that hold ``interval_share`` of the people set aside
        (normalised split conformal prediction, Lei et al., 2018).
    spread_floor
        Smallest spread believed, so that no interval shrinks to a point.
    interval_share
        Share of people whose grant the interval promises to hold.
    """

    booster: "lightgbm.Booster"
    spread_booster: "lightgbm.Booster"
    features: Features
    grants: Grants
    smearing: float
    interval_factor: float
    spread_floor: float
    interval_share: float

    def predict(self, people: pd.DataFrame) -> pd.DataFrame:
        """Give the grant and its interval in yuan.

        Returns
        -------
        DataFrame
            Columns ``quota_cny``, ``quota_low_cny``, ``quota_high_cny`` on the rows of ``people``: the grant
            rounded to the step, the interval's ends rounded outward.
        """
        matrix = encode(people, self.features)
        centre = boosting.score(self.booster, matrix)
        reach = self.interval_factor * _spread(self.spread_booster, matrix, self.spread_floor)
        step = self.grants.step_cny
        mean = np.round(self.grants.bound(_exp(centre) * self.smearing) / step) * step
        low = np.floor(self.grants.bound(_exp(centre - reach)) / step) * step
        high = np.ceil(self.grants.bound(_exp(centre + reach)) / step) * step
        columns = {"quota_cny": mean, "quota_low_cny": np.minimum(low, mean), "quota_high_cny": np.maximum(high, mean)}
        return pd.DataFrame(columns, index=people.index)

    def mean_cny(self, people: pd.DataFrame) -> FloatArray:
        """Mean grant before rounding, yuan; shape (people,)."""
        centre = boosting.score(self.booster, encode(people, self.features))
        return self.grants.bound(_exp(centre) * self.smearing)

    def contributions(self, people: pd.DataFrame) -> FloatArray:
        """Share the logarithm of the mean grant among the features by tree SHAP; shape (people, features + 1)."""
        shared = boosting.contributions(self.booster, encode(people, self.features))
        shared[:, -1] += np.log(self.smearing)
        return shared

    def to_parts(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Take the model apart into LightGBM texts and plain JSON-able data."""
        texts = {
            BOOSTER: self.booster.model_to_string(),
            SPREAD_BOOSTER: self.spread_booster.model_to_string(),
        }
        state = {
            "features": self.features.to_dict(),
            "grants": asdict(self.grants),
            "smearing": self.smearing,
            "interval_factor": self.interval_factor,
            "spread_floor": self.spread_floor,
            "interval_share": self.interval_share,
        }
        return texts, state

    @classmethod
    def from_parts(cls, booster_texts: Mapping[str, str], state: Mapping[str, Any]) -> "QuotaModel":
        """Put together what :meth:`to_parts` took apart."""
        features = Features.from_dict(state["features"])
        return cls(
            booster=boosting.read_booster(booster_texts[BOOSTER], features),
            spread_booster=boosting.read_booster(booster_texts[SPREAD_BOOSTER], features),
            features=features,
            grants=Grants(**state["grants"]),
            smearing=float(state["smearing"]),
            interval_factor=float(state["interval_factor"]),
            spread_floor=float(state["spread_floor"]),
            interval_share=float(state["interval_share"]),
        )


def quota_features(factors: "FactorCatalogue", settings: QuotaSettings) -> Features:
    """Choose the quota model's inputs: neither protected nor excluded."""
    return choose_features(
        factors, excluded_dimensions=settings.excluded_dimensions, excluded_columns=settings.excluded_columns
    )


def fit_quota(
    train: pd.DataFrame,
    valid: pd.DataFrame,
    calibrate: pd.DataFrame,
    features: Features,
    settings: QuotaSettings,
    on_iteration: OnIteration | None = None,
) -> QuotaModel:
    """Learn the first grant of people who opened, on the scale of its logarithm.

    Parameters
    ----------
    train, valid, calibrate
        People to learn from, to stop by and to calibrate on; only those with ``is_opened`` are read.
    features
        What the trees may read.
    settings
        How the trees are grown, the share the interval must hold, and what grants can be.
    on_iteration
        Progress display of the model of the grant; that of the interval's width is short.

    Raises
    ------
    DataError
        Nobody opened, or a grant is missing, zero or negative.
    """
    learnt, watched, aside = (_logs(people, features) for people in (train, valid, calibrate))
    booster = boosting.grow("regression", learnt, watched, features, settings, on_iteration)
    spread_booster, floor = _grow_spread(booster, learnt, watched, features, settings)
    centre = boosting.score(booster, aside.features)
    spread = _spread(spread_booster, aside.features, floor)
    seen = np.exp(np.concatenate([aside.label, watched.label]))
    guessed = np.exp(np.concatenate([centre, boosting.score(booster, watched.features)]))
    largest = max(float(np.exp(learnt.label.max())), float(seen.max()), settings.minimum_cny)
    return QuotaModel(
        booster=booster,
        spread_booster=spread_booster,
        features=features,
        grants=Grants(settings.minimum_cny, min(settings.maximum_cny, round(largest, 2)), settings.step_cny),
        smearing=float(np.sum(seen) / np.sum(guessed)),
        interval_factor=conformal_factor(np.abs(aside.label - centre) / spread, settings.interval_share),
        spread_floor=floor,
        interval_share=settings.interval_share,
    )


def conformal_factor(score: FloatArray, share: float) -> float:
    """Find the score that at least ``share`` of new people will not exceed, whatever the model got wrong.

    Examples
    --------
    >>> conformal_factor(np.arange(1.0, 20.0), share=0.9)
    18.0
    """
    place = min(int(np.ceil((len(score) + 1) * share)), len(score)) - 1
    return float(np.partition(score, place)[place])


def _logs(people: pd.DataFrame, features: Features) -> Labelled:
    opened = opened_people(people, LABEL)
    return Labelled(encode(opened, features), np.log(numbers(opened[LABEL]).astype(np.float64)))


def _grow_spread(
    booster: "lightgbm.Booster", train: Labelled, valid: Labelled, features: Features, settings: QuotaSettings
) -> tuple["lightgbm.Booster", float]:
    """Learn how far grants lie from the first model; the width of an interval has no documented direction."""
    missed, watched = (
        Labelled(part.features, np.abs(part.label - boosting.score(booster, part.features))) for part in (train, valid)
    )
    free = Features(features.names, (0,) * len(features.names), features.levels)
    short = settings.model_copy(update={"num_iterations": settings.spread_iterations})
    floor = max(0.1 * float(np.mean(watched.label)), 1e-6)
    return boosting.grow("regression", missed, watched, free, short), floor


def _spread(booster: "lightgbm.Booster", matrix: Matrix, floor: float) -> FloatArray:
    return np.maximum(boosting.score(booster, matrix), floor)


def _exp(values: FloatArray) -> FloatArray:
    return np.exp(np.ascontiguousarray(values))
