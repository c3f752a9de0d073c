"""The cheapest changes that reach a goal, exactly; and proof where there are none.

One and two actions are searched completely. Documented directions hold in the models, so a pair whose farthest
steps miss the goal misses it altogether, and the rest is tried in the order of its cost. Three and more are found
by branch and bound: a set is given up as soon as everything that could still join it, at its farthest step, does
not reach the goal. Where even everything at once does not, there is nothing to find.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from time import perf_counter
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from weilidai.explain.recourse.board import NO_STEP, Board
from weilidai.explain.recourse.goals import Goal
from weilidai.explain.recourse.options import Level, Option

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
State = Literal["already", "found", "none", "undecided"]
KEPT: Final = 5
"""Sets of actions kept: three are shown, and some may prove of no use in the simulator."""
FIRST_LOOK: Final = 128
MOST_ROWS: Final = 4096
MOST_TOGETHER: Final = 4096
"""Combinations of steps without a direction that are gone through to bound the rest."""


@dataclass(frozen=True)
class Plan:
    """Steps that reach the goal.

    Parameters
    ----------
    options, levels
        The actions and the step of each.
    months
        Months until all of it shows.
    cost
        Months plus efforts.
    value
        What the model then gives: a probability, or yuan.
    steps
        The levels, numbered as on the board.
    """

    options: tuple[Option, ...]
    levels: tuple[Level, ...]
    months: int
    cost: float
    value: float
    steps: tuple[int, ...]

    @property
    def is_gaming(self) -> bool:
        """Whether one of the actions only makes figures look better."""
        return any(option.action.is_gaming for option in self.options)

    @property
    def unknown(self) -> frozenset[str]:
        """Columns whose value only comes to light."""
        return frozenset().union(*(level.unknown for level in self.levels))


@dataclass(frozen=True)
class Certificate:
    """Why there is nothing, or nothing with fewer actions.

    Parameters
    ----------
    kind
        ``best_point``: everything at once does not reach the goal; ``enumerated``: every set of actions was
        tried or bounded.
    best_value
        The best that everything at once could reach, by the model.
    tried
        Combinations that the models were asked about.
    best_steps
        The steps that give the best value, numbered as on the board.
    """

    kind: Literal["best_point", "enumerated"]
    best_value: float
    tried: int
    best_steps: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The outcome of a search."""

    state: State
    plans: tuple[Plan, ...]
    certificate: Certificate | None
    seconds: float


def search(board: Board, goal: Goal, seconds: float) -> Found:
    """Find the cheapest changes that reach the goal.

    Parameters
    ----------
    board
        What the person could do.
    goal
        What is to be reached.
    seconds
        Time after which sets of three and more actions are left undecided.

    Returns
    -------
    Found
        Plans in order: those without gaming first, then by cost; ties by the order of declaration. With three
        and more actions only where two do not do.
    """
    return _Search(board, goal, seconds).run()


class _Search:
    def __init__(self, board: Board, goal: Goal, seconds: float) -> None:
        self._board, self._goal = board, goal
        self._start = perf_counter()
        self._seconds = seconds
        self._tried = 0

    def run(self) -> Found:
        if bool(self._goal.judge(self._board.present).reached[0]):
            return self._found("already", [])
        everything = list(range(len(self._board.options)))
        bound = self._farthest(everything)
        if bound is not None and not self._judge(bound)[0].any():
            return self._found("none", [], self._certified("best_point", bound))
        plans: list[Plan] | None = self._up_to_two()
        if not plans:
            plans = self._more(everything)
        if plans:
            return self._found("found", plans)
        if plans is None or bound is None:
            return self._found("undecided", [])
        return self._found("none", [], self._certified("enumerated", bound))

    def _more(self, everything: list[int]) -> list[Plan] | None:
        """Find sets of three and more actions, the smallest first; None when time ran out."""
        for size in range(3, len(everything) + 1):
            sets = self._sets(size)
            if sets is None:
                return None
            if sets:
                plans = self._cheapest(np.concatenate([self._grid(chosen, size) for chosen in sets]))
                if plans:
                    return plans
        return []

    def _certified(self, kind: Literal["best_point", "enumerated"], bound: IntArray) -> Certificate:
        _, value = self._judge(bound)
        best = int(value.argmax())
        steps = tuple(int(step) for step in bound[best] if step != NO_STEP)
        return Certificate(kind, float(value[best]), self._tried, steps)

    def _found(self, state: State, plans: list[Plan], certificate: Certificate | None = None) -> Found:
        return Found(state, tuple(plans), certificate, perf_counter() - self._start)

    def _judge(self, steps: IntArray) -> tuple[BoolArray, FloatArray]:
        self._tried += len(steps)
        judged = self._goal.judge(self._board.rows(steps))
        return judged.reached, judged.value

    def _can(self, options: list[int]) -> bool:
        """Tell whether some actions together may reach the goal: never false where they do."""
        bound = self._farthest(options)
        return bound is None or bool(self._judge(bound)[0].any())

    def _farthest(self, options: list[int]) -> IntArray | None:
        """Give combinations of farthest steps of which one is at least as good as any others; None if too many."""
        board = self._board
        single = [step for option in options if not board.turning[option] for step in board.ends_of(option)]
        turning = [board.ends_of(option) for option in options if board.turning[option]]
        if prod(len(steps) + 1 for steps in turning) > MOST_TOGETHER:
            return None
        # What has no direction may also be better left alone.
        several = list(product(*([NO_STEP, *steps] for steps in turning)))
        return np.array([[*single, *steps] for steps in several], dtype=np.int64).reshape(len(several), -1)

    def _up_to_two(self) -> list[Plan]:
        board = self._board
        alone = np.arange(len(board.levels), dtype=np.int64)[:, None]
        enough, _ = self._judge(alone)
        pairs = self._open_pairs(enough)
        singles = np.column_stack([alone[enough], np.full(int(enough.sum()), NO_STEP, dtype=np.int64)])
        return self._cheapest(np.concatenate([singles, pairs]))

    def _open_pairs(self, enough: BoolArray) -> IntArray:
        """Give the pairs of steps that may reach the goal, of which neither does alone."""
        board = self._board
        ends = np.concatenate([board.ends_of(option) for option in range(len(board.options))])
        first, second = (ends[place] for place in np.triu_indices(len(ends), 1))
        apart = board.together[board.option_of[first], board.option_of[second]]
        first, second = first[apart], second[apart]
        reached, _ = self._judge(np.column_stack([first, second]))
        can = np.zeros_like(board.together)
        can[board.option_of[first[reached]], board.option_of[second[reached]]] = True
        a, b = np.triu_indices(len(board.levels), 1)
        kept = can[board.option_of[a], board.option_of[b]] & ~enough[a] & ~enough[b]
        return np.column_stack([a[kept], b[kept]])

    def _cheapest(self, steps: IntArray) -> list[Plan]:
        """Try combinations from the cheapest on until enough different sets of actions reach the goal."""
        cost = self._board.cost(steps)
        order = np.lexsort((*steps.T[::-1], cost.total, cost.gaming))
        plans: dict[tuple[int, ...], Plan] = {}
        start, size = 0, FIRST_LOOK
        while start < len(order) and len(plans) < KEPT:
            look = order[start : start + size]
            reached, value = self._judge(steps[look])
            for place in np.flatnonzero(reached):
                taken = tuple(int(step) for step in steps[look[place]] if step != NO_STEP)
                options = tuple(int(self._board.option_of[step]) for step in taken)
                if len(plans) < KEPT and options not in plans:
                    plans[options] = self._plan(taken, float(value[place]))
            start, size = start + size, min(size * 2, MOST_ROWS)
        return list(plans.values())

    def _plan(self, steps: tuple[int, ...], value: float) -> Plan:
        board = self._board
        taken = np.array([steps], dtype=np.int64)
        return Plan(
            tuple(board.options[board.option_of[step]] for step in steps), tuple(board.levels[step] for step in steps),
            int(board.months[taken].max()), float(board.cost(taken).total[0]), value, steps,
        )

    def _sets(self, size: int) -> list[tuple[int, ...]] | None:
        """Give every set of so many actions whose farthest steps reach the goal; None when time ran out."""
        found: list[tuple[int, ...]] = []
        order = self._strongest_first()
        for chosen in self._branch([], order, size):
            if chosen is None:
                return None
            found.append(chosen)
        return found

    def _branch(self, chosen: list[int], rest: list[int], size: int) -> Iterator[tuple[int, ...] | None]:
        if perf_counter() - self._start > self._seconds:
            yield None
            return
        if len(chosen) == size:
            if self._can(chosen):
                yield tuple(sorted(chosen))
            return
        for place, option in enumerate(rest):
            if len(rest) - place < size - len(chosen) or not self._can([*chosen, *rest[place:]]):
                return
            left = [other for other in rest[place + 1 :] if self._board.together[option, other]]
            yield from self._branch([*chosen, option], left, size)

    def _strongest_first(self) -> list[int]:
        """Order the actions by what each does alone, so that weak remainders are given up early."""
        options = range(len(self._board.options))
        gains = [self._judge(self._board.ends_of(option)[:, None])[1].max() for option in options]
        return sorted(options, key=lambda option: (-gains[option], option))

    def _grid(self, chosen: tuple[int, ...], size: int) -> IntArray:
        grid = product(*(self._board.steps_of(option) for option in chosen))
        return np.array(list(grid), dtype=np.int64).reshape(-1, size)
