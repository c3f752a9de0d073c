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
from weilidai.models.held_out import Held, hold_out, learn_spread, spread_of_held
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
class QuotaModel:
    """How much a person would be granted first.

    Parameters
    ----------
    booster
        Trees of the logarithm of the grant.
    spread_booster
        Trees of how far the logarithm of the grant lies from trees that have not learnt from the person.
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
        reach = spreads * np.maximum(boosting.score(self.spread_booster, matrix), self.spread_floor)
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
    booster = grow(settings.objective, learnt, watched, features, settings, on_iteration)
    held = hold_out(learnt, watched, features, settings, settings.interval_people - len(aside.label), grow)
    unseen = tuple(Held.of(part, boosting.score(booster, part.features)) for part in (aside, watched))
    known = held if len(held) else Held.of(learnt, boosting.score(booster, learnt.features))
    spread = learn_spread(known.missed, unseen[1].missed, features, settings, grow)
    seen, guessed = (np.exp(np.concatenate([getattr(part, name) for part in (*unseen, held)]))
                     for name in ("label", "centre"))
    largest = max(float(np.exp(learnt.label.max())), float(seen.max()), settings.minimum_cny)
    grants = Grants(settings.minimum_cny, min(settings.maximum_cny, round(largest, 2)), settings.step_cny)
    column = settings.interval_groups if settings.interval_groups in features.levels else None
    needed = np.concatenate([
        grants.needed(_cny(part.label), part.centre, far) for part, far in (
            (unseen[0], spread.of(aside.features)),
            (held, spread_of_held(held, unseen[1].missed, features, settings, grow)),
        )
    ])
    groups = np.concatenate([_groups(calibrate, column), _groups(train, column)[held.place]])
    return QuotaModel(
        booster, spread.booster, features, grants, float(np.sum(seen) / np.sum(guessed)),
        find_reach(needed, settings.interval_share, column, groups, settings.interval_group_minimum),
        spread.floor, settings.interval_share,
    )


def _groups(people: pd.DataFrame, column: str | None) -> npt.NDArray[np.object_]:
    opened = opened_people(people, LABEL)
    return np.full(len(opened), "", dtype=object) if column is None else opened[column].to_numpy(dtype=object)


def _cny(logs: FloatArray) -> FloatArray:
    """Undo the logarithm of a grant, which float32 and back leave a few cents off its step."""
    return _exp(logs).round(2)


def _logs(people: pd.DataFrame, features: Features) -> Labelled:
    opened = opened_people(people, LABEL)
    return Labelled(encode(opened, features), np.log(numbers(opened[LABEL]).astype(np.float64)))


def _exp(values: FloatArray) -> FloatArray:
    return np.exp(np.ascontiguousarray(values))
