"""Sharing a score among its columns against chosen people, exactly: interventional Shapley values of trees.

A column's part is what its value changes, averaged over every order in which a person's values could replace
those of somebody else, and over everybody the person is compared with (Janzing and others, 2020). A leaf depends
on how many of its columns a person meets, so both averages are counted once per leaf and pattern of columns met,
not per pair of people (the idea of WOODELF, Nadel and Wettenstein, 2025). Where no tree asks about two columns,
the parts are plain tables by value.

Own code, for native categories: ``woodelf`` refuses trees that split by category, as ours do, and what ``shap`` makes
of them does not add up. The tests hold it against both on trees that do not, and against counting out where they do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import factorial
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import ModelError
from weilidai.models.features import Features, Matrix
from weilidai.models.tree_boxes import Boxes, read_boxes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_COLUMNS: Final = 12
"""Most columns on the way to one leaf; the patterns of columns met double with each."""


@dataclass(frozen=True)
class Table:
    """What one column adds by its value: a step function of numbers, or one value per category.

    Parameters
    ----------
    edges
        Upper ends of the steps, rising; empty for a category.
    value
        One entry per step, or per code, and a last one for a missing value.
    """

    edges: Matrix
    value: FloatArray

    def of(self, column: Matrix) -> FloatArray:
        """Read the table at each person's value; shape (people,)."""
        last = len(self.value) - 1
        steps = np.searchsorted(self.edges, column, side="left") if len(self.edges) else np.nan_to_num(column, nan=last)
        found: FloatArray = self.value[np.where(np.isnan(column), last, steps).astype(np.intp)]
        return found


@dataclass(frozen=True)
class _Leaf:
    """One leaf of a tree that asks about several columns: which it asks about, and its parts by pattern met."""

    boxes: Boxes
    number: int
    asked: tuple[int, ...]
    """Places in the columns of the boxes."""
    parts: FloatArray
    """Shape (patterns, columns asked)."""


class Interventional:
    """Trees and the people their scores are explained against.

    Parameters
    ----------
    text
        LightGBM text of the trees.
    features
        Columns of the matrix they read.
    background
        The people to compare with, encoded; shape (people, features).
    """

    def __init__(self, text: str, features: Features, background: Matrix) -> None:
        if not len(background):
            raise ModelError("there is nobody to explain against", where="background", cure="train again")
        self._width = len(features.names)
        boxes = list(read_boxes(text, features))
        alone = [tree for tree in boxes if len(tree.columns) == 1]
        self._tables = {
            column: _centred(_table([tree for tree in alone if tree.columns[0] == column]), background[:, column])
            for column in sorted({int(tree.columns[0]) for tree in alone})
        }
        self._leaves = [leaf for tree in boxes if len(tree.columns) > 1 for leaf in _leaves(tree, background)]

    def contributions(self, matrix: Matrix) -> FloatArray:
        """Share out each person's score; shape (people, features), counted from the mean score of the background."""
        shared: FloatArray = np.zeros((len(matrix), self._width), dtype=np.float64)
        for column, table in self._tables.items():
            shared[:, column] = table.of(matrix[:, column])
        for leaf in self._leaves:
            columns = leaf.boxes.columns[list(leaf.asked)]
            shared[:, columns] += leaf.parts[_pattern(leaf.boxes, leaf.number, leaf.asked, matrix)]
        return shared


def _table(trees: Sequence[Boxes]) -> Table:
    """Add up trees that ask about one and the same column."""
    if trees[0].categories:
        by_code = np.stack([tree.value @ tree.categories[0] for tree in trees])
        return Table(np.empty(0, dtype=np.float32), by_code.sum(axis=0))
    ends = np.unique(np.concatenate([tree.high[:, 0] for tree in trees]))
    edges = ends[np.isfinite(ends)].astype(np.float32)
    inside = np.append(edges, np.float32(np.inf)).astype(np.float64)
    value = np.zeros(len(inside) + 1)
    for tree in trees:
        is_in = (inside > tree.low) & (inside <= tree.high)  # (leaves, steps): a step lies in one leaf as a whole
        value[:-1] += tree.value @ is_in
        value[-1] += tree.value @ tree.takes_missing[:, 0]
    return Table(edges, value)


def _centred(table: Table, column: Matrix) -> Table:
    return Table(table.edges, table.value - table.of(column).mean())


def _leaves(boxes: Boxes, background: Matrix) -> Iterator[_Leaf]:
    for number, value in enumerate(boxes.value):
        asked = tuple(place for place in range(len(boxes.columns)) if _asks(boxes, number, place))
        if len(asked) > MOST_COLUMNS:
            raise ModelError(f"a leaf asks about more than {MOST_COLUMNS} columns", where="trees",
                             cure="grow shallower trees, or set model.explain.method=path")
        met = np.bincount(_pattern(boxes, number, asked, background), minlength=2 ** len(asked)) / len(background)
        yield _Leaf(boxes, number, asked, value * np.einsum("pbc,b->pc", _shapley(len(asked)), met))


def _asks(boxes: Boxes, leaf: int, place: int) -> bool:
    if place in boxes.categories:
        return not bool(boxes.categories[place][leaf].all())
    whole = boxes.low[leaf, place] == -np.inf and boxes.high[leaf, place] == np.inf
    return not (whole and boxes.takes_missing[leaf, place])


def _pattern(boxes: Boxes, leaf: int, asked: Sequence[int], matrix: Matrix) -> npt.NDArray[np.intp]:
    """Give which of the leaf's columns each person meets: bit i for the i-th asked about; shape (people,)."""
    pattern = np.zeros(len(matrix), dtype=np.intp)
    for bit, place in enumerate(asked):
        pattern |= _meets(boxes, leaf, place, matrix[:, boxes.columns[place]]).astype(np.intp) << bit
    return pattern


def _meets(boxes: Boxes, leaf: int, place: int, column: Matrix) -> BoolArray:
    missing = np.isnan(column)
    if place in boxes.categories:
        taken = boxes.categories[place][leaf]
        codes = np.where(missing, len(taken) - 1, column).astype(np.intp)
        found: BoolArray = taken[codes]
        return found
    within = (column > boxes.low[leaf, place]) & (column <= boxes.high[leaf, place])
    met: BoolArray = np.where(missing, boxes.takes_missing[leaf, place], within)
    return met


@cache
def _shapley(columns: int) -> FloatArray:
    """Share out a leaf worth 1, by the patterns that the person and the other one meet.

    Returns
    -------
    FloatArray
        Shape (patterns of the person, patterns of the other, columns).
    """
    patterns = np.arange(2**columns)
    bits = (patterns[:, None] >> np.arange(columns)) & 1 == 1
    mine, other = bits[:, None] & ~bits[None], ~bits[:, None] & bits[None]
    lost = (~bits[:, None] & ~bits[None]).any(axis=2)
    p, q = mine.sum(axis=2), other.sum(axis=2)
    fact = np.array([factorial(n) for n in range(columns + 2)], dtype=np.float64)
    gain = np.where(p > 0, fact[np.maximum(p - 1, 0)] * fact[q] / fact[np.maximum(p + q, 1)], 0.0)
    loss = np.where(q > 0, fact[p] * fact[np.maximum(q - 1, 0)] / fact[np.maximum(p + q, 1)], 0.0)
    shares: FloatArray = (mine * gain[:, :, None] - other * loss[:, :, None]) * ~lost[:, :, None]
    return shares
