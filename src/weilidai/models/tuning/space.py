"""Drawing settings from a declared space."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from weilidai.models.settings import TreeSettings
from weilidai.models.tuning.settings import Span, is_whole

Trees = TypeVar("Trees", bound=TreeSettings)


class Trial(Protocol):
    """Whatever proposes values, one setting at a time."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """Propose a whole number, both ends included."""
        ...

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Propose a number, both ends included."""
        ...


def propose(trial: Trial, space: Mapping[str, Span], settings: Trees) -> Trees:
    """Draw every setting of the space and lay it over the given settings."""
    drawn: dict[str, float] = {}
    for name, span in space.items():
        if is_whole(name):
            drawn[name] = trial.suggest_int(name, int(span.low), int(span.high), log=span.log)
        else:
            drawn[name] = trial.suggest_float(name, span.low, span.high, log=span.log)
    return with_values(settings, drawn)


def with_values(settings: Trees, values: Mapping[str, float]) -> Trees:
    """Lay values over settings; leaves that the depth leaves no room for are dropped.

    Examples
    --------
    >>> with_values(TreeSettings(), {"num_leaves": 16, "max_depth": 3}).num_leaves
    8
    """
    changed = {**settings.model_dump(), **values}
    changed["num_leaves"] = min(changed["num_leaves"], 2 ** changed["max_depth"])
    return type(settings).model_validate(changed)


def values_of(settings: TreeSettings, space: Mapping[str, Span]) -> dict[str, float]:
    """Read the values of a space's settings, held to their spans, as the trial to begin with."""
    own = settings.model_dump()
    held = {name: min(max(own[name], span.low), span.high) for name, span in space.items()}
    return {name: int(value) if is_whole(name) else float(value) for name, value in held.items()}
