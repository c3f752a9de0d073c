"""Giving back what greedy growing took: each column's part of an additive model, scaled anew.

Boosting gives the first column that says something the credit of all columns that say nearly the same, and a
column held to one direction can never hand it back: each of its later steps has the same sign. Where no tree
asks more than one question, the score is a sum of one function per column, so one logistic regression on
these functions says how much of each should be kept (the relaxed lasso of Meinshausen, 2007, for trees). A
scale is never below 0: directions stay as they are.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import Features
from weilidai.models.stumps import Stumps, leaves

if TYPE_CHECKING:
    import lightgbm

FloatArray = npt.NDArray[np.float64]

_PULL: Final = 10.0
"""People's worth of belief that a column's part is right as it is, in units of the part's variance."""
_STEPS: Final = 50
_SETTLED: Final = 1e-9
_DIGITS: Final = 6


def rebalanced(booster: "lightgbm.Booster", seen: Labelled, features: Features) -> "lightgbm.Booster":
    """Scale each column's part to what these people say of it; the same trees where they are not additive.

    Parameters
    ----------
    booster
        Trees for a yes-or-no label.
    seen
        The people the trees were grown on.
    features
        The columns of their matrix.
    """
    stumps = Stumps.of(booster, features)
    if stumps is None:
        return booster
    shared = stumps.contributions(stumps.codes(seen.features))
    level, scales = _fitted(shared[:, :-1], float(shared[0, -1]), seen.label)
    for number, tree in enumerate(stumps.trees):
        for leaf in leaves(tree):
            value = leaf["leaf_value"] * scales[tree["split_feature"]]
            booster.set_leaf_output(number, leaf["leaf_index"], value)
    return boosting.read_booster(_raised(booster, stumps.trees[0], seen, level).model_to_string(), features)


def _raised(
    booster: "lightgbm.Booster", first: dict[str, Any], seen: Labelled, level: float
) -> "lightgbm.Booster":
    """Shift the first tree so that the mean score is ``level``."""
    missing = level - float(boosting.contributions(booster, seen.features[:1])[0, -1])
    for leaf in leaves(first):
        index = leaf["leaf_index"]
        booster.set_leaf_output(0, index, booster.get_leaf_output(0, index) + missing)
    return booster


def _fitted(parts: FloatArray, level: float, label: FloatArray) -> tuple[float, FloatArray]:
    """Find the mean score and the scale of every column by log-loss and belief: Newton steps between bounds.

    The loss is convex, and each step is exact for the columns that are not held at 0 (Bertsekas, 1982), so that a
    handful of steps reach the optimum to more digits than are kept. What decides where they end, the slope, is
    summed without BLAS, as threads reorder it; the bend only says how far to go.
    """
    said = np.column_stack([np.ones(len(parts)), parts])
    belief = np.concatenate([[0.0], _PULL * parts.var(axis=0)])
    wish = np.concatenate([[level], np.ones(parts.shape[1])])
    speaks = np.concatenate([[True], belief[1:] > 0])
    line = wish.copy()
    for _ in range(_STEPS):
        chance = expit(np.einsum("pc,c->p", said, line))
        slope = np.einsum("pc,p->c", said, chance - label) + belief * (line - wish)
        is_held = (line <= 0) & (slope > 0)
        is_held[0] = False
        free = np.flatnonzero(speaks & ~is_held)
        bend = (said * (chance * (1 - chance))[:, None]).T @ said + np.diag(belief)
        after = line.copy()
        after[free] -= np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        after[1:] = np.maximum(after[1:], 0)
        moved, line = np.abs(after - line).max(), after
        if moved < _SETTLED:
            break
    line = np.round(line, _DIGITS)
    return float(line[0]), line[1:]
