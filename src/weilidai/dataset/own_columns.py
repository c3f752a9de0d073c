"""A table of one's own in the words of its mapping: headings become names, codes become levels.

Learning and scoring read a table by the same functions, so a column cannot mean one thing here and another there.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.dataset.problems import Problem, breaches
from weilidai.own_table import GRANT, INVITED, MONTH, OPENED, PERSON, OwnColumn, OwnTable, code

_MONTH = r"^(\d{4})[-/.]?(0[1-9]|1[0-2])"


def in_own_words(table: pd.DataFrame, own: OwnTable) -> pd.DataFrame:
    """Give the feature columns under their names, categories as levels; a column that is absent stays absent.

    A code without a level is handed through as it is, for the contract to count.
    """
    given = {column.name: _values(table[column.column], column) for column in own.columns if column.column in table}
    return pd.DataFrame(given, index=table.index)


def as_given(people: pd.DataFrame, own: OwnTable) -> pd.DataFrame:
    """Write people under the table's own headings and codes again: what :func:`in_own_words` reads."""
    given = {}
    for column in own.columns:
        values = people[column.name]
        codes = {level.name: word for word, level in reversed(column.levels.items())}
        is_number = bool(codes) and all(word.lstrip("-").isdigit() for word in codes.values())
        coded_values = values.map(codes) if codes else values
        given[column.column] = pd.to_numeric(coded_values) if is_number else coded_values
    return pd.DataFrame(given, index=people.index)


def missing_headings(table: pd.DataFrame, own: OwnTable) -> Iterator[Problem]:
    """Find columns that the mapping names and the table does not have, with the nearest heading; all are fatal."""
    named = {own.label.column: "label", **{name: what for name, what in (
        (own.id, "id"), (own.time, "time"), (own.amount, "amount")) if name}}
    for column in own.columns:
        if not column.may_be_missing:
            named.setdefault(column.column, f"column {column.name}")
    yield from _absent(table, named, own)


def missing_features(table: pd.DataFrame, own: OwnTable) -> Iterator[Problem]:
    """Find feature columns that a table to be scored lacks; those that may be missing are only warned of."""
    for column in own.columns:
        fatal = not column.may_be_missing
        for problem in _absent(table, {column.column: f"column {column.name}"}, own):
            said = problem.what if fatal else f"{problem.what}; taken as unknown for everybody"
            yield Problem(problem.column, said, is_fatal=fatal)


def keys_and_labels(table: pd.DataFrame, own: OwnTable) -> tuple[pd.DataFrame, list[Problem]]:
    """Read who each row is, when it was seen and what became of it.

    Returns
    -------
    tuple
        Columns ``person_id``, ``is_invited`` (good by the mapping) and, where the mapping names them,
        ``snapshot_month``, ``is_opened`` and ``initial_quota_cny``; and what is wrong with label and id.
    """
    problems: list[Problem] = []
    read: dict[str, object] = {PERSON: np.arange(len(table))}
    if own.id in table:
        problems += breaches(str(own.id), "is missing", table[own.id].isna().to_numpy(dtype=np.bool_))
        read[PERSON] = person_numbers(table[own.id])
    if own.time in table:
        read[MONTH] = _months(table[own.time])
    if own.label.column in table:
        said = coded(table[own.label.column])
        known = said.isin([*own.label.good, *own.label.bad]).to_numpy(dtype=np.bool_)
        what = f"is neither good ({', '.join(own.label.good)}) nor bad ({', '.join(own.label.bad)}) by the mapping"
        problems += breaches(own.label.column, what, ~known)
        read[INVITED] = said.isin(own.label.good).to_numpy(dtype=np.bool_)
    if own.amount in table:
        read[OPENED] = table[own.amount].notna().to_numpy(dtype=np.bool_)
        read[GRANT] = table[own.amount]
    return pd.DataFrame(read, index=table.index), problems


def person_numbers(ids: pd.Series) -> npt.NDArray[np.int64]:
    """Give each person a number: the id itself when it is one, else 63 bits of its hash."""
    if pd.api.types.is_integer_dtype(ids.dtype) and not ids.isna().any() and (ids >= 0).all():
        return ids.to_numpy(dtype=np.int64)
    hashed = pd.util.hash_array(ids.astype("str").to_numpy(dtype=object))
    return (hashed >> np.uint64(1)).astype(np.int64)


def coded(values: pd.Series) -> pd.Series:
    """Write every value as a code; a missing one stays missing."""
    return _recoded(values, {})


def _values(values: pd.Series, column: OwnColumn) -> pd.Series:
    if column.kind != "category":
        return values
    return _recoded(values, {word: level.name for word, level in column.levels.items()})


def _recoded(values: pd.Series, levels: Mapping[str, str]) -> pd.Series:
    """Write codes, and levels in place of those that have one; a table has few different codes and many rows."""
    places, different = pd.factorize(values)
    words = [code(value) for value in different]
    said = np.array([*(levels.get(word, word) for word in words), np.nan], dtype=object)
    return pd.Series(said[places], index=values.index, name=values.name, dtype=object)


def _absent(table: pd.DataFrame, named: dict[str, str], own: OwnTable) -> Iterator[Problem]:
    headings, mapped = {str(name) for name in table.columns}, {column.column for column in own.columns}
    for heading, what in named.items():
        if heading not in headings:
            near = get_close_matches(heading, sorted(headings - mapped), n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield Problem(heading, f"is missing from the table ({what} of the mapping){hint}")


def _months(values: pd.Series) -> pd.Series:
    """Write dates as YYYY-MM; what is no date stays as it is, for the contract to find."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        months: pd.Series = values.dt.strftime("%Y-%m")
        return months
    text = coded(values).astype("str")
    found = text.str.extract(_MONTH)
    return (found[0] + "-" + found[1]).where(found[0].notna(), text)
