"""What a benchmark's figure is, and how two things are timed fairly in one run: turn by turn."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, Literal

REPEATS = 5


@dataclass(frozen=True)
class Bound:
    """What is wanted of a number."""

    comparison: Literal["at_least", "at_most"]
    value: float

    def holds(self, number: float) -> bool:
        return number >= self.value if self.comparison == "at_least" else number <= self.value


@dataclass(frozen=True)
class Figure:
    """One measured number beside its peer's from the same run.

    Parameters
    ----------
    name
        What was measured.
    unit
        Unit of both numbers.
    own, peer
        Medians of ``repeats`` measurements.
    against
        What the peer is.
    wanted, wanted_ratio
        What is wanted of the own number, and of its ratio to the peer's.
    """

    part: str
    name: str
    unit: str
    own: float
    against: str
    peer: float
    repeats: int
    wanted: Bound | None = None
    wanted_ratio: Bound | None = None

    @property
    def ratio(self) -> float:
        return self.own / self.peer

    @property
    def is_met(self) -> bool | None:
        asked = [(self.wanted, self.own), (self.wanted_ratio, self.ratio)]
        held = [bound.holds(number) for bound, number in asked if bound is not None]
        return all(held) if held else None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": self.ratio, "is_met": self.is_met}


def seconds_of(work: Callable[[], object]) -> float:
    """Time one call, without the waste of an earlier one."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def side_by_side(*works: Callable[[], object], repeats: int) -> list[float]:
    """Time several things turn by turn, so that a busy machine is busy for all; give each one's median seconds."""
    for work in works:
        work()
    turns = [[seconds_of(work) for work in works] for _ in range(repeats)]
    return [statistics.median(times) for times in zip(*turns, strict=True)]


def calls_of(*works: Callable[[], object], calls: int, rounds: int) -> list[list[float]]:
    """Time many short calls of each thing in rounds, turn by turn; seconds, rising."""
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for own, work in zip(times, works, strict=True):
            for _ in range(calls):
                start = perf_counter()
                work()
                own.append(perf_counter() - start)
    return [sorted(own) for own in times]


def quantile(rising: list[float], share: float) -> float:
    return rising[min(int(len(rising) * share), len(rising) - 1)]
