"""The declared actions as they are open to one person: which steps, how long each takes, what moves with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil, copysign, inf, isnan
from typing import Any, Final

import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.facts.actions import MOST_MONTHS, Action, Bound, Follow, Move, Need, Passing, Until
from weilidai.facts.factors import FactorCatalogue
from weilidai.models.features import numbers

DECIMALS: Final = 4
NOTHING: Final = 1e-9
MONTHS_IN_A_YEAR: Final = 12
Person = Mapping[str, float | str]
"""Column -> number (a flag 0 or 1, missing NaN) or level of a category."""


@dataclass(frozen=True)
class Level:
    """One step of an action for one person."""

    months: int
    effort: float
    changes: Mapping[str, float]
    """Column -> its value afterwards."""
    unknown: frozenset[str]
    """Columns among them that only come to light: the value is reckoned with, not known."""


@dataclass(frozen=True)
class Option:
    """An action that is open to the person, with its steps from the smallest on."""

    action: Action
    levels: tuple[Level, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Columns that some step changes."""
        return frozenset(column for level in self.levels for column in level.changes)

    @property
    def brings(self) -> frozenset[str]:
        """Columns that the action lifts to a least value on the way."""
        return frozenset(
            follow.column for follow in self.action.follows
            if follow.at_least is not None or follow.months_if_none is not None
        )

    def excludes(self, other: "Option") -> bool:
        """Tell whether one person cannot do both: they write the same column, or spend the same means.

        What both only bring along, such as a verified name, they bring along together.
        """
        spends = self.action.uses is not None and self.action.uses == other.action.uses
        return spends or bool((self.columns & other.columns) - (self.brings & other.brings))


def read_person(row: pd.DataFrame) -> dict[str, float | str]:
    """Read one person out of a table of one row."""
    return {str(name): _cell(row[name]) for name in row.columns if str(name) in CATALOGUE}


def options_for(
    person: Person, actions: Mapping[str, Action], factors: FactorCatalogue, until: tuple[Until, ...] = ()
) -> tuple[Option, ...]:
    """Give the actions open to a person, in the order of their declaration.

    A column is only ever moved the way the documents call better; where they name no way, towards the end that
    the action declares. What takes longer than the person stays what he or she is, is not open.
    """
    last = _last_month(person, until)
    found = (
        Option(action, tuple(level for level in _levels(action, person, factors) if level.months <= last))
        for action in actions.values()
    )
    return tuple(option for option in found if option.levels)


def passed(person: Person, months: int, passing: tuple[Passing, ...]) -> dict[str, float]:
    """Give the columns that time alone has moved after so many months, with their values then."""
    moved = {}
    for rule in passing:
        now = _number(person, rule.column)
        then = _grown(rule, now, months, person) if rule.change == "grows" else _expired(rule, now, months, person)
        if not isnan(now) and then != now:
            moved[rule.column] = _in_range(rule.column, then)
    return moved


def _last_month(person: Person, until: tuple[Until, ...]) -> int:
    """Count the months for which everything surely stays as it is; only full years make one older."""
    years = [
        max(end.last_age_years - _number(person, "age_years"), 0) for end in until
        if person.get(end.column) == end.level
    ]
    return min([MOST_MONTHS, *(int(left) * MONTHS_IN_A_YEAR + MONTHS_IN_A_YEAR - 1 for left in years)])


def _grown(rule: Passing, now: float, months: int, person: Person) -> float:
    grows = rule.only_if is None or _number(person, rule.only_if) > 0
    return now + months if grows else now


def _expired(rule: Passing, now: float, months: int, person: Person) -> float:
    if months >= rule.window_months:
        return 1.0 if rule.change == "recovers" else 0.0
    if rule.remainder is not None and months >= rule.remainder_months:
        return min(now, _number(person, rule.remainder))
    return now


def _levels(action: Action, person: Person, factors: FactorCatalogue) -> Iterator[Level]:
    if not all(_is_met(need, person) for need in action.needs):
        return
    if not action.moves:
        yield from (Level(months, 0.0, {}, frozenset()) for months in action.horizons)
        return
    lead = action.moves[0]
    present = _number(person, lead.column)
    direction = factors.direction(lead.column)
    for number, (target, months) in enumerate(_steps(action, lead, present, person), 1):
        if direction and (target - present) * direction <= NOTHING:
            continue
        changes = {lead.column: target}
        unknown = frozenset(_follow(action, changes, present, months, person))
        yield Level(months, action.effort * number, changes, unknown)


def _steps(action: Action, lead: Move, present: float, person: Person) -> Iterator[tuple[float, int]]:
    """Give target and months of each step."""
    if isnan(present) or abs(lead.to - present) <= NOTHING:
        return
    if lead.window_months is not None:
        for months in action.horizons:
            part = min(months / lead.window_months, 1.0)
            yield _rounded(lead.column, present + (lead.to - present) * part), months
        return
    for target in _targets(lead, present, person):
        months = _months(action, target if lead.anew else abs(target - present), person)
        if months <= MOST_MONTHS:
            yield target, months


def _targets(move: Move, present: float, person: Person) -> Iterator[float]:
    way = copysign(1.0, move.to - present)
    end = present + way * min(abs(move.to - present), _reach(move, present))
    if way > 0:
        end = min([end, *(_bound(bound, person) for bound in move.within)])
    room = (end - present) * way
    if not room > NOTHING:
        return
    far: Iterator[float]
    if move.grid:
        far = (value for value in move.grid if NOTHING < (value - present) * way <= room + NOTHING)
    elif move.step is None:
        far = iter([end])
    else:
        far = (present + way * move.step * k for k in range(1, int(room / move.step + NOTHING) + 1))
    last = present
    for last in far:
        yield _rounded(move.column, last)
    if move.step is not None and abs(end - move.to) <= NOTHING < abs(last - end):
        yield _rounded(move.column, end)


def _reach(move: Move, present: float) -> float:
    if move.most_change is None and move.most_times is None:
        return inf
    return (move.most_change or 0.0) + (move.most_times or 0.0) * abs(present)


def _months(action: Action, distance: float, person: Person) -> int:
    if action.per_month is None:
        return action.months
    rate = _bound(action.per_month, person)
    return max(action.months, ceil(distance / rate - NOTHING)) if rate > 0 else MOST_MONTHS + 1


def _follow(
    action: Action, changes: dict[str, float], present: float, months: int, person: Person
) -> Iterator[str]:
    """Add what moves with the leading column; yield the columns whose value only comes to light."""
    for follow in action.follows:
        now = _number(person, follow.column)
        then = _followed(follow, now, changes[action.moves[0].column], present, months, person)
        if then is not None and then != now:
            changes[follow.column] = _rounded(follow.column, then)
            if follow.fill is not None:
                yield follow.column


def _followed(
    follow: Follow, now: float, lead: float, present: float, months: int, person: Person
) -> float | None:
    if follow.fill is not None:
        return follow.fill if isnan(now) else None
    if isnan(now):
        return None
    if follow.in_proportion_to is not None:
        return now * lead / present
    least = -inf if follow.at_least is None else follow.at_least
    if follow.months_if_none is not None and not _number(person, follow.months_if_none) > 0:
        least = float(months)
    if follow.no_less_than is not None:
        least = follow.no_less_than.times * lead + follow.no_less_than.plus
    return max(now, least)


def _is_met(need: Need, person: Person) -> bool:
    if need.one_of:
        return person.get(need.column) in need.one_of
    value = _number(person, need.column)
    low = -inf if need.at_least is None else need.at_least
    high = inf if need.at_most is None else need.at_most
    return low <= value <= high


def _bound(bound: Bound, person: Person) -> float:
    value = _number(person, bound.column) if bound.times else 0.0
    less = 0.0 if bound.less is None else _number(person, bound.less)
    return bound.times * value + bound.plus - less


def _number(person: Person, column: str) -> float:
    value = person.get(column, float("nan"))
    return float("nan") if isinstance(value, str) else value


def _rounded(column: str, value: float) -> float:
    kind = CATALOGUE[column].kind
    return _in_range(column, float(round(value)) if kind in ("count", "flag") else round(value, DECIMALS))


def _in_range(column: str, value: float) -> float:
    bounds = CATALOGUE[column]
    low = -inf if bounds.low is None else bounds.low
    high = inf if bounds.high is None else bounds.high
    return min(max(value, low), high)


def _cell(values: pd.Series) -> float | str:
    name = str(values.name)
    if name in LEVELS or CATALOGUE[name].kind == "text":
        value: Any = values.iloc[0]
        return str(value)
    return float(numbers(values)[0])
