"""Proving that more of a column never moves a score the wrong way, over the whole model instead of by sampling.

A claim speaks of two people who differ in one column only, where both have a value that is there; what a
missing value does is a separate matter. It is proved in two steps:

1. *Tree by tree.* Of every two leaves that two such people can fall into, the one further in the documented
   direction is not lower. Trees add up, and so do their directions, to the last digit: rounded addition keeps
   order, too.
2. *The whole.* Where a tree fails, others may make up for it. Between two neighbouring cells of the column the
   largest fall of every tree is added up; where the sum can be a fall, leaves are combined until a pair of
   people is found whom the model itself scores the wrong way round, or no combination is left.

LightGBM refuses directions together with objectives that set leaves anew after growing, and keeps them in the
others as far as its authors know; the proof does not rely on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from weilidai.models import boosting
from weilidai.models.features import Features
from weilidai.models.monotone_search import Fall, Step, find_fall
from weilidai.models.tree_boxes import Boxes, read_boxes

if TYPE_CHECKING:
    import lightgbm

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Outcome = Literal["proved", "refuted", "undecided"]


@dataclass(frozen=True)
class Counterexample:
    """Two people who differ in one column, scored the wrong way round.

    Parameters
    ----------
    person
        What they share: column -> number, category, or None where missing.
    low, high
        Their values of the column.
    score_low, score_high
        What the trees give them, on the scale of the objective's link.
    """

    person: Mapping[str, float | str | None]
    low: float
    high: float
    score_low: float
    score_high: float


@dataclass(frozen=True)
class Verdict:
    """What is known of one column's direction.

    Parameters
    ----------
    column, direction
        The claim: 1 for "more never lowers the score", -1 for "more never raises it".
    outcome
        ``proved``, ``refuted`` with a counterexample, or ``undecided``.
    failing_trees
        Trees that break the claim when looked at alone; 0 is a proof.
    counterexample
        Two people who show that the claim is wrong.
    """

    column: str
    direction: int
    outcome: Outcome
    failing_trees: int = 0
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class Proof:
    """The verdicts on all claims of one model."""

    verdicts: tuple[Verdict, ...]

    @cached_property
    def proved_share(self) -> float:
        """Share of the claims that are proved; 1 when the model makes none."""
        if not self.verdicts:
            return 1.0
        return sum(verdict.outcome == "proved" for verdict in self.verdicts) / len(self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """Write the proof as plain JSON-able data: how many claims, how many of them proved, and the others."""
        others = [asdict(verdict) for verdict in self.verdicts if verdict.outcome != "proved"]
        proved = len(self.verdicts) - len(others)
        return {"claims": len(self.verdicts), "proved": proved, "not_proved": others}


def prove(booster: "lightgbm.Booster", features: Features) -> Proof:
    """Decide for every column with a direction whether the model keeps it.

    Parameters
    ----------
    booster
        The trees.
    features
        Names, directions and categories of the columns they read.

    Raises
    ------
    ModelError
        A tree treats zero as missing, which this project never asks for.
    """
    trees = list(read_boxes(booster.model_to_string(), features))
    failing = _failing(trees, features)
    return Proof(
        tuple(
            _verdict(booster, features, trees, place, failing.get(place, 0))
            for place, direction in enumerate(features.directions) if direction
        )
    )


def _failing(trees: Sequence[Boxes], features: Features) -> dict[int, int]:
    """Count by column the trees in which two leaves are the wrong way round."""
    directions = np.array(features.directions)
    counted: dict[int, int] = {}
    for boxes in trees:
        bound = np.flatnonzero(directions[boxes.columns])
        if not bound.size:
            continue
        shared = boxes.overlaps()
        missed = (~shared).sum(axis=2)
        rise = boxes.value[None, :] - boxes.value[:, None]
        for where in bound:
            column = int(boxes.columns[where])
            wrong = directions[column] * rise < 0
            if np.any(wrong & _comparable(boxes, shared, missed, int(where))):
                counted[column] = counted.get(column, 0) + 1
    return counted


def _comparable(boxes: Boxes, shared: BoolArray, missed: npt.NDArray[np.int64], where: int) -> BoolArray:
    """Tell of which leaves the second can be reached from the first by more of one column alone."""
    low, high = boxes.low[:, where], boxes.high[:, where]
    has_numbers = low < high
    others_shared = missed == ~shared[:, :, where]
    is_above = high[:, None] <= low[None, :]
    comparable: BoolArray = others_shared & is_above & has_numbers[:, None] & has_numbers[None, :]
    return comparable


def _verdict(
    booster: "lightgbm.Booster", features: Features, trees: Sequence[Boxes], place: int, failing: int
) -> Verdict:
    column, direction = features.names[place], features.directions[place]
    if not failing:
        return Verdict(column, direction, "proved")
    asking = [boxes for boxes in trees if place in boxes.columns]
    cuts = np.unique(np.concatenate([_cuts(boxes, place) for boxes in asking]))
    is_sure = True
    for cut in cuts:
        found = find_fall([Step(boxes, place, float(cut), direction) for boxes in asking])
        if isinstance(found, Fall):
            counterexample = _shown(booster, features, place, float(cut), found)
            if counterexample is not None:
                return Verdict(column, direction, "refuted", failing, counterexample)
        is_sure &= found is None
    return Verdict(column, direction, "proved" if is_sure else "undecided", failing)


def _cuts(boxes: Boxes, place: int) -> FloatArray:
    high = boxes.high[:, np.flatnonzero(boxes.columns == place)[0]]
    return high[np.isfinite(high)]


def _shown(
    booster: "lightgbm.Booster", features: Features, place: int, cut: float, fall: Fall
) -> Counterexample | None:
    """Let the model itself score the two people; None when it does not score them the wrong way round."""
    pair = np.zeros((2, len(features.names)), dtype=np.float32)
    for column, value in fall.values.items():
        pair[:, column] = value
    pair[0, place] = cut
    pair[1, place] = np.nextafter(np.float32(cut), np.float32(np.inf))
    scores = boosting.score(booster, pair)
    if features.directions[place] * (scores[1] - scores[0]) >= 0:
        return None
    person = {name: _plain(features, name, float(pair[0, column])) for column, name in enumerate(features.names)}
    del person[features.names[place]]
    return Counterexample(person, float(pair[0, place]), float(pair[1, place]), float(scores[0]), float(scores[1]))


def _plain(features: Features, name: str, value: float) -> float | str | None:
    if np.isnan(value):
        return None
    return features.levels[name][int(value)] if name in features.levels else value

