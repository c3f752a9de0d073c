"""Which people of a request cannot be decided, and what each of them would be told alone.

People whose values are of the same kinds, column by column, are looked at together: a table of them is judged row by
row as each row alone. A look takes as long for one as for a thousand, so many bad rows cost little more than one.
"""

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import pandas as pd

from weilidai.columns import Column
from weilidai.dataset.problems import Problem
from weilidai.inference.decider import Decider
from weilidai.inference.signature import PERSON

Person = Mapping[str, Any]
Told = dict[Literal["column", "what"], str]
_NUMBERS: Final = ("number", "count")
_WORDS: Final = ("category", "text")


class TooManyKindsError(Exception):
    """The faults of a request are of too many kinds to be told apart in time."""


def errors_of(decider: Decider, people: Sequence[Person], deadline: float) -> list[dict[str, Any]]:
    """Give each row that cannot be decided, counted from 1, with its columns and what is wrong with them.

    Parameters
    ----------
    decider
        The model.
    people
        Column -> value of each, as they were sent.
    deadline
        When no further look may begin, by the monotonic clock.

    Raises
    ------
    TooManyKindsError
        The time is up.
    """
    yes = {row: found for row, one in enumerate(people, 1) if (found := _yes_for_number(decider, one))}
    alone = _alone(decider, people, deadline)
    bad = {row: [_told(one) for one in (*yes.get(row, ()), *alone.get(row, ()))] for row in {*yes, *alone}}
    while further := _bad_among_others(decider, people, bad):
        bad |= further
        _require_time(deadline)
    return [{"row": row, "problems": bad[row]} for row in sorted(bad)]


def table_of(people: Sequence[Person]) -> pd.DataFrame:
    """Keep every value as it was sent, so that a row is judged alike alone and among others."""
    return pd.DataFrame(people, dtype=object)


def _alone(decider: Decider, people: Sequence[Person], deadline: float) -> dict[int, list[Problem]]:
    """Find what is wrong with each row by itself; of many that are right together nobody is looked at further."""
    found: dict[int, list[Problem]] = {}
    # A table would fill in what one row leaves out and another tells.
    for rows in _grouped(range(1, len(people) + 1), lambda row: frozenset(people[row - 1])):
        _require_time(deadline)
        if len(rows) == 1 or decider.refusals(table_of([people[row - 1] for row in rows])):
            for alike in _alike(decider, people, rows):
                _require_time(deadline)
                found |= _found_in(decider, people, alike)
    return found


def _found_in(decider: Decider, people: Sequence[Person], rows: Sequence[int]) -> dict[int, list[Problem]]:
    """Find what is wrong with each of rows that are alike, in the order in which one row alone would be told it."""
    found: dict[int, list[Problem]] = {}
    problems = decider.refusals(table_of([people[row - 1] for row in rows]))
    # What a whole column lacks is told in other words of a single row.
    is_told_otherwise = len(rows) > 1 and not all(problem.rows for problem in problems)
    first = decider.refusals(table_of([people[rows[0] - 1]])) if is_told_otherwise else problems
    said = {problem.column: problem for problem in first}
    for problem in problems:
        told = problem if problem.rows else said[problem.column]
        for row in [rows[place] for place in problem.all_rows] if problem.rows else rows:
            found.setdefault(row, []).append(told)
    return found


def _alike(decider: Decider, people: Sequence[Person], rows: Sequence[int]) -> Iterator[list[int]]:
    """Divide rows of the same columns into those whose values are of the same kinds."""
    told = [(name, column) for name, column in _columns(decider).items() if name in people[rows[0] - 1]]
    spelt = _spelt(value for row in rows for name, column in told
                   if column.kind not in _WORDS and isinstance(value := people[row - 1][name], str))  # fmt: skip
    return iter(_grouped(rows, lambda row: tuple(_kind(people[row - 1][name], column, spelt) for name, column in told)))


def _columns(decider: Decider) -> dict[str, Column]:
    """Give the columns that are judged, by the headings they are sent under."""
    own, known = decider.bundle.own_table, decider.contract.columns
    if own is None:
        return {name: known[name] for name in (PERSON, *decider.columns)}
    return {own.by_name[name].column: known[name] for name in decider.columns}


def _kind(value: object, column: Column, spelt: Collection[str]) -> str:
    """Name what decides how a table reads a whole column, so that all rows with this name are read alike."""
    if value is None and (column.may_be_missing or column.kind in _WORDS):
        return "word" if column.kind in _WORDS else "number"
    if isinstance(value, str):
        return "number as text" if value in spelt else "word"
    return "number" if type(value) in (int, float) else type(value).__name__


def _spelt(texts: Iterator[str]) -> frozenset[str]:
    """Give the texts that spell a number: in a column of text only the others are meant, when there are others."""
    words = pd.Series(sorted(set(texts)), dtype=object)
    return frozenset(words[pd.to_numeric(words, errors="coerce").notna()])


def _grouped(rows: Sequence[int], key: Callable[[int], Hashable]) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def _bad_among_others(
    decider: Decider, people: Sequence[Person], bad: Mapping[int, list[Told]]
) -> dict[int, list[Told]]:
    """Give rows that show only among others what is wrong with them."""
    kept = [row for row in range(1, len(people) + 1) if row not in bad]
    found = decider.refusals(table_of([people[row - 1] for row in kept])) if kept else []
    return {kept[place - 1]: [_told(problem)] for problem in found for place in problem.rows}


def _yes_for_number(decider: Decider, person: Person) -> list[Problem]:
    """Find yes and no where a number belongs: JSON tells them apart, and a table of one row takes them for 1 and 0."""
    kinds = {name: column.kind for name, column in decider.contract.columns.items()}
    found = [name for name, value in person.items() if isinstance(value, bool) and kinds.get(name) in _NUMBERS]
    return [Problem(name, "holds yes or no where a number belongs") for name in found]


def _require_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TooManyKindsError


def _told(problem: Problem) -> Told:
    return {"column": problem.column, "what": problem.what}
