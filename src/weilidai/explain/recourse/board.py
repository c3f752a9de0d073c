"""All that one person could do, as numbers: one row for each combination of steps, made many at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.explain.recourse.options import Option, Person, passed
from weilidai.facts.actions import MOST_MONTHS, Passing

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float32]
Direction = Callable[[str], int | None]
"""Column -> 1, -1, 0 where the effect may turn, None where nobody reads it."""
NO_STEP: Final = -1
"""In place of a step: nothing is done there."""


@dataclass(frozen=True)
class Cost:
    """What combinations cost; arrays of shape (combinations,)."""

    total: FloatArray
    """Months to wait, plus the effort of every step."""
    gaming: IntArray
    """1 where an action among them only makes figures look better."""


class Board:
    """The steps of every open action, numbered through, and what each combination makes of the person.

    Parameters
    ----------
    person
        The person now.
    options
        The actions open to the person.
    passing
        What time does by itself.
    columns
        Columns of a row, in order.
    direction
        How each column counts.
    """

    def __init__(
        self, person: Person, options: Sequence[Option], passing: tuple[Passing, ...], columns: tuple[str, ...],
        direction: Direction,
    ) -> None:
        self.options, self.columns = tuple(options), columns
        self._places = {name: place for place, name in enumerate(columns)}
        self._ways = {name: direction(name) for name in columns}
        levels = [(number, level) for number, option in enumerate(options) for level in option.levels]
        self.levels = [level for _, level in levels]
        self.option_of = np.array([number for number, _ in levels], dtype=np.int64)
        self.months = np.array([level.months for _, level in levels] + [0], dtype=np.int64)
        self.effort = np.array([level.effort for _, level in levels] + [0.0])
        self._gaming = np.array([options[n].action.is_gaming for n, _ in levels] + [False], dtype=np.int64)
        now = np.array([_plain(person.get(name)) for name in columns], dtype=np.float32)
        self.timed = np.tile(now, (MOST_MONTHS + 1, 1))
        for months in range(1, MOST_MONTHS + 1):
            self._write(self.timed[months], passed(person, months, passing))
        self._writes = self._layers()
        self.turning = [self._turns(option) for option in range(len(self.options))]
        self.together = ~np.array([[a.excludes(b) for b in options] for a in options], dtype=np.bool_).reshape(
            len(options), len(options)
        )

    @property
    def present(self) -> Rows:
        """The person now; shape (1, columns)."""
        return self.timed[:1]

    def rows(self, steps: IntArray) -> Rows:
        """Make one changed person of each combination.

        Parameters
        ----------
        steps
            Shape (combinations, steps at most): numbers of steps, ``NO_STEP`` for none. Where two write the same
            column the better value counts, which bounds what both could reach.

        Returns
        -------
        Rows
            Shape (combinations, columns).
        """
        rows: Rows = self.timed[self.months[steps].max(axis=1, initial=0)]
        more, less, other = self._writes
        for taken in steps.T:
            rows = np.fmin(np.fmax(rows, more[taken]), less[taken])
            if other is not None:
                rows = np.where(np.isnan(other[taken]), rows, other[taken])
        return rows

    def cost(self, steps: IntArray) -> Cost:
        """Cost of each combination."""
        total = self.months[steps].max(axis=1, initial=0) + self.effort[steps].sum(axis=1)
        return Cost(total, self._gaming[steps].max(axis=1, initial=0))

    def steps_of(self, option: int) -> IntArray:
        """Numbers of the steps of one action, from the smallest on."""
        return np.flatnonzero(self.option_of == option)

    def _write(self, row: Rows, values: dict[str, float]) -> None:
        for name, value in values.items():
            if name in self._places:
                row[self._places[name]] = value

    def _layers(self) -> tuple[Rows, Rows, Rows | None]:
        """Lay out what each step writes: what only raises, what only lowers, what replaces; NaN where it does not."""
        shape = (len(self.levels) + 1, len(self.columns))
        more, less, other = (np.full(shape, np.nan, dtype=np.float32) for _ in range(3))
        for number, level in enumerate(self.levels):
            for name, value in level.changes.items():
                if name in self._places:
                    layer = {1: more, -1: less}.get(self._ways[name] or 0, other)
                    layer[number, self._places[name]] = value
        return more, less, None if np.isnan(other).all() else other

    def ends_of(self, option: int) -> IntArray:
        """Give the steps of one action of which one is best for any goal, whatever else is done.

        The farthest, unless the action has no direction: then it may also be best not to act at all.
        """
        steps = self.steps_of(option)
        return steps if self.turning[option] else steps[-1:]

    def _turns(self, option: int) -> bool:
        """Tell whether an action may turn from better to worse as it goes farther."""
        steps = self.steps_of(option)
        path = np.vstack([self.present, self.rows(steps[:, None])])
        changes = np.diff(path.astype(np.float64), axis=0)
        ways = np.array([self._ways[name] or 0 for name in self.columns])
        read = np.array([self._ways[name] is not None for name in self.columns])
        moved = read & ((path[1:] != path[:-1]) & ~(np.isnan(path[1:]) & np.isnan(path[:-1]))).any(axis=0)
        rises = np.diff(np.concatenate([[0], self.months[steps]])) >= 0
        # Comparisons with NaN are false: a column that only comes to light is no monotone step.
        only_better = (changes[:, moved] * ways[moved] >= 0).all() and (ways[moved] != 0).all() and rises.all()
        return not bool(only_better)


def _plain(value: Any) -> float:  # noqa: ANN401  # a number, a level of a category, or nothing
    return float("nan") if value is None or isinstance(value, str) else float(value)
