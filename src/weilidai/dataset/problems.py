"""One breach of the column contract: where, what, how many and the first rows, never a person's value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]

ROWS_SHOWN: Final = 5


def _nowhere() -> npt.NDArray[np.intp]:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Problem:
    """A breach of the contract in one column.

    Parameters
    ----------
    column
        The column, or ``"table"`` when the breach is not in one column.
    what
        What is wrong, without any value of a person.
    count
        People concerned; 0 when the whole column or table is.
    rows
        First rows concerned, counted from 1 as a reader counts them.
    is_fatal
        Whether the table is refused for it; otherwise it is a warning.
    all_rows
        Places of all rows concerned, counted from 0; shape (count,).
    """

    column: str
    what: str
    count: int = 0
    rows: tuple[int, ...] = ()
    is_fatal: bool = True
    all_rows: npt.NDArray[np.intp] = field(default_factory=_nowhere, compare=False, repr=False)

    def __str__(self) -> str:
        rows = ", ".join(str(row) for row in self.rows) + (", ..." if self.count > len(self.rows) else "")
        where = f" ({self.count} rows; first: {rows})" if self.rows else ""
        return f"{self.column}: {self.what}{where}"


def breaches(column: str, what: str, broken: BoolArray, *, is_fatal: bool = True) -> Iterator[Problem]:
    """Give the problem of the rows marked ``broken``, or nothing when no row is."""
    rows = np.flatnonzero(broken)
    if rows.size:
        first = tuple(int(row) + 1 for row in rows[:ROWS_SHOWN])
        yield Problem(column, what, count=int(rows.size), rows=first, is_fatal=is_fatal, all_rows=rows)
