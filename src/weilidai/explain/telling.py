"""Putting chosen reasons into words for a whole table: every sentence once, however many people it is told to."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import ModelError
from weilidai.explain.directions import cited_place
from weilidai.explain.marks import is_met, telling
from weilidai.explain.rule_reasons import RuleFailure
from weilidai.explain.selection import NOBODY, Chosen, Side
from weilidai.explain.words import Value, language_place, plain_value, say_bar, say_value
from weilidai.facts import Factor, FactorCatalogue, Mark
from weilidai.facts.amounts import Language
from weilidai.facts.column_units import units_of

IntArray = npt.NDArray[np.intp]

_FLAGS_THAT_HIDE: Final = (
    "has_bureau_record", "has_contacts_permission", "has_location_permission", "has_transactions_permission",
    "has_pay_score_enabled",
)
_DIGITS: Final = 6
"""Digits after the point of a contribution."""


class Told(NamedTuple):
    """A reason but for its weight, the same for everybody with the same value; fields as in a reason."""

    factor: str
    dimension: str
    value: Value
    mark: Value
    distance: float | int | None
    unit: str | None
    document: str | None
    section: int | None
    is_actionable: bool
    text: str


_Tell = Callable[[Value, str], Told]


class _Said(NamedTuple):
    """What the documents say of all values on one side of the marks."""

    mark: Value
    document: str | None
    section: int | None
    words: str


class Page:
    """What is told to each of many people, in order.

    Parameters
    ----------
    people
        How many.
    most
        Most reasons for one of them.
    """

    def __init__(self, people: int, most: int) -> None:
        self._told = np.full((people, most), None, dtype=object)
        self._weight: npt.NDArray[Any] = np.full((people, most), None, dtype=object)

    def put(self, rows: IntArray, places: IntArray, told: npt.NDArray[Any], weights: Sequence[float] | None) -> None:
        """Tell people something at their given places; a rule has no weight."""
        self._told[rows, places] = told
        if weights is not None:
            self._weight[rows, places] = [round(weight, _DIGITS) for weight in weights]

    def __iter__(self) -> Iterator[list[tuple[Told, float | None]]]:
        """Give each person's reasons with their weights."""
        for told, weights in zip(self._told.tolist(), self._weight.tolist(), strict=True):
            yield [pair for pair in zip(told, weights, strict=True) if pair[0] is not None]

    def to_json(self) -> list[str]:
        """Write each person's reasons as a JSON list."""
        written: dict[int, tuple[str, str]] = {}
        lists = []
        for own in self:
            parts = []
            for told, weight in own:
                if id(told) not in written:
                    written[id(told)] = _written(told)
                before, after = written[id(told)]
                parts.append(before + ("null" if weight is None else repr(weight)) + after)
            lists.append("[" + ", ".join(parts) + "]")
        return lists


class Speaker:
    """Puts into words what was chosen for people.

    Parameters
    ----------
    people
        One row per person.
    catalogue
        Documented factors with marks and texts.
    language
        ``en`` or ``zh``.
    """

    def __init__(self, people: pd.DataFrame, catalogue: FactorCatalogue, language: Language) -> None:
        self._people = people
        self._catalogue = catalogue
        self._language = language
        self._place = language_place(language)
        self._said: dict[tuple[object, ...], _Said] = {}

    @cached_property
    def _flags(self) -> dict[str, npt.NDArray[Any]]:
        return {name: self._people[name].to_numpy() for name in _FLAGS_THAT_HIDE if name in self._people.columns}

    def tell_rule(self, page: Page, failure: RuleFailure, rows: IntArray, places: IntArray) -> None:
        """Tell people the rule they fail."""
        factor, column = self._catalogue.of_column(failure.column), failure.column
        document, section = cited_place(failure.fact)
        mark = plain_value(column, failure.bar)
        bar, required = (column, failure.comparison, failure.bar, self._language), failure.required[self._place]
        bars = [required + say_bar(*bar, brief=brief) for brief in (False, True)]

        def tell(value: Value, said: str) -> Told:
            text = failure.words[self._place].format(value=said, mark=bars[value is not None])
            return Told(
                failure.rule if factor.is_protected else factor.id, factor.dimension, value, mark,
                *distance(column, value, mark), document, section, factor.is_actionable, text,
            )

        page.put(rows, places, self._each(column, rows, tell), None)

    def tell_factors(self, page: Page, chosen: Chosen, features: Sequence[str], side: Side, first: IntArray) -> None:
        """Tell people the factors chosen for them, from their ``first`` place on while there is room."""
        factors, most = list(self._catalogue.factors.values()), chosen.factors.shape[1]
        rows, ranks = np.nonzero((chosen.factors != NOBODY) & (first[:, None] + np.arange(most) < most))
        pairs = chosen.factors[rows, ranks] * len(features) + chosen.columns[rows, ranks]
        order = np.argsort(pairs, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(pairs[order])) + 1) if len(order) else ():
            factor, column = divmod(int(pairs[part[0]]), len(features))
            told = self._factor(factors[factor], features[column], rows[part], side)
            weights = chosen.contributions[rows[part], ranks[part]].tolist()
            page.put(rows[part], first[rows[part]] + ranks[part], told, weights)

    def _factor(self, factor: Factor, column: str, rows: IntArray, side: Side) -> npt.NDArray[Any]:
        if factor.texts is None:
            raise ModelError(f"the factor '{factor.id}' has no words", where="factors", cure="train the model again")
        template, marks = str(getattr(factor.texts, f"{side}_{self._language}")), factor.marks_of(column)

        def tell(value: Value, said: str) -> Told:
            documented = self._documented(factor, column, value, side, marks)
            return Told(
                factor.id, factor.dimension, value, documented.mark, *distance(column, value, documented.mark),
                documented.document, documented.section, factor.is_actionable,
                template.format(value=said, mark=documented.words),
            )

        return self._each(column, rows, tell)

    def _documented(
        self, factor: Factor, column: str, value: Value, side: Side, marks: Sequence[Mark]
    ) -> _Said:
        met = tuple(is_met(mark, value) for mark in marks)
        key = (column, side, value is None, value if isinstance(value, str) else None, met)
        if key not in self._said:
            found = telling(factor, column, value, side)
            words = found.words(self._language, brief=value is not None)
            self._said[key] = _Said(found.value, *found.place, words)
        return self._said[key]

    def _each(self, column: str, rows: IntArray, tell: _Tell) -> npt.NDArray[Any]:
        """Tell each of these people their value; a value that several have is put into words once."""
        cells = self._people[column].to_numpy()[rows]
        codes, values = pd.factorize(cells, use_na_sentinel=True)
        told: npt.NDArray[Any] = np.empty(len(values) + 1, dtype=object)
        for place, cell in enumerate(values.tolist()):
            value = plain_value(column, cell)
            told[place] = tell(value, say_value(column, value, self._language))
        found: npt.NDArray[Any] = told[codes]
        known: dict[tuple[Value, ...], Told] = {}
        for place in np.flatnonzero(codes < 0).tolist():
            found[place] = self._missing(column, int(rows[place]), tell, known)
        return found

    def _missing(self, column: str, row: int, tell: _Tell, known: dict[tuple[Value, ...], Told]) -> Told:
        """Tell a missing value; why it is missing shows in the person's flags."""
        seen = {flag: plain_value(flag, cells[row]) for flag, cells in self._flags.items()}
        key = tuple(seen.values())
        if key not in known:
            known[key] = tell(None, say_value(column, None, self._language, seen=seen))
        return known[key]


def distance(column: str, value: Value, mark: Value) -> tuple[float | int | None, str | None]:
    """Say how far a number lies above its mark (below: negative), and in which unit."""
    units = units_of(column)
    is_number = units and not any(each is None or isinstance(each, (bool, str)) for each in (value, mark))
    if not is_number:
        return None, None
    away = plain_value(column, float(value) - float(mark))  # type: ignore[arg-type]  # both are numbers
    return away, units[0]  # type: ignore[return-value]  # of a column of numbers


def _written(told: Told) -> tuple[str, str]:
    """Write the JSON of a reason before and after its contribution."""
    first = f'{{"factor": {_json(told.factor)}, "dimension": {_json(told.dimension)}, "contribution": '
    rest = (f'"{name}": {_json(value)}' for name, value in zip(told._fields[2:], told[2:], strict=True))
    return first, ", " + ", ".join(rest) + "}"


def _json(value: Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    return repr(value)
