"""How sure a measured figure is: people drawn with replacement, the same draws for everything compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from weilidai.errors import ConfigError, suggest

FloatArray = npt.NDArray[np.float64]


class Scored(Protocol):
    """Anything that measures itself with each person counted a given number of times."""

    def metrics(self, weight: FloatArray | None = None) -> dict[str, float]:
        """Metric name -> value."""
        ...


@dataclass(frozen=True)
class Interval:
    """A measured value and the range its bootstrap draws fall into."""

    value: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Tell whether ``value`` lies outside the range."""
        return not self.low <= value <= self.high


@dataclass(frozen=True)
class Measured:
    """Values on the people as they are and, draw by draw, on people drawn with replacement.

    Parameters
    ----------
    values
        Name -> value.
    draws
        The same names -> values by draw; shape (replicates,). Draw 7 of every name is of the same people.
    level
        Share of the draws an interval holds.
    """

    values: Mapping[str, float]
    draws: Mapping[str, FloatArray]
    level: float

    def interval(self, name: str) -> Interval:
        """Give a value with its range."""
        return self.combine(np.asarray, name)

    def difference(self, name: str, other: str) -> Interval:
        """Give ``name`` less ``other`` with the range of the paired difference."""
        return self.combine(np.subtract, name, other)

    def combine(self, function: Callable[..., npt.NDArray[np.float64]], *names: str) -> Interval:
        """Give a function of several values, with the range it takes draw by draw."""
        for name in names:
            self._refuse_unknown(name)
        value = float(function(*(np.float64(self.values[name]) for name in names)))
        return self._range(value, function(*(self.draws[name] for name in names)))

    def _range(self, value: float, draws: FloatArray) -> Interval:
        kept = draws[np.isfinite(draws)]
        if not kept.size:
            return Interval(value, float("nan"), float("nan"))
        tail = (1 - self.level) / 2
        low, high = np.quantile(kept, (tail, 1 - tail))
        return Interval(value, float(low), float(high))

    def _refuse_unknown(self, name: str) -> None:
        if name not in self.values:
            raise ConfigError(f"nothing was measured under {name!r}", cure=suggest(name, self.values))


def measure(scored: Mapping[str, Scored], people: int, *, replicates: int, level: float, seed: int) -> Measured:
    """Measure several things on the same people, with paired bootstrap draws.

    Parameters
    ----------
    scored
        Prefix -> what measures itself; names become ``prefix.metric``.
    people
        How many people everything in ``scored`` was measured on.
    replicates
        Draws; 0 gives values without ranges.
    level
        Share of the draws a range holds.
    seed
        Seed of the draws.
    """
    values = _measure_all(scored, None)
    draws = {name: np.empty(replicates) for name in values}
    random = np.random.default_rng(seed)
    for draw in range(replicates):
        weight = np.bincount(random.integers(people, size=people), minlength=people).astype(np.float64)
        for name, value in _measure_all(scored, weight).items():
            draws[name][draw] = value
    return Measured(values, draws, level)


def _measure_all(scored: Mapping[str, Scored], weight: FloatArray | None) -> dict[str, float]:
    return {
        f"{prefix}.{metric}": value
        for prefix, scores in scored.items()
        for metric, value in scores.metrics(weight).items()
    }
