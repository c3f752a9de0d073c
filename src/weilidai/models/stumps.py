"""Trees that ask one question each, read as one table per column: LightGBM's own figures to the last bit, sooner.

Where no tree asks more than one question, what a column adds depends on that column alone, and takes as many values
as it has cuts. LightGBM is asked for one person of each kind; everybody else is looked up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from weilidai.models import boosting
from weilidai.models.features import Features, Matrix

if TYPE_CHECKING:
    import lightgbm

FloatArray = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


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
    trees
        LightGBM's account of each tree.
    """

    booster: "lightgbm.Booster"
    kinds: tuple[FloatArray, ...]
    trees: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, booster: "lightgbm.Booster", features: Features) -> "Stumps | None":
        """Read the trees; None where one of them asks more than one question, or none."""
        trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
        if not trees or not all(_asks_once(tree) for tree in trees):
            return None
        return cls(booster, tuple(_kinds(trees, features)), trees)

    def codes(self, matrix: Matrix) -> Codes:
        """Tell of which kind each value is; shape (people, columns), column-major."""
        codes = np.empty(matrix.shape, dtype=np.intp, order="F")
        for place, kinds in enumerate(self.kinds):
            values = matrix[:, place].astype(np.float64)
            codes[:, place] = np.searchsorted(kinds[:-2], values)
            codes[np.isnan(values), place] = len(kinds) - 1
        return codes

    def contributions(self, codes: Codes) -> FloatArray:
        """Share each person's score as :func:`boosting.contributions` does; shape (people, columns + 1)."""
        table = boosting.contributions(self.booster, self._one_of_each_kind())
        shared = np.empty((len(codes), codes.shape[1] + 1))
        for place in range(codes.shape[1]):
            shared[:, place] = table[:, place][codes[:, place]]
        shared[:, -1] = table[0, -1]
        return shared

    def score(self, codes: Codes) -> FloatArray:
        """Add up the leaves in the order of the trees, as :func:`boosting.score` does; shape (people,)."""
        reached = self.booster.predict(self._one_of_each_kind(), pred_leaf=True)
        score = np.zeros(len(codes))
        for tree, leaf in zip(self.trees, np.asarray(reached, dtype=np.intp).T, strict=True):
            given = np.array([one["leaf_value"] for one in sorted(leaves(tree), key=lambda one: one["leaf_index"])])
            score += given[leaf][codes[:, tree["split_feature"]]]
        return score

    def _one_of_each_kind(self) -> FloatArray:
        most = max(len(kinds) for kinds in self.kinds)
        return np.column_stack([np.pad(kinds, (0, most - len(kinds)), mode="edge") for kinds in self.kinds])


def leaves(tree: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give both answers of a tree of one question."""
    return tree["left_child"], tree["right_child"]


def score_each(
    booster: "lightgbm.Booster", matrices: Sequence[Matrix], features: Features
) -> list[FloatArray]:
    """Score several tables as :func:`boosting.score` does, by looking up where the trees allow it; shapes (people,)."""
    stumps = Stumps.of(booster, features)
    if stumps is None:
        return [boosting.score(booster, matrix) for matrix in matrices]
    return [stumps.score(stumps.codes(matrix)) for matrix in matrices]


def _asks_once(tree: dict[str, Any]) -> bool:
    return "split_feature" in tree and all("leaf_value" in leaf for leaf in leaves(tree))


def _kinds(trees: Sequence[dict[str, Any]], features: Features) -> Iterator[FloatArray]:
    cuts: dict[int, set[float]] = {}
    for tree in trees:
        if tree["decision_type"] == "<=":
            cuts.setdefault(tree["split_feature"], set()).add(tree["threshold"])
    for place, name in enumerate(features.names):
        named = range(len(features.levels[name])) if name in features.levels else cuts.get(place, ())
        yield np.array([*sorted(named), np.inf, np.nan])
