"""Regimes: dated states of rules and market, each a few changes laid over the reference of 2021.

What differs stands in ``configs/regime/<name>.yaml``: numbers read from facts or chosen with a reason, free
numbers that matching finds for this regime alone, and the documented figures they are found by. The people
are the same in every regime: same seed, same person, same noise. Only what they cannot have had for longer
than it existed, months of use, is shorter in earlier years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from weilidai.errors import ConfigError, suggest
from weilidai.facts import Book, Target
from weilidai.facts.schema import Bound
from weilidai.matching.moments import MOMENTS
from weilidai.matching.overlay import Change, Closed, Finite, Text, figure, overlaid, read_settings, require_place
from weilidai.parameters import Parameters
from weilidai.places import configs_dir

Relation = Literal["equal", "times_reference", "plus_reference"]
PEOPLE: Final = "population."
TENURE: Final = "population.context.latest_tenure_year"
"""The one number of the people that an earlier year lowers: the year up to which months of use are counted."""
_MONTHS_IN_A_QUARTER: Final = 3
_HUNDRED: Final = 100
_TEN: Final = 10


class Title(Closed):
    """The regime's name for readers."""

    en: Text
    zh: Text


class FreeNumber(Closed):
    """Where matching looks for a number of this regime; it starts at the reference's."""

    sd: Annotated[Finite, Field(gt=0)]
    low: Finite
    high: Finite


class RegimeTarget(Closed):
    """A documented figure of the regime: equal to a moment, or its distance from the reference's moment."""

    fact: Text
    moment: Text
    relation: Relation
    """``equal``; ``times_reference``: relative change; ``plus_reference``: difference."""
    tolerance: Annotated[Finite, Field(gt=0)]
    why: Text
    role: Literal["fit", "check"] = "fit"
    """``fit`` steers the free numbers; ``check`` is only looked at afterwards."""
    bound: Bound = "near"
    """Whether the figure is met from both sides, or from one."""
    value_index: Annotated[int, Field(ge=0)] = 0
    wanted: Finite | None = None
    """Figure where the fact gives none."""


class Moved(Closed):
    """Figures of the reference that are not meant to hold under a regime, and why."""

    moments: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Names of moments; ``*`` stands for any ending."""
    why: Text


class Regime(Closed):
    """One dated state of rules and market."""

    name: Text
    title: Title
    period: Text
    """Years it speaks of, as in ``2015-2017``."""
    year: Annotated[int, Field(ge=2015, le=2100)]
    """Calendar year of its snapshots."""
    changes: tuple[Change, ...] = ()
    free: Mapping[str, FreeNumber] = Field(default_factory=dict)
    targets: tuple[RegimeTarget, ...] = ()
    moved: tuple[Moved, ...] = ()
    """What the reference's targets measure and this regime changes; every other target is meant to hold here too."""
    calendar: tuple[Text, ...] = ()
    """Ids of the facts that date the events of its time."""

    @model_validator(mode="after")
    def _can_be_matched(self) -> Self:
        if len(self.free) > len(self.steering):
            raise ValueError("has more free numbers than targets that steer them, so they cannot be found")
        paths = (*self.free, *(change.path for change in self.changes))
        if any(path.startswith(PEOPLE) and path != TENURE for path in paths):
            raise ValueError(f"a regime leaves the people as they are; take out what begins with '{PEOPLE}'")
        return self

    @property
    def steering(self) -> tuple[RegimeTarget, ...]:
        """Targets that the free numbers are found by."""
        return tuple(target for target in self.targets if target.role == "fit")

    @property
    def source(self) -> str:
        """File it stands in, as parameters name it."""
        return f"configs/regime/{self.name}.yaml"


@dataclass(frozen=True)
class Event:
    """A dated event of the policy calendar."""

    date: str
    """``2020``, ``2020-11`` or ``2023-Q1``."""
    fact: str
    label_en: str
    label_zh: str


def regime_names(folder: Path | None = None) -> list[str]:
    """Name every regime there is."""
    return sorted(file.stem for file in _folder(folder).glob("*.yaml"))


def load_regime(name: str, folder: Path | None = None) -> Regime:
    """Read one regime.

    Raises
    ------
    ConfigError
        There is no such regime (the near one is named), or its file cannot be meant.
    """
    if name not in regime_names(folder):
        raise ConfigError(f"unknown regime '{name}'", cure=suggest(name, regime_names(folder)))
    return _read(_folder(folder) / f"{name}.yaml")


def apply_regime(reference: Parameters, regime: Regime, book: Book) -> Parameters:
    """Lay a regime's changes over the reference; free numbers stay where the reference has them.

    Raises
    ------
    ConfigError
        A path, fact, or moment does not exist.
    """
    changed = overlaid(reference, regime.changes, book, regime.source)
    for path in regime.free:
        require_place(path, changed.numbers, regime.source)
    for moved in regime.moved:
        _require_moments(moved, regime)
    for target in regime.targets:
        wanted(target, book)
        if target.moment not in MOMENTS:
            raise ConfigError(f"unknown moment '{target.moment}'", where=regime.source,
                              cure=suggest(target.moment, MOMENTS))
    return Parameters(regime.name, changed.numbers)


def _require_moments(moved: Moved, regime: Regime) -> None:
    for name in moved.moments:
        if not any(fnmatchcase(moment, name) for moment in MOMENTS):
            raise ConfigError(f"no moment is called '{name}'", where=regime.source, cure=suggest(name, MOMENTS))


def wanted(target: RegimeTarget, book: Book) -> float:
    """Give the figure a target asks for: its own, or the fact's."""
    given = target.wanted
    return figure(book, target.fact, target.value_index) if given is None else _of(book, target.fact, given)


def aim(target: RegimeTarget, book: Book) -> Target:
    """Give a regime's target as one of the book: its figure read, its accepted range known."""
    return Target(
        target.fact, target.moment, wanted(target, book), target.tolerance, target.role, target.why, target.bound,
    )


def why_moved(regime: Regime, moment: str) -> str | None:
    """Tell why a moment of the reference is not meant to hold under a regime; None when it is."""
    return next((m.why for m in regime.moved if any(fnmatchcase(moment, name) for name in m.moments)), None)


def calendar(regime: Regime, book: Book) -> tuple[Event, ...]:
    """Give the policy events of a regime's time, earliest first.

    Raises
    ------
    ConfigError
        An event names no fact, or one without a date.
    """
    events = [_event(name, regime, book) for name in regime.calendar]
    return tuple(event for _, event in sorted(events, key=lambda one: (one[0], one[1].fact)))


def _event(name: str, regime: Regime, book: Book) -> tuple[tuple[int, int], Event]:
    fact = book.fact(name)
    at, date = _dated(fact.unit, fact.values, fact.period)
    if not date:
        raise ConfigError(f"fact '{name}' has no date", where=regime.source, cure="name one of a date or with a period")
    return at, Event(date, fact.id, fact.label_en, fact.label_zh)


def _dated(unit: str, values: tuple[float, ...], period: str | None) -> tuple[tuple[int, int], str]:
    """Read (year, month) to sort by, and the date as text, from a fact's value or else from its period."""
    if unit == "year_month" and values:
        year, month = int(values[0]), round(values[0] * _HUNDRED) % _HUNDRED
        return (year, month), f"{year}-{month:02d}"
    if unit == "year_quarter" and values:
        year, quarter = int(values[0]), round(values[0] * _TEN) % _TEN
        return (year, 1 + (quarter - 1) * _MONTHS_IN_A_QUARTER), f"{year}-Q{quarter}"
    if unit == "year" and values:
        return (int(values[0]), 0), "-".join(str(int(value)) for value in values)
    return ((int(period[:4]), 0), period) if period and period[0] != "-" else ((0, 0), "")


def _of(book: Book, fact: str, value: float) -> float:
    book.fact(fact)
    return value


def _folder(folder: Path | None) -> Path:
    return configs_dir() / "regime" if folder is None else folder


@lru_cache(maxsize=32)
def _read(file: Path) -> Regime:
    regime = read_settings(file, Regime, f"configs/regime/{file.name}")
    if regime.name != file.stem:
        raise ConfigError(f"calls itself '{regime.name}'", where=f"configs/regime/{file.name}",
                          cure=f"write 'name: {file.stem}'")
    return regime
