"""Giving back what greedy growing took: each column's part of an additive model, scaled anew.

Boosting gives the first column that says something the credit of all columns that say nearly the same, and a
column held to one direction can never hand it back: each of its later steps has the same sign. Where no tree
asks more than one question, the score is a sum of one function per column, so one logistic regression on
these functions says how much of each should be kept (the relaxed lasso of Meinshausen, 2007, for trees). A
scale is never below 0: directions stay as they are.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.models.stumps import Codes, Stumps

FloatArray = npt.NDArray[np.float64]

_PULL: Final = 10.0
"""People's worth of belief that a column's part is right as it is, in units of the part's variance."""
_STEPS: Final = 50
_SETTLED: Final = 1e-9
_DIGITS: Final = 6
_MUCH_THE_SAME: Final = 1e-2
"""Move after which the bend is taken to be as it was: the steps that are left shrink a hundredfold all the same."""
_IN_CACHE: Final = 2048
"""People whose parts are weighted in one go."""
_AT_ONCE: Final = 64
"""People whose parts are multiplied in one go: so few that BLAS wakes no threads, which cost more than they save."""


def rebalanced(trees: Stumps, codes: Codes, label: FloatArray) -> Stumps:
    """Scale each column's part to what these people say of it.

    Parameters
    ----------
    trees
        Trees of one question each for a yes-or-no label; their booster is changed.
    codes
        Of which kinds the people are on whom the trees were grown; shape (people, columns).
    label
        1 for yes and 0 for no; shape (people,).
    """
    scales, level = _fitted(trees.contributions(codes), label)
    return trees.scaled(scales, level)


def _fitted(shared: FloatArray, label: FloatArray) -> tuple[FloatArray, float]:
    """Find the scale of every column and the mean score by log-loss and belief: Newton steps between bounds.

    The loss is convex, and each step is exact for the columns that are not held at 0 (Bertsekas, 1982), so that a
    handful of steps reach the optimum to more digits than are kept. What decides where they end, the slope, is
    summed without BLAS, as threads reorder it; the bend only says how far to go, for which half the digits do.
    """
    # The last row is the same for everybody; from here on it is what the level is counted in.
    said, wish = shared.T, np.append(np.ones(shared.shape[1] - 1), shared[0, -1])
    belief = np.array([*(_PULL * part.var() for part in said[:-1]), 0.0])
    said[-1] = 1.0
    speaks = np.append(belief[:-1] > 0, np.True_)
    briefly, line, moved = said.astype(np.float32), wish.copy(), np.inf
    for _ in range(_STEPS):
        chance = expit(np.einsum("cp,c->p", said, line))
        slope = np.einsum("cp,p->c", said, chance - label) + belief * (line - wish)
        is_held = (line <= 0) & (slope > 0)
        is_held[-1] = False
        free = np.flatnonzero(speaks & ~is_held)
        if moved > _MUCH_THE_SAME:
            bend = _bend(briefly, chance) + np.diag(belief)
        after = line.copy()
        after[free] -= np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        after[:-1] = np.maximum(after[:-1], 0)
        moved, line = np.abs(after - line).max(), after
        if moved < _SETTLED:
            break
    line = np.round(line, _DIGITS)
    return line[:-1], float(line[-1])


def _bend(said: npt.NDArray[np.float32], chance: FloatArray) -> FloatArray:
    """Give the bend of the log-loss where people have these chances, in half the digits; shape (parts, parts)."""
    weight = np.sqrt(chance * (1 - chance)).astype(np.float32)
    bend, weighted = np.zeros((len(said), len(said))), np.empty((len(said), _IN_CACHE), dtype=np.float32)
    blocks = weighted.reshape(len(said), -1, _AT_ONCE).swapaxes(0, 1)
    for start in range(0, len(weight), _IN_CACHE):
        some = weight[start : start + _IN_CACHE]
        np.multiply(said[:, start : start + _IN_CACHE], some, out=weighted[:, : len(some)])
        weighted[:, len(some) :] = 0
        bend += np.matmul(blocks, blocks.swapaxes(1, 2)).sum(axis=0)
    return bend
