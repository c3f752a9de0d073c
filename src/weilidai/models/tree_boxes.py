"""The leaves of LightGBM trees as boxes: which values of which columns lead where.

Thresholds are moved down to the next float32, which changes nothing: a model reads float32 numbers, and such a
number is at most the threshold exactly when it is at most the largest float32 not above it. A number reaches
the left branch when it is at most the threshold; a missing value goes where the split says; a category goes
left when it is in the split's set, and everything else, missing and unknown ones too, goes right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import ModelError
from weilidai.models.features import Features

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_IS_CATEGORY, _DEFAULT_LEFT = 1, 2
_ZERO_IS_MISSING, _NAN_IS_MISSING = 1, 2
_WORD_BITS: Final = 32


@dataclass(frozen=True)
class Boxes:
    """Leaves of one tree, each as a product of one set of values per column the tree asks about.

    Parameters
    ----------
    columns
        Places of those columns in the model's matrix; shape (columns,).
    low, high
        A leaf takes the numbers above ``low`` and up to ``high``; shapes (leaves, columns).
    takes_missing
        Whether it takes a missing value; same shape.
    categories
        Place in ``columns`` of a category column -> which codes each leaf takes, the last place standing for
        missing and unknown; shape (leaves, levels + 1). Numbers and missing values do not count there.
    value
        What each leaf adds to the score; shape (leaves,).
    """

    columns: IntArray
    low: FloatArray
    high: FloatArray
    takes_missing: BoolArray
    categories: Mapping[int, BoolArray]
    value: FloatArray

    def overlaps(self) -> BoolArray:
        """Tell which leaves share a value of a column; shape (leaves, leaves, columns)."""
        low, high = self.low, self.high
        shared = np.maximum(low[:, None], low[None]) < np.minimum(high[:, None], high[None])
        shared |= self.takes_missing[:, None] & self.takes_missing[None]
        for place, taken in self.categories.items():
            shared[:, :, place] = (taken[:, None] & taken[None]).any(axis=2)
        return shared


def read_boxes(text: str, features: Features) -> Iterator[Boxes]:
    """Read the leaves of every tree that splits, from a text that LightGBM has written.

    Raises
    ------
    ModelError
        A tree treats zero as missing, which this project never asks for.
    """
    levels = {place: len(features.levels[features.names[place]]) for place in features.categorical_indices}
    for block in text.partition("\nend of trees")[0].split("\nTree=")[1:]:
        keys = dict(line.split("=", 1) for line in block.split("\n")[1:] if "=" in line)
        if int(keys["num_leaves"]) > 1:
            yield _boxes(keys, levels)


def float32_below(threshold: FloatArray) -> FloatArray:
    """Give the largest float32 not above each number; same shape.

    Examples
    --------
    >>> float32_below(np.array([0.5, 0.1])).tolist()
    [0.5, 0.09999999403953552]
    """
    with np.errstate(over="ignore"):
        near = threshold.astype(np.float32)
    lower = np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)
    below: FloatArray = lower.astype(np.float64)
    return below


class _Regions:
    """What reaches each split and leaf of a tree while its questions are followed down from the top."""

    def __init__(self, rows: int, levels: Sequence[int | None]) -> None:
        shape = (rows, len(levels))
        self.low, self.high = np.full(shape, -np.inf), np.full(shape, np.inf)
        self.takes_missing = np.ones(shape, dtype=np.bool_)
        self.categories: dict[int, BoolArray] = {}
        for where, count in enumerate(levels):
            if count is not None:
                self.categories[where] = np.ones((rows, count + 1), dtype=np.bool_)
                # No numbers: an empty range, so that only the set of codes counts.
                self.low[:, where], self.high[:, where], self.takes_missing[:, where] = np.inf, -np.inf, False

    def hand_down(self, parent: int, row: int) -> None:
        """Let everything that reaches a split reach one of its branches."""
        for reached in (self.low, self.high, self.takes_missing, *self.categories.values()):
            reached[row] = reached[parent]

    def keep_numbers(self, row: int, where: int, threshold: float, *, is_left: bool, missing_goes_left: bool) -> None:
        """Keep the numbers of one side of a threshold."""
        if is_left:
            self.high[row, where] = min(self.high[row, where], threshold)
        else:
            self.low[row, where] = max(self.low[row, where], threshold)
        self.takes_missing[row, where] &= is_left == missing_goes_left

    def keep_codes(self, row: int, where: int, codes: BoolArray) -> None:
        """Keep the categories of one side of a split."""
        self.categories[where][row] &= codes


def _boxes(keys: Mapping[str, str], levels: Mapping[int, int]) -> Boxes:
    kind, written = _integers(keys["decision_type"]), _numbers(keys["threshold"])
    threshold, missing_goes_left = float32_below(written), _missing_goes_left(kind, written)
    columns, place = np.unique(_integers(keys["split_feature"]), return_inverse=True)
    branches = _integers(keys["left_child"]), _integers(keys["right_child"])
    value, splits = _numbers(keys["leaf_value"]), len(written)
    # Rows below ``splits`` are splits; the leaf LightGBM calls ~n is row splits + n.
    regions = _Regions(splits + len(value), [levels.get(int(column)) for column in columns])
    for split in range(splits):
        where = int(place[split])
        for children, is_left in zip(branches, (True, False), strict=True):
            child = int(children[split])
            row = child if child >= 0 else splits + ~child
            regions.hand_down(split, row)
            if where in regions.categories:
                left = _left_codes(keys, int(written[split]), regions.categories[where].shape[1])
                regions.keep_codes(row, where, left if is_left else ~left)
            else:
                regions.keep_numbers(
                    row, where, float(threshold[split]), is_left=is_left,
                    missing_goes_left=bool(missing_goes_left[split]),
                )
    return Boxes(
        columns.astype(np.int64), regions.low[splits:], regions.high[splits:], regions.takes_missing[splits:],
        {where: taken[splits:] for where, taken in regions.categories.items()}, value,
    )


def _missing_goes_left(kind: IntArray, threshold: FloatArray) -> BoolArray:
    treated = (kind >> 2) & 3
    if np.any((treated == _ZERO_IS_MISSING) & (kind & _IS_CATEGORY == 0)):
        raise ModelError("a tree treats zero as missing", where="decision_type", cure="train again")
    # Where nothing was missing in training, LightGBM reads a missing value as zero.
    goes_left: BoolArray = np.where(treated == _NAN_IS_MISSING, (kind & _DEFAULT_LEFT) > 0, threshold >= 0)
    return goes_left


def _left_codes(keys: Mapping[str, str], number: int, places: int) -> BoolArray:
    bounds, words = _integers(keys["cat_boundaries"]), _integers(keys["cat_threshold"])
    own = words[bounds[number] : bounds[number + 1]]
    codes = np.arange(places - 1)
    word, bit = codes // _WORD_BITS, codes % _WORD_BITS
    is_in = (word < len(own)) & ((own[np.minimum(word, len(own) - 1)] >> bit & 1) == 1)
    return np.append(is_in, np.False_)  # missing and unknown go right


def _integers(written: str) -> IntArray:
    return np.array(written.split(), dtype=np.int64)


def _numbers(written: str) -> FloatArray:
    return np.array(written.split(), dtype=np.float64)
