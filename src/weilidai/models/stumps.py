"""Trees that ask one question each, read as one table per column: LightGBM's own figures to the last bit, sooner.

Where no tree asks more than one question, what a column adds depends on that column alone, and takes as many values
as it has cuts. LightGBM is asked for one person of each kind; everybody else is looked up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.models import boosting
from weilidai.models.features import Features, Matrix
from weilidai.models.tree_boxes import float32_below

if TYPE_CHECKING:
    import lightgbm

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]
Codes = npt.NDArray[np.unsignedinteger[Any]]

_FEW_KINDS: Final = 64
"""Kinds up to which comparing everybody with every cut is sooner done than searching each person's place."""


@dataclass(frozen=True)
class Stumps:
    """Trees of one question each.

    Parameters
    ----------
    booster
        The trees.
    kinds
        For every column of the matrix one value of each kind that the trees tell apart: the cuts, rising, then
        what lies beyond them, then a missing value; of a category its codes in place of the cuts.
    asked
        The column each tree asks about; shape (trees,).
    reached
        The leaf that each kind of that column falls into; shape (trees, most kinds of a column).
    answers
        What each leaf adds to the score; shape (trees, 2).
    """

    booster: "lightgbm.Booster"
    kinds: tuple[FloatArray, ...]
    asked: IntArray
    reached: IntArray
    answers: FloatArray

    @classmethod
    def of(cls, booster: "lightgbm.Booster", features: Features) -> "Stumps | None":
        """Read the trees; None where one of them asks more than one question, or none."""
        trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
        if not trees or not all(_asks_once(tree) for tree in trees):
            return None
        kinds = tuple(_kinds(trees, features))
        reached = np.asarray(booster.predict(_one_of_each(kinds), pred_leaf=True), dtype=np.intp).T
        asked = np.array([tree["split_feature"] for tree in trees], dtype=np.intp)
        return cls(booster, kinds, asked, reached, _answers(booster))

    def codes(self, matrix: Matrix) -> Codes:
        """Tell of which kind each value is; shape (people, columns), column-major."""
        most = max(len(kinds) for kinds in self.kinds)
        codes = np.empty(matrix.shape, dtype=np.min_scalar_type(most), order="F")
        for place, kinds in enumerate(self.kinds):
            _tell_kinds(np.ascontiguousarray(matrix[:, place]), kinds, codes[:, place])
        return codes

    def contributions(self, codes: Codes) -> FloatArray:
        """Share scores as :func:`boosting.contributions` does; shape (people, columns + 1), column-major."""
        table = boosting.contributions(self.booster, _one_of_each(self.kinds))
        shared = np.empty((len(codes), codes.shape[1] + 1), order="F")
        for place in range(codes.shape[1]):
            # No code is out of range; told to see to that itself, NumPy needs no copy.
            np.take(table[:, place], codes[:, place], out=shared[:, place], mode="clip")
        shared[:, -1] = table[0, -1]
        return shared

    def score(self, codes: Codes) -> FloatArray:
        """Add up the leaves in the order of the trees, as :func:`boosting.score` does; shape (people,)."""
        places, score = codes.astype(np.intp), np.zeros(len(codes))
        for place, added in zip(self.asked, self._added, strict=True):
            score += added[places[:, place]]
        return score

    def near_score(self, codes: Codes) -> FloatArray:
        """Add up the leaves column by column: :meth:`score` but for its last digits, much sooner; shape (people,)."""
        table, score = np.zeros((codes.shape[1], self._added.shape[1])), np.zeros(len(codes))
        np.add.at(table, self.asked, self._added)
        for place, added in enumerate(table):
            score += added[codes[:, place]]
        return score

    def scaled(self, scales: FloatArray, level: float) -> "Stumps":
        """Scale what each column adds, and shift the first tree so that the mean score is ``level``.

        The booster itself is changed: these trees are no more what they were.
        """
        self._give(self.answers * scales[self.asked][:, None])
        missing = level - boosting.contributions(self.booster, _one_of_each(self.kinds)[:1])[0, -1]
        self._give(_answers(self.booster, trees=1) + missing)
        return replace(self, answers=_answers(self.booster))

    def _give(self, answers: FloatArray) -> None:
        for tree, both in enumerate(answers.tolist()):
            for leaf, value in enumerate(both):
                self.booster.set_leaf_output(tree, leaf, value)

    @cached_property
    def _added(self) -> FloatArray:
        """What each tree adds for each kind of its column; shape (trees, most kinds of a column)."""
        return np.take_along_axis(self.answers, self.reached, axis=1)


def _asks_once(tree: dict[str, Any]) -> bool:
    return "split_feature" in tree and all("leaf_value" in tree[child] for child in ("left_child", "right_child"))


def _answers(booster: "lightgbm.Booster", trees: int | None = None) -> FloatArray:
    count = booster.num_trees() if trees is None else trees
    return np.array([[booster.get_leaf_output(tree, leaf) for leaf in (0, 1)] for tree in range(count)])


def _kinds(trees: Sequence[dict[str, Any]], features: Features) -> Iterator[FloatArray]:
    cuts: dict[int, set[float]] = {}
    for tree in trees:
        if tree["decision_type"] == "<=":
            cuts.setdefault(tree["split_feature"], set()).add(tree["threshold"])
    for place, name in enumerate(features.names):
        named = range(len(features.levels[name])) if name in features.levels else cuts.get(place, ())
        yield np.array([*sorted(named), np.inf, np.nan])


def _one_of_each(kinds: Sequence[FloatArray]) -> FloatArray:
    most = max(len(own) for own in kinds)
    return np.column_stack([np.pad(own, (0, most - len(own)), mode="edge") for own in kinds])


def _tell_kinds(values: Matrix, kinds: FloatArray, told: Codes) -> None:
    """Write of which kind each value is: above how many of the cuts and infinity; a missing value above all."""
    # The same comparisons as between the wider numbers, see :func:`float32_below`.
    cuts = float32_below(kinds[:-1]).astype(np.float32)
    if len(kinds) > _FEW_KINDS:
        told[:] = np.searchsorted(cuts, values)
        return
    told[:] = len(cuts)
    is_within = np.empty(len(values), dtype=np.bool_)
    for cut in cuts:
        np.less_equal(values, cut, out=is_within)
        told -= is_within
