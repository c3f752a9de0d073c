"""Some people of a block: their rows taken out, worked on, and put back among the others."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
NO_LEVEL: Final = 255
"""Code of a category that says nothing about a person."""


@dataclass(frozen=True)
class SomePeople:
    """The people a mechanism touches; most of what follows an application concerns few of a block."""

    rows: npt.NDArray[np.intp]
    size: int

    @classmethod
    def where(cls, condition: BoolArray) -> "SomePeople":
        """Take the people for whom the condition holds; shape (people,)."""
        return cls(np.flatnonzero(condition), len(condition))

    def of(self, values: Array) -> Array:
        """Take these people's values out of a column; shape (these,)."""
        taken: Array = values[self.rows]
        return taken

    def numbers(self, values: Array) -> FloatArray:
        """Put numbers back; missing for everybody else; shape (people,)."""
        column = np.full(self.size, np.nan, dtype=np.float32)
        column[self.rows] = values
        return column

    def codes(self, values: Array) -> npt.NDArray[np.uint8]:
        """Put level codes back; no level for everybody else; shape (people,)."""
        column = np.full(self.size, NO_LEVEL, dtype=np.uint8)
        column[self.rows] = values
        return column

    def flags(self, values: Array) -> BoolArray:
        """Put flags back; false for everybody else; shape (people,)."""
        column = np.zeros(self.size, dtype=np.bool_)
        column[self.rows] = values
        return column


def chosen(weights: Array, uniform: FloatArray) -> npt.NDArray[np.uint8]:
    """Choose one of several by weight.

    Parameters
    ----------
    weights
        One row per choice; shape (choices,) for everybody alike, or (choices, people).
    uniform
        One uniform on [0, 1) each; shape (people,).

    Returns
    -------
    numpy.ndarray
        Number of the choice; shape (people,).
    """
    heaps = [np.asarray(weights[0], dtype=np.float32)]
    for weight in weights[1:]:
        heaps.append(heaps[-1] + weight)  # row by row: NumPy's cumsum goes down the columns, ten times slower
    place = uniform * heaps[-1]
    numbers = np.zeros(len(uniform), dtype=np.uint8)
    for heap in heaps[:-1]:
        numbers += place >= heap
    return numbers
