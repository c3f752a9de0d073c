"""What generated data must reproduce: a fact's value, the statistic that measures it, the accepted distance."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from weilidai.errors import ConfigError
from weilidai.facts.schema import Bound, Fact


@dataclass(frozen=True)
class Target:
    """A documented value to reproduce.

    Parameters
    ----------
    fact
        Id of the fact.
    moment
        Name of the statistic that measures it on generated data.
    wanted
        The documented value, in the fact's unit.
    tolerance
        Largest accepted distance from it, in the same unit; above 0.
    role
        ``fit`` steers the matching, ``check`` is only looked at afterwards.
    why
        Why this tolerance.
    bound
        ``near`` accepts both sides, ``at_least`` anything higher too, ``at_most`` anything lower too.

    Raises
    ------
    ConfigError
        On an empty name or a number that is not finite.
    """

    fact: str
    moment: str
    wanted: float
    tolerance: float
    role: Literal["fit", "check"]
    why: str
    bound: Bound = "near"

    def __post_init__(self) -> None:
        for name in ("fact", "moment", "why"):
            if not getattr(self, name).strip():
                raise ConfigError(f"a target needs a {name}", where=self.fact or self.moment)
        if not math.isfinite(self.wanted):
            raise ConfigError("the wanted value of a target must be a finite number", where=self.fact)
        if not (math.isfinite(self.tolerance) and self.tolerance > 0):
            raise ConfigError("the tolerance of a target must be a finite number above 0", where=self.fact)

    @property
    def low(self) -> float:
        """Lowest accepted value; minus infinity for ``at_most``."""
        return -math.inf if self.bound == "at_most" else self.wanted - self.tolerance

    @property
    def high(self) -> float:
        """Highest accepted value; infinity for ``at_least``."""
        return math.inf if self.bound == "at_least" else self.wanted + self.tolerance

    def holds(self, got: float) -> bool:
        """Tell whether a measured value is accepted; a missing one (NaN) is not."""
        return self.low <= got <= self.high


def targets_of(fact: Fact) -> Iterator[Target]:
    """Give the targets of one fact, wanted values read from it where they are not given."""
    for spec in fact.targets:
        wanted = fact.values[spec.value_index] if spec.wanted is None else spec.wanted
        role: Literal["fit", "check"] = "fit" if fact.role == "fit" else "check"
        yield Target(fact.id, spec.moment, wanted, spec.tolerance, role, spec.why, spec.bound)
