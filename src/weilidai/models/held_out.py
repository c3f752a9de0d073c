"""How far grants lie from trees that have not learnt from them: what an interval's width must be made of.

Trees lie nearer to the people they have learnt from than to anybody else, and by how much depends on how long they
happened to grow. A width learnt from those distances would have another scale in every growing, so it is learnt from
people held out, and calibrated on people whom the width, too, has not learnt from.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from weilidai.models import boosting
from weilidai.models.boosting import Grow, Labelled
from weilidai.models.features import Features, Matrix
from weilidai.models.settings import QuotaSettings

if TYPE_CHECKING:
    import lightgbm

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FEWEST_PARTS: Final = 2
"""Two parts can hold out each other."""
_SMALLEST_PART: Final = 0.1
"""Part of the mean distance below which no spread is believed, so that no interval shrinks to a point."""


@dataclass(frozen=True)
class Held:
    """Grants as trees see them, with the places of the people in the training part."""

    place: IntArray
    features: Matrix
    label: FloatArray
    """Logarithm of the grant; shape (people,)."""
    centre: FloatArray
    """What the trees say of it; shape (people,)."""

    def __len__(self) -> int:
        return len(self.label)

    @classmethod
    def of(cls, people: Labelled, centre: FloatArray) -> "Held":
        """Set what trees say beside what is true, for a whole part."""
        return cls(np.arange(len(people.label)), people.features, people.label, centre)

    @property
    def missed(self) -> Labelled:
        """Distances, to learn a width from."""
        return Labelled(self.features, np.abs(self.label - self.centre))


@dataclass(frozen=True)
class Spread:
    """How far grants lie from the trees: trees of the distance of the logarithms, and the smallest one believed."""

    booster: "lightgbm.Booster"
    floor: float

    def of(self, matrix: Matrix) -> FloatArray:
        """Give the spread of people not learnt from; shape (people,)."""
        return np.maximum(boosting.score(self.booster, matrix), self.floor)


def hold_out(
    learnt: Labelled, watched: Labelled, features: Features, settings: QuotaSettings, wanted: int,
    grow: Grow = boosting.grow,
) -> Held:
    """Grow again without each part of the people in turn, and look at that part, until enough are looked at.

    The few hundred people set aside know where nine grants of ten end to one or two points only; some
    thousands know it to half a point. Nobody is held out where so few opened that trees need them all.
    """
    folds, place = settings.interval_folds, np.arange(len(learnt.label))
    if folds < FEWEST_PARTS or len(place) < folds * settings.min_data_in_leaf:
        wanted = 0
    parts = min(int(np.ceil(max(wanted, 0) * folds / len(place))), folds)
    centre = np.empty(len(place))
    for part in range(parts):
        held = place % folds == part
        booster = grow(settings.objective, _without(learnt, held), watched, features, settings)
        centre[held] = boosting.score(booster, learnt.features[held])
    chosen = place[place % max(folds, 1) < parts]
    return Held(chosen, learnt.features[chosen], learnt.label[chosen], centre[chosen])


def learn_spread(
    distances: Labelled, watched: Labelled, features: Features, settings: QuotaSettings, grow: Grow = boosting.grow
) -> Spread:
    """Learn how far grants lie from the trees; the width of an interval has no documented direction.

    Parameters
    ----------
    distances, watched
        People to learn from, and people who say when to stop, as from :attr:`Held.missed`.
    features, settings
        As for the grant.
    grow
        What grows the trees.
    """
    free = Features(features.names, (0,) * len(features.names), features.levels)
    short = settings.model_copy(update={"num_iterations": settings.spread_iterations})
    floor = max(_SMALLEST_PART * float(np.mean(watched.label)), 1e-6)
    return Spread(grow("regression", distances, watched, free, short), floor)


def spread_of_held(
    held: Held, watched: Labelled, features: Features, settings: QuotaSettings, grow: Grow = boosting.grow
) -> FloatArray:
    """Give everybody's spread by trees that have learnt from the others only; shape (people,)."""
    told, place = np.empty(len(held)), np.arange(len(held))
    for part in range(min(settings.interval_folds, len(held))):
        out = place % settings.interval_folds == part
        spread = learn_spread(_without(held.missed, out), watched, features, settings, grow)
        told[out] = spread.of(held.features[out])
    return told


def _without(people: Labelled, out: npt.NDArray[np.bool_]) -> Labelled:
    return Labelled(people.features[~out], people.label[~out])
