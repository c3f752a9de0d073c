"""Whether trees together can fall where one column takes one step up, and for whom.

Branch and bound: tree by tree a pair of leaves is chosen, below and above the step, whose boxes share the
other columns with all leaves chosen so far. What the remaining trees could fall at most bounds the search.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from weilidai.models.tree_boxes import Boxes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOST_PAIRS: Final = 20_000
"""Pairs of leaves tried at one step before it is left undecided."""


@dataclass(frozen=True)
class Region:
    """Values of one column: numbers above ``low`` up to ``high``, perhaps missing; or a set of codes."""

    low: float
    high: float
    takes_missing: bool
    codes: BoolArray | None = None

    def meet(self, other: "Region") -> "Region | None":
        """Keep what both take; None when that is nothing."""
        if self.codes is not None and other.codes is not None:
            codes = self.codes & other.codes
            return Region(self.low, self.high, takes_missing=False, codes=codes) if codes.any() else None
        low, high = max(self.low, other.low), min(self.high, other.high)
        takes_missing = self.takes_missing and other.takes_missing
        return Region(low, high, takes_missing) if low < high or takes_missing else None

    @property
    def value(self) -> float:
        """One of the values, as the model's matrix spells it: NaN for missing, a code for a category."""
        if self.codes is not None:
            first = int(np.flatnonzero(self.codes)[0])
            return float(first) if first < len(self.codes) - 1 else float("nan")
        if not self.low < self.high:
            return float("nan")
        if self.low < 0 <= self.high:
            return 0.0
        return self.high if np.isfinite(self.high) else float(np.nextafter(np.float32(self.low), np.float32(np.inf)))


Regions = Mapping[int, Region]


@dataclass(frozen=True)
class Fall:
    """Values of the other columns for which the trees fall; columns not named take any value."""

    values: Mapping[int, float]


@dataclass(frozen=True)
class Step:
    """One tree where one column steps over a cut: from the largest number not above it to the next."""

    boxes: Boxes
    column: int
    cut: float
    direction: int

    @cached_property
    def pairs(self) -> list[tuple[float, int, int]]:
        """Leaves below and above the step that share all other columns, with the gain; the largest fall first."""
        where = int(np.flatnonzero(self.boxes.columns == self.column)[0])
        low, high = self.boxes.low[:, where], self.boxes.high[:, where]
        below, above = (low < self.cut) & (self.cut <= high), (low <= self.cut) & (self.cut < high)
        shared = self.boxes.overlaps()
        shared[:, :, where] = True
        found = np.argwhere(shared.all(axis=2) & below[:, None] & above[None])
        value = self.boxes.value
        return sorted((self.direction * float(value[b] - value[a]), int(a), int(b)) for a, b in found)

    def others(self, below: int, above: int) -> Iterator[tuple[int, Region]]:
        """Give what two leaves share of the other columns."""
        for where, column in enumerate(self.boxes.columns):
            if column != self.column:
                met = _region(self.boxes, below, where).meet(_region(self.boxes, above, where))
                if met is not None:
                    yield int(column), met


def find_fall(steps: Sequence[Step]) -> Fall | Literal["undecided"] | None:
    """Look for people for whom the trees together fall.

    Returns
    -------
    Fall, "undecided" or None
        Somebody for whom they fall; too many combinations to tell; nobody.
    """
    moving = sorted((step for step in steps if step.pairs[0][0] or step.pairs[-1][0]), key=lambda step: step.pairs[0])
    # What the trees from each place on can fall at most.
    ahead = np.append(np.cumsum([step.pairs[0][0] for step in moving][::-1])[::-1], 0.0)
    if ahead[0] >= 0:
        return None
    tried = 0
    waiting: list[tuple[int, float, Regions]] = [(0, 0.0, {})]
    while waiting:
        place, gained, regions = waiting.pop()
        if place == len(moving):
            return Fall({column: region.value for column, region in regions.items()})
        reached = []
        for gain, below, above in moving[place].pairs:
            tried += 1
            if gained + gain + ahead[place + 1] >= 0:
                break
            narrowed = _narrow(regions, moving[place].others(below, above))
            if narrowed is not None:
                reached.append((place + 1, gained + gain, narrowed))
        if tried > MOST_PAIRS:
            return "undecided"
        waiting.extend(reversed(reached))
    return None


def _narrow(regions: Regions, others: Iterator[tuple[int, Region]]) -> Regions | None:
    narrowed = dict(regions)
    for column, region in others:
        met = region.meet(narrowed[column]) if column in narrowed else region
        if met is None:
            return None
        narrowed[column] = met
    return narrowed


def _region(boxes: Boxes, leaf: int, where: int) -> Region:
    codes = boxes.categories.get(where)
    return Region(
        float(boxes.low[leaf, where]), float(boxes.high[leaf, where]), bool(boxes.takes_missing[leaf, where]),
        None if codes is None else codes[leaf],
    )
