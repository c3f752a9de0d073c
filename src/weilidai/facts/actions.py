"""What a person can do: declared actions with direction, reach, steps, time, what moves with them, and why.

``data/facts/actions.yaml`` declares them. An action cites the facts that speak of it; what no document says, how
far and how fast, is an assumption with its reason. What is immutable or protected never stands in an action.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.errors import suggest
from weilidai.facts.schema import ChineseText, Entry, FactId, Number, Text

FASTEST: Final = 0
MOST_MONTHS: Final = 24
"""Advice that takes longer than two years is none."""
Months = Annotated[int, Field(ge=0, le=MOST_MONTHS)]
Positive = Annotated[Number, Field(gt=0)]


class Bound(Entry):
    """An amount read from the person's other columns: ``times`` a column ``plus`` a number, ``less`` another column."""

    column: Text
    times: Number = 1.0
    plus: Number = 0.0
    less: Text | None = None


class Need(Entry):
    """What must be so before the action is open to a person."""

    column: Text
    at_least: Number | None = None
    at_most: Number | None = None
    one_of: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is None and self.at_most is None and not self.one_of:
            raise ValueError("a need says at_least, at_most or one_of")
        return self


class Move(Entry):
    """One column that is changed, from the person's present value towards ``to``."""

    column: Text
    to: Number
    """The farthest value; 1 and 0 for a flag."""
    step: Positive | None = None
    """Size of one step; without it and without a grid there is one step, straight to the end."""
    grid: tuple[Number, ...] = ()
    """Values worth reaching, in place of equal steps."""
    most_change: Annotated[Number, Field(ge=0)] | None = None
    """Farthest from the present value; together with ``most_times`` the sum of both."""
    most_times: Annotated[Number, Field(ge=0)] | None = None
    """Farthest from the present value, as a multiple of it."""
    within: tuple[Bound, ...] = ()
    """Ends that the person's other columns set."""
    window_months: Positive | None = None
    """A share over so many months: each month kept moves its part of the way to the end."""
    anew: bool = False
    """Counted over a rolling window: what is there may run out meanwhile, so time is reckoned from nothing."""


class Follow(Entry):
    """A column that moves with the action; exactly one of the ways is said."""

    column: Text
    fill: Number | None = None
    """Reckoned with where the column was missing and now comes to light; nobody knows the value beforehand."""
    at_least: Number | None = None
    months_if_none: Text | None = None
    """Counts the months of the action, where this other column was 0 before."""
    in_proportion_to: Text | None = None
    """Shrinks or grows as the leading column does."""
    no_less_than: Bound | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.fill, self.at_least, self.months_if_none, self.in_proportion_to, self.no_less_than)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("say one of fill, at_least, months_if_none, in_proportion_to, no_less_than")
        return self


class Action(Entry):
    """Something a person can do about one documented factor."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    factor: Text
    label_en: Text
    label_zh: ChineseText
    moves: tuple[Move, ...] = ()
    """The first leads: its steps are the action's. None at all is waiting."""
    follows: tuple[Follow, ...] = ()
    months: Months = FASTEST
    """Months until the change can be seen; the least where ``per_month`` says how fast."""
    horizons: tuple[Months, ...] = ()
    """Months to choose from, for what only time brings."""
    per_month: Bound | None = None
    """How much of the leading column can be moved in a month."""
    effort: Annotated[Number, Field(ge=0)] = 0.0
    """What one step costs beside the time, in months of waiting that one would rather bear."""
    uses: Text | None = None
    """What the action takes from, such as savings; two actions cannot both spend it."""
    needs: tuple[Need, ...] = ()
    is_gaming: bool = False
    """Whether it only makes the figures look better, so that a lender that looks closely is not moved."""
    facts: tuple[FactId, ...] = ()
    why: Text


class Passing(Entry):
    """What passing time does to a column by itself."""

    column: Text
    change: Literal["grows", "expires", "recovers"]
    """``grows`` by one each month; ``expires`` to nothing, or a share ``recovers`` to the whole, once the window has
    passed without a new event."""
    window_months: Months = 0
    remainder: Text | None = None
    """Of a longer window, the column that counts its last months: all that is left once those have passed."""
    remainder_months: Months = 0
    only_if: Text | None = None
    """Grows only where this other column is above 0."""
    facts: tuple[FactId, ...] = ()
    why: Text


class Until(Entry):
    """A level that nobody keeps beyond an age; advice that would take longer rests on what will not be so any more."""

    column: Text
    level: Text
    last_age_years: Number
    why: Text


class LeftOut(Entry):
    """A factor that a person can act on, and for which no action is declared all the same."""

    factor: Text
    why: Text


def columns_of(action: Action) -> Iterator[tuple[str, str]]:
    """Give every column an action names, with the key that names it."""
    for number, move in enumerate(action.moves):
        yield move.column, f"moves.{number}"
        yield from _bounds(move.within, f"moves.{number}")
    for number, follow in enumerate(action.follows):
        yield follow.column, f"follows.{number}"
        named = (follow.months_if_none, follow.in_proportion_to)
        yield from ((name, f"follows.{number}") for name in named if name is not None)
        yield from _bounds((follow.no_less_than,) if follow.no_less_than else (), f"follows.{number}")
    yield from ((need.column, "needs") for need in action.needs)
    yield from _bounds((action.per_month,) if action.per_month else (), "per_month")


def _bounds(bounds: tuple[Bound, ...], key: str) -> Iterator[tuple[str, str]]:
    for bound in bounds:
        yield bound.column, key
        if bound.less is not None:
            yield bound.less, key


def action_faults(action: Action, owners: Mapping[str, str], open_to_action: Mapping[str, bool]) -> Iterator[str]:
    """Say what keeps an action from being one.

    Parameters
    ----------
    action
        As declared.
    owners
        Column -> id of its factor.
    open_to_action
        Factor id -> whether a person can act on it and it is not protected.
    """
    for column, key in columns_of(action):
        if column not in owners:
            yield f"{key}: no factor has the column '{column}', {suggest(column, owners)}"
    if action.factor not in open_to_action:
        yield f"unknown factor '{action.factor}', {suggest(action.factor, open_to_action)}"
    for move in action.moves:
        factor = owners.get(move.column, action.factor)
        if not open_to_action.get(factor, True):
            yield f"'{move.column}' is protected or nothing a person can act on"
        yield from _move_faults(move)
    if action.horizons and list(action.horizons) != sorted(set(action.horizons)):
        yield "horizons rise"
    if (not action.moves or any(move.window_months for move in action.moves)) and not action.horizons:
        yield "what only time brings needs horizons"
    for follow in action.follows:
        if not open_to_action.get(owners.get(follow.column, ""), True) and follow.fill is None:
            yield f"'{follow.column}' is protected or nothing a person can act on"


def _move_faults(move: Move) -> Iterator[str]:
    if move.column not in CATALOGUE:
        return
    column = CATALOGUE[move.column]
    if move.column in LEVELS:
        yield f"'{move.column}' is a category; nobody moves along it"
    low = float("-inf") if column.low is None else column.low
    high = float("inf") if column.high is None else column.high
    if column.kind == "flag":
        low, high = 0.0, 1.0
    if not low <= move.to <= high:
        yield f"{move.to:g} lies outside the range of '{move.column}'"


def until_fault(until: Until) -> str | None:
    """Say what keeps a level from being one that ends, or None."""
    levels = LEVELS.get(until.column, ())
    return None if until.level in levels else f"unknown level '{until.level}', {suggest(until.level, levels)}"


def passing_faults(passing: Passing, owners: Mapping[str, str], protected: Mapping[str, bool]) -> Iterator[str]:
    """Say what keeps a column from being one that time moves."""
    for column in (passing.column, passing.remainder, passing.only_if):
        if column is not None and column not in owners:
            yield f"no factor has the column '{column}', {suggest(column, owners)}"
    if protected.get(owners.get(passing.column, ""), False):
        yield f"'{passing.column}' is protected"
    if passing.change != "grows" and not passing.window_months:
        yield f"what {passing.change} has a window"
