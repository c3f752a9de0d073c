"""One person decided without a table: the same figures as a table of one row, many times sooner.

A table pays for being one: its checks, its columns and its frames cost a hundred times the trees. Here a person's
values go straight into the models' rows. Only values that leave no doubt are read so; whoever holds anything else,
from a text for a number to an impossible age, is left to the table, which knows what to say about it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks  # type: ignore[import-not-found]  # new in pandas 3, not in its stubs

from weilidai.columns import DOCUMENTED, UNKNOWN_LEVEL, Column
from weilidai.explain.background import Attribution
from weilidai.explain.reasons import reasons_as_json
from weilidai.inference.signature import PERSON, REASONS, Language
from weilidai.models.bundle import Bundle
from weilidai.models.features import Features, Matrix

Answer = dict[str, Any]
_Row = npt.NDArray[np.float32]
_Places = npt.NDArray[np.intp]

_EXACT: Final = float(2**53)
"""Whole numbers up to here are the same as float64."""
_NOT_A_NUMBER: Final = float("nan")
_PLAIN: Final = frozenset({float, int, bool})
"""The exact types: a number of another kind may be read otherwise in a table."""


class _InDoubtError(Exception):
    """A value that only the table can judge."""


@dataclass(frozen=True)
class _Number:
    """Reads a number, a count or a flag that lies within its possible range."""

    name: str
    low: float
    high: float
    is_whole: bool
    may_be_missing: bool

    def __call__(self, person: Mapping[str, Any]) -> float:
        given: Any = person.get(self.name)
        if type(given) in _PLAIN and self.low <= given <= self.high:
            if self.is_whole and given != int(given):
                raise _InDoubtError
            return float(given)
        if self.may_be_missing and (given is None or (type(given) is float and isnan(given))):
            return _NOT_A_NUMBER
        raise _InDoubtError


@dataclass(frozen=True)
class _Category:
    """Reads a category as its code; the level for what is not known has none."""

    name: str
    codes: Mapping[str, float]

    def __call__(self, person: Mapping[str, Any]) -> float:
        given = person.get(self.name)
        if type(given) is not str or given not in self.codes:
            raise _InDoubtError
        return self.codes[given]


class OnePerson:
    """Decides for one person at a time.

    Parameters
    ----------
    bundle
        The models, the policy and the documented factors; of the documents' lender.
    attribution
        Shares out a score among columns; called for when the first reasons are asked for.
    """

    def __init__(self, bundle: Bundle, attribution: Callable[[], Attribution]) -> None:
        self._bundle, self._attribution = bundle, attribution
        self._readers: list[_Number | _Category] = [_reader(DOCUMENTED.columns[name]) for name in bundle.columns]
        self._place = {name: place for place, name in enumerate(bundle.columns)}
        self._inputs = {name: self._places(model.features) for name, model in bundle.models.items()}
        self._names = pd.Index(bundle.columns)
        self._words = [name for name in bundle.columns if name in DOCUMENTED.levels]
        is_word = np.isin(bundle.columns, self._words)
        self._blocks = np.flatnonzero(~is_word), np.flatnonzero(is_word)
        self._policy = [(name, self._place[name]) for name in dict.fromkeys(bundle.invite.eligibility.columns)]

    @classmethod
    def of(cls, bundle: Bundle, attribution: Callable[[], Attribution]) -> "OnePerson | None":
        """Make one where that can be: not for a table of one's own, nor for a model that reads other categories."""
        is_documented = (
            bundle.own_table is None
            and all(name in DOCUMENTED.columns and not _is_plain_text(name) for name in bundle.columns)
            and all(_levels(model.features.names) == dict(model.features.levels) for model in bundle.models.values())
            and (bundle.quota is None or bundle.quota.reach.column in (None, *bundle.columns))
        )
        return cls(bundle, attribution) if is_documented else None

    def decide(self, person: Mapping[str, Any], reasons: Language | None) -> Answer | None:
        """Decide for a person, or give None when only the table can judge what is given."""
        try:
            number = _number_of(person)
            row = np.array([read(person) for read in self._readers], dtype=np.float32)
        except _InDoubtError:
            return None
        policy = self._policy_columns(person, row)
        answer = number | self._answer(person, row, policy)
        if reasons is not None:
            answer[REASONS] = self._reasons(person, row, policy, reasons)
        return answer

    def _answer(self, person: Mapping[str, Any], row: _Row, policy: Mapping[str, Any]) -> Answer:
        bundle, invite = self._bundle, self._bundle.invite
        passes = np.ones(1, dtype=np.bool_) if invite.eligibility.is_open else invite.eligibility.passes(policy)
        chance = float(invite.chances(self._matrix("invite", row), passes)[0])
        answer: Answer = {"p_invite": chance, "is_invited": chance >= invite.threshold}
        if bundle.quota is not None:
            group = bundle.quota.reach.column
            spreads = bundle.quota.reach.of_groups([None if group is None else person[group]])
            answer |= _first(bundle.quota.amounts(self._matrix("quota", row), spreads))
        if bundle.rate is not None:
            answer |= _first(bundle.rate.quotes(self._matrix("rate", row)))
        return answer

    def _reasons(self, person: Mapping[str, Any], row: _Row, policy: Mapping[str, Any], language: Language) -> str:
        invite = self._bundle.invite
        failed = {} if invite.eligibility.is_open else invite.eligibility.failed(policy)
        shared = self._attribution().of_matrix(self._matrix("invite", row))
        return reasons_as_json(
            self._table(person, row), shared, failed, self._bundle.factors, language,
            features=invite.features.names, policy=invite.eligibility,
        )[0]

    def _places(self, features: Features) -> _Places:
        return np.array([self._place[name] for name in features.names], dtype=np.intp)

    def _matrix(self, model: str, row: _Row) -> Matrix:
        return row[self._inputs[model]][np.newaxis]

    def _policy_columns(self, person: Mapping[str, Any], row: _Row) -> dict[str, npt.NDArray[Any]]:
        return {
            name: np.array([person[name]], dtype=object) if name in DOCUMENTED.levels else row[place : place + 1]
            for name, place in self._policy
        }

    def _table(self, person: Mapping[str, Any], row: _Row) -> pd.DataFrame:
        """Lay the person out as the table that words are made from: one block of numbers, one of words."""
        numbers, words = self._blocks
        cells = np.empty((len(words), 1), dtype=object)
        cells[:, 0] = [person[name] for name in self._words]
        blocks = [(row[numbers][:, np.newaxis], numbers), (cells, words)]
        people: pd.DataFrame = create_dataframe_from_blocks(blocks, pd.RangeIndex(1), self._names)
        return people


def _reader(column: Column) -> _Number | _Category:
    if column.kind == "category":
        codes = {level: float(code) for code, level in enumerate(DOCUMENTED.levels[column.name])}
        return _Category(column.name, {UNKNOWN_LEVEL: _NOT_A_NUMBER, **codes})
    is_flag = column.kind == "flag"
    # A bound holds for its float32 neighbour too, as in a table.
    low = -_EXACT if column.low is None else min(column.low, float(np.float32(column.low)))
    high = _EXACT if column.high is None else max(column.high, float(np.float32(column.high)))
    return _Number(
        column.name, 0.0 if is_flag else low, 1.0 if is_flag else high,
        is_whole=is_flag or column.kind == "count", may_be_missing=column.may_be_missing and not is_flag,
    )


def _is_plain_text(name: str) -> bool:
    return DOCUMENTED.columns[name].kind == "text"


def _levels(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {name: DOCUMENTED.levels[name] for name in names if name in DOCUMENTED.levels}


def _number_of(person: Mapping[str, Any]) -> Answer:
    if PERSON not in person:
        return {}
    number = person[PERSON]
    if type(number) is not int or not 0 <= number <= _EXACT:
        raise _InDoubtError
    return {PERSON: number}


def _first(columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]) -> Answer:
    return {name: values[0].item() if isinstance(values, np.ndarray) else values[0] for name, values in columns.items()}
