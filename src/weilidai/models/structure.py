"""Whether a LightGBM text is a whole, sound set of trees, decided without LightGBM.

LightGBM trusts what it reads: a child number out of range ends the process, a cycle never returns, a NaN
leaf scores silently. Everything it would follow is therefore checked here first. The grammar is that of
LightGBM's text format v4 for one output and constant leaves, which is all this project saves.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import ModelError

IntArray = npt.NDArray[np.int64]

END: Final = "end of trees"
_HEADER: Final = (
    "version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective",
    "feature_names", "monotone_constraints", "feature_infos", "tree_sizes",
)
_FIXED: Final = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1"}
_PER_SPLIT: Final = (
    "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child",
    "internal_value", "internal_weight", "internal_count",
)
_PER_LEAF: Final = ("leaf_value", "leaf_weight", "leaf_count")
_TREE: Final = frozenset({"num_leaves", "num_cat", *_PER_SPLIT, *_PER_LEAF, "is_linear", "shrinkage"})
_TREE_WITH_CATEGORIES: Final = _TREE | {"cat_boundaries", "cat_threshold"}
_MOST_LEAVES: Final = 2**16
_NUMBERS: Final = re.compile(r"[-+0-9.e ]*")
_UNPRINTABLE: Final = re.compile(r"[^\n\x20-\x7e]")
_RANGE: Final = re.compile(r"\[[-+0-9.e]+:[-+0-9.e]+\]|none|-?\d+(?::-?\d+)*")
_IS_CATEGORY, _MISSING_KINDS = 1, 3


@dataclass(frozen=True)
class Expected:
    """What a bundle says of one of its LightGBM texts."""

    trees: int
    objective: str
    feature_names: tuple[str, ...]
    category_names: frozenset[str]


def check_trees(text: str, expected: Expected, place: str) -> None:
    """See that a text holds exactly the expected trees, and that walking them must end at a finite leaf.

    Parameters
    ----------
    text
        LightGBM text of a model.
    expected
        Trees, objective and columns as recorded when the model was saved.
    place
        File, for the message.

    Raises
    ------
    ModelError
        With the first thing that is not as it must be.
    """
    try:
        _check(text, expected)
    except ValueError as error:
        raise ModelError(f"is not a sound LightGBM model: {error}", where=place, cure="train again") from error


def summarise(text: str) -> tuple[int, str]:
    """Give the number of trees and the objective of a text that LightGBM has just written."""
    header = _keys(text.partition("\n\n")[0].splitlines()[1:])
    return len(header["tree_sizes"].split()), header["objective"]


def _check(text: str, expected: Expected) -> None:
    if _UNPRINTABLE.search(text):
        # Other line ends than LightGBM's would let it read other keys than are checked here.
        raise ValueError("characters other than printable ASCII and line feeds")
    head, _, rest = text.partition("\n\n")
    _check_header(head, expected)
    body, end, tail = rest.partition(f"\n{END}\n")
    if not end or END in tail:
        raise ValueError(f"the mark '{END}' is missing or occurs twice")
    if "\n\npandas_categorical:null\n" not in tail + "\n":
        raise ValueError("categories are kept outside the trees")
    blocks = _blocks(body + "\n", [int(size) for size in _keys(head.splitlines()[1:])["tree_sizes"].split()])
    is_category = np.array([name in expected.category_names for name in expected.feature_names])
    for number, block in enumerate(blocks):
        try:
            _check_tree(block, number, is_category)
        except ValueError as error:
            raise ValueError(f"tree {number}: {error}") from error


def _check_header(head: str, expected: Expected) -> None:
    first, *lines = head.splitlines() or [""]
    keys = _keys(lines)
    _same("first line", first, "tree")
    unknown = sorted(set(keys) - set(_HEADER))
    missing = sorted(set(_HEADER) - set(keys) - {"monotone_constraints"})
    if unknown or missing:
        raise ValueError(f"header keys unknown {unknown}, missing {missing}")
    for name, wanted in _FIXED.items():
        _same(name, keys[name], wanted)
    count = len(expected.feature_names)
    _same("objective", keys["objective"], expected.objective)
    _same("columns", keys["feature_names"].split(" "), list(expected.feature_names))
    _same("max_feature_idx", keys["max_feature_idx"], str(count - 1))
    _same("number of trees", len(keys["tree_sizes"].split()), expected.trees)
    ranges = keys["feature_infos"].split(" ")
    if len(ranges) != count or not all(_RANGE.fullmatch(part) for part in ranges):
        raise ValueError("feature_infos do not fit the columns")
    directions = keys.get("monotone_constraints", "0 " * count).split()
    if len(directions) != count or not set(directions) <= {"-1", "0", "1"}:
        raise ValueError("monotone_constraints do not fit the columns")


def _blocks(body: str, sizes: Sequence[int]) -> list[str]:
    # The sizes are what LightGBM cuts the text by, so they have to be the true ones.
    starts = [0, *np.cumsum(sizes).tolist()]
    if min(sizes, default=1) <= 0 or starts[-1] != len(body):
        raise ValueError("tree_sizes do not add up to the length of the trees")
    return [body[start:stop] for start, stop in pairwise(starts)]


def _check_tree(block: str, number: int, is_category: npt.NDArray[np.bool_]) -> None:
    first, *lines = block.rstrip("\n").splitlines() or [""]
    _same("title", first, f"Tree={number}")
    keys = _keys(lines)
    leaves, categories = _count(keys, "num_leaves", 1, _MOST_LEAVES), _count(keys, "num_cat", 0, _MOST_LEAVES)
    known = _TREE_WITH_CATEGORIES if categories else _TREE
    if set(keys) != known:
        raise ValueError(f"keys {sorted(set(keys) ^ known)} are unknown or missing")
    _same("is_linear", keys["is_linear"], "0")
    for name in (*_PER_SPLIT, *_PER_LEAF):
        if leaves == 1 and name == "leaf_weight" and not keys[name]:
            continue  # a tree that never split records no weight
        _floats(keys, name, leaves - (name in _PER_SPLIT), may_be_infinite=name == "threshold")
    _floats(keys, "shrinkage", 1)
    if leaves > 1:
        _check_shape(keys, leaves)
        _check_splits(keys, leaves, categories, is_category)


def _check_shape(keys: Mapping[str, str], leaves: int) -> None:
    """Every split but the first and every leaf hangs on exactly one earlier split: a tree, without cycles."""
    left, right = (_integers(keys, name, leaves - 1, -leaves, leaves - 2) for name in ("left_child", "right_child"))
    children = np.concatenate([left, right])
    parents = np.tile(np.arange(leaves - 1), 2)
    if not np.array_equal(np.sort(children), np.arange(-leaves, leaves - 1)[np.arange(-leaves, leaves - 1) != 0]):
        raise ValueError("a split or leaf hangs on none or on several others")
    if np.any((children >= 0) & (children <= parents)):
        raise ValueError("a split leads back to an earlier one")
    _integers(keys, "internal_count", leaves - 1, 1, 2**62)
    _integers(keys, "leaf_count", leaves, 0, 2**62)


def _check_splits(
    keys: Mapping[str, str], leaves: int, categories: int, is_category: npt.NDArray[np.bool_]
) -> None:
    feature = _integers(keys, "split_feature", leaves - 1, 0, len(is_category) - 1)
    kind = _integers(keys, "decision_type", leaves - 1, 0, 15)
    by_category = (kind & _IS_CATEGORY) == 1
    if np.any(kind >> 2 == _MISSING_KINDS):
        raise ValueError("decision_type has an unknown way of treating missing values")
    if np.any(by_category & ~is_category[feature]) or np.any(~by_category & is_category[feature]):
        raise ValueError("a category is split like a number, or a number like a category")
    _same("splits by category", int(by_category.sum()), categories)
    if not categories:
        return
    index = _floats(keys, "threshold", leaves - 1, may_be_infinite=True)[by_category]
    if not np.array_equal(np.sort(index), np.arange(categories)):
        raise ValueError("a split by category has no set of categories of its own")
    bounds = _integers(keys, "cat_boundaries", categories + 1, 0, 2**31 - 1)
    if bounds[0] != 0 or np.any(np.diff(bounds) <= 0):
        raise ValueError("cat_boundaries do not rise from 0")
    _integers(keys, "cat_threshold", int(bounds[-1]), 0, 2**32 - 1)


def _keys(lines: Sequence[str]) -> dict[str, str]:
    pairs = [line.partition("=") for line in lines]
    keys = {name: value for name, _, value in pairs}
    if len(keys) != len(pairs) or not all(equals for _, equals, _ in pairs):
        raise ValueError("a line without '=', or a key that occurs twice")
    return keys


def _count(keys: Mapping[str, str], name: str, low: int, high: int) -> int:
    return int(_integers(keys, name, 1, low, high)[0])


def _integers(keys: Mapping[str, str], name: str, count: int, low: int, high: int) -> IntArray:
    values = _floats(keys, name, count)
    with np.errstate(invalid="ignore"):
        whole = values.astype(np.int64)
    if np.any(whole != values) or np.any(whole < low) or np.any(whole > high):
        raise ValueError(f"{name} is not whole numbers from {low} to {high}")
    return whole


def _floats(
    keys: Mapping[str, str], name: str, count: int, *, may_be_infinite: bool = False
) -> npt.NDArray[np.float64]:
    # An infinite threshold is what LightGBM writes for "known or missing?".
    written = keys.get(name, "")
    if not _NUMBERS.fullmatch(written.replace("inf", "") if may_be_infinite else written):
        raise ValueError(f"{name} holds something else than numbers")
    values = np.array(written.split(), dtype=np.float64)
    if len(values) != count or not (may_be_infinite or np.isfinite(values).all()):
        raise ValueError(f"{name} is not {count} finite numbers")
    return values


def _same(name: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise ValueError(f"{name} is not as recorded")
