"""The quota model: the first grant a person would get, with an interval that holds what it promises."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.models import boosting
from weilidai.models.boosting import Grow, Labelled, OnIteration
from weilidai.models.conformal import Reach, find_reach
from weilidai.models.features import Features, Matrix, choose_features, encode, numbers
from weilidai.models.grants import Grants
from weilidai.models.opened import opened_people
from weilidai.models.settings import QuotaSettings

if TYPE_CHECKING:
    import lightgbm

    from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BOOSTER: Final = "quota"
SPREAD_BOOSTER: Final = "quota_spread"
LABEL: Final = "initial_quota_cny"


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
    reach
        Spreads on either side of the logarithm that hold ``interval_share`` of the people the trees have not
        learnt from (normalised conformal prediction, Lei et al., 2018), group by group.
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
    reach: Reach
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
        amounts = self.amounts(encode(people, self.features), self.reach.of(people))
        return pd.DataFrame(amounts, index=people.index)

    def amounts(self, matrix: Matrix, spreads: FloatArray) -> dict[str, FloatArray]:
        """Give the columns of :meth:`predict` for encoded people and the spreads of their groups."""
        centre = boosting.score(self.booster, matrix)
        reach = spreads * _spread(self.spread_booster, matrix, self.spread_floor)
        step = self.grants.step_cny
        mean = np.round(self.grants.bound(_exp(centre) * self.smearing) / step) * step
        low, high = self.grants.interval(centre, reach)
        return {"quota_cny": mean, "quota_low_cny": np.minimum(low, mean), "quota_high_cny": np.maximum(high, mean)}

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
            "reach": self.reach.to_dict(),
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
            reach=Reach.from_dict(state["reach"]),
            spread_floor=float(state["spread_floor"]),
            interval_share=float(state["interval_share"]),
        )


def quota_features(
    factors: "FactorCatalogue", settings: QuotaSettings, contract: Contract = DOCUMENTED
) -> Features:
    """Choose the quota model's inputs: neither protected nor excluded."""
    return choose_features(
        factors, excluded_dimensions=settings.excluded_dimensions, excluded_columns=settings.excluded_columns,
        contract=contract,
    )


def fit_quota(
    train: pd.DataFrame,
    valid: pd.DataFrame,
    calibrate: pd.DataFrame,
    features: Features,
    settings: QuotaSettings,
    on_iteration: OnIteration | None = None,
    grow: Grow = boosting.grow,
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
    grow
        What grows the trees.

    Raises
    ------
    DataError
        Nobody opened, or a grant is missing, zero or negative.
    """
    learnt, watched, aside = (_logs(people, features) for people in (train, valid, calibrate))
    own = _Growing(features, settings, grow)
    grown = own.grown(learnt, watched, on_iteration)
    aside_centre, aside_spread = grown.guess(aside.features)
    held = _hold_out(learnt, watched, own, wanted=settings.interval_people - len(aside.label))
    seen = np.exp(np.concatenate([aside.label, watched.label, held.label]))
    guessed = np.exp(np.concatenate([aside_centre, grown.guess(watched.features)[0], held.centre]))
    largest = max(float(np.exp(learnt.label.max())), float(seen.max()), settings.minimum_cny)
    grants = Grants(settings.minimum_cny, min(settings.maximum_cny, round(largest, 2)), settings.step_cny)
    label, centre, spread = (
        np.concatenate(pair) for pair in
        ((aside.label, held.label), (aside_centre, held.centre), (aside_spread, held.spread))
    )
    column = settings.interval_groups if settings.interval_groups in features.levels else None
    groups = _groups(calibrate, column), _groups(train, column)[held.place]
    return QuotaModel(
        booster=grown.booster,
        spread_booster=grown.spread_booster,
        features=features,
        grants=grants,
        smearing=float(np.sum(seen) / np.sum(guessed)),
        reach=find_reach(
            grants.needed(_cny(label), centre, spread), settings.interval_share,
            column, np.concatenate(groups), settings.interval_group_minimum,
        ),
        spread_floor=grown.floor,
        interval_share=settings.interval_share,
    )


@dataclass(frozen=True)
class _Grown:
    """Both sets of trees of one growing."""

    booster: "lightgbm.Booster"
    spread_booster: "lightgbm.Booster"
    floor: float

    def guess(self, matrix: Matrix) -> tuple[FloatArray, FloatArray]:
        """Give middle and spread of the grant's logarithm; shapes (people,)."""
        return boosting.score(self.booster, matrix), _spread(self.spread_booster, matrix, self.floor)


@dataclass(frozen=True)
class _Held:
    """People of the training part as trees see them that have not learnt from them."""

    place: IntArray
    label: FloatArray
    centre: FloatArray
    spread: FloatArray


@dataclass(frozen=True)
class _Growing:
    """How both sets of trees are grown."""

    features: Features
    settings: QuotaSettings
    grow: Grow

    def grown(self, learnt: Labelled, watched: Labelled, on_iteration: OnIteration | None = None) -> _Grown:
        """Learn the grant's logarithm, then how far grants lie from it; the width has no documented direction."""
        settings, features = self.settings, self.features
        booster = self.grow(settings.objective, learnt, watched, features, settings, on_iteration)
        missed, still = (
            Labelled(part.features, np.abs(part.label - boosting.score(booster, part.features)))
            for part in (learnt, watched)
        )
        free = Features(features.names, (0,) * len(features.names), features.levels)
        short = settings.model_copy(update={"num_iterations": settings.spread_iterations})
        floor = max(0.1 * float(np.mean(still.label)), 1e-6)
        return _Grown(booster, self.grow("regression", missed, still, free, short), floor)


def _hold_out(learnt: Labelled, watched: Labelled, own: _Growing, wanted: int) -> _Held:
    """Grow again without each part of the people in turn, and look at that part, until enough are looked at.

    The few hundred people set aside know where nine grants of ten end to one or two points only; some
    thousands know it to half a point. Nobody is held out where so few opened that trees need them all.
    """
    folds, place = own.settings.interval_folds, np.arange(len(learnt.label))
    if folds < 2 or len(place) < folds * own.settings.min_data_in_leaf:  # noqa: PLR2004  (two parts hold out each other)
        wanted = 0
    parts = min(int(np.ceil(max(wanted, 0) * folds / len(place))), folds)
    chosen = place[place % max(folds, 1) < parts]
    centre, spread = np.empty(len(place)), np.empty(len(place))
    for part in range(parts):
        held = place % folds == part
        rest = Labelled(learnt.features[~held], learnt.label[~held])
        centre[held], spread[held] = own.grown(rest, watched).guess(learnt.features[held])
    return _Held(chosen, learnt.label[chosen], centre[chosen], spread[chosen])


def _groups(people: pd.DataFrame, column: str | None) -> npt.NDArray[np.object_]:
    opened = opened_people(people, LABEL)
    return np.full(len(opened), "", dtype=object) if column is None else opened[column].to_numpy(dtype=object)


def _cny(logs: FloatArray) -> FloatArray:
    """Undo the logarithm of a grant, which float32 and back leave a few cents off its step."""
    return _exp(logs).round(2)


def _logs(people: pd.DataFrame, features: Features) -> Labelled:
    opened = opened_people(people, LABEL)
    return Labelled(encode(opened, features), np.log(numbers(opened[LABEL]).astype(np.float64)))


def _spread(booster: "lightgbm.Booster", matrix: Matrix, floor: float) -> FloatArray:
    return np.maximum(boosting.score(booster, matrix), floor)


def _exp(values: FloatArray) -> FloatArray:
    return np.exp(np.ascontiguousarray(values))
