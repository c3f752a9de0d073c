"""The documented drivers: columns grouped into factors, factors into dimensions, with their documented marks.

``data/facts/factors.yaml`` says it with references into the facts; a :class:`FactorCatalogue` holds it
with every reference resolved, so that a saved model can carry it without the facts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from string import Formatter
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from weilidai.columns import CATALOGUE, FEATURES, LEVELS
from weilidai.errors import ConfigError, suggest
from weilidai.facts.column_units import on_column
from weilidai.facts.schema import ChineseText, Fact, FactId, Number, Text

Comparison = Literal[">=", "<=", "=="]
Direction = Literal[-1, 0, 1]
"""1 helps, -1 hurts, 0 free: a category, or an effect that turns."""

PLACEHOLDERS: Final = ("value", "mark")
"""What a factor's wording may insert: the person's value and the documented mark."""


def _wording(text: str) -> str:
    used = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    for name in used:
        if name not in PLACEHOLDERS:
            raise ValueError(f"unknown placeholder '{{{name}}}', {suggest(name, PLACEHOLDERS)}")
    return text


Wording = Annotated[Text, AfterValidator(_wording)]
ChineseWording = Annotated[ChineseText, AfterValidator(_wording)]


class _Part(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)


class Dimension(_Part):
    """A documented group of drivers."""

    id: Text
    label_en: Text
    label_zh: ChineseText


class Texts(_Part):
    """How a factor is told to a person; ``{value}`` and ``{mark}`` are filled in."""

    adverse_en: Wording
    adverse_zh: ChineseWording
    favourable_en: Wording
    favourable_zh: ChineseWording


class MarkEntry(_Part):
    """A mark as written: its number is read from a fact, never typed."""

    column: Text
    comparison: Comparison
    fact: FactId
    value_index: Annotated[int, Field(ge=0)] = 0
    level: str | bool | None = None
    """For a category or a flag: the documented level, in place of a number."""


class Mark(_Part):
    """A documented value of a column that tells the favourable side from the adverse one."""

    column: str
    comparison: Comparison
    value: Number | str
    """As the column counts; 1 and 0 for a flag, a level for a category."""
    unit: str
    """Unit of ``value``; ``none`` for a flag or a category."""
    fact: str
    document: str
    section: int
    label_en: str
    label_zh: str


class _FactorBase(_Part):
    id: Text
    dimension: Text
    label_en: Text
    label_zh: ChineseText
    columns: Annotated[dict[str, Direction], Field(min_length=1)]
    is_actionable: bool
    """Whether a person can change it."""
    is_protected: bool
    """Whether it may only be used to compare groups, never as a feature."""
    texts: Texts | None = None


class FactorEntry(_FactorBase):
    """A factor as written in ``factors.yaml``."""

    marks: tuple[MarkEntry, ...] = ()


class Factor(_FactorBase):
    """One documented driver with its columns, directions and documented marks."""

    marks: tuple[Mark, ...] = ()

    def marks_of(self, column: str) -> tuple[Mark, ...]:
        """Give the documented marks of one column, in the order of the file."""
        return tuple(mark for mark in self.marks if mark.column == column)


class FactorCatalogue(_Part):
    """Every factor and dimension, and which column belongs to which."""

    dimensions: dict[str, Dimension]
    factors: dict[str, Factor]

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        return {column: factor.id for factor in self.factors.values() for column in factor.columns}

    def of_column(self, name: str) -> Factor:
        """Give the factor a column belongs to.

        Raises
        ------
        ConfigError
            When no factor has the column.
        """
        if name not in self._owners:
            raise ConfigError(f"no factor has the column '{name}'", cure=suggest(name, self._owners))
        return self.factors[self._owners[name]]

    def direction(self, column: str) -> int:
        """Give the documented direction of a column: 1 helps, -1 hurts, 0 free."""
        return self.of_column(column).columns[column]

    def to_dict(self) -> dict[str, Any]:
        """Write the catalogue as plain JSON-able data, marks resolved."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_dict` wrote.

        Raises
        ------
        ConfigError
            When the data is not a factor catalogue of this version.
        """
        try:
            return cls.model_validate_json(json.dumps(data))
        except (ValidationError, TypeError, ValueError) as error:
            first = str(error.errors()[0]["loc"]) if isinstance(error, ValidationError) else str(error)
            raise ConfigError(f"not a factor catalogue: {first}", cure="save the model again") from error


def mark_fault(entry: MarkEntry, columns: Iterable[str], fact: Fact) -> str | None:
    """Say what keeps a mark from being resolved, or None.

    Parameters
    ----------
    entry
        The mark as written.
    columns
        The columns of its factor.
    fact
        The fact it cites.
    """
    if entry.column not in set(columns):
        return f"column '{entry.column}' is not one of the factor's, {suggest(entry.column, columns)}"
    kind = CATALOGUE[entry.column].kind if entry.column in CATALOGUE else "text"
    if kind in ("category", "flag"):
        return _level_fault(entry, kind)
    if entry.level is not None:
        return f"column '{entry.column}' is a number; the mark reads it from the fact, without a level"
    if entry.value_index >= len(fact.values):
        return f"fact '{entry.fact}' has no value number {entry.value_index}"
    if on_column(0, fact.unit, entry.column) is None:
        return f"fact '{entry.fact}' is in {fact.unit}, which column '{entry.column}' does not count in"
    return None


def _level_fault(entry: MarkEntry, kind: str) -> str | None:
    if kind == "flag":
        return None if isinstance(entry.level, bool) else f"column '{entry.column}' is a flag; say level: true or false"
    levels = LEVELS.get(entry.column, ())
    if entry.comparison != "==" or not isinstance(entry.level, str):
        return f"column '{entry.column}' is a category; compare with == and a level"
    return None if entry.level in levels else f"unknown level '{entry.level}', {suggest(entry.level, levels)}"


def resolve(entry: FactorEntry, facts: Mapping[str, Fact]) -> Factor:
    """Fill a factor's marks with the numbers of the facts they cite; the marks must be free of faults."""
    return Factor(**{**dict(entry), "marks": tuple(_resolved(mark, facts[mark.fact]) for mark in entry.marks)})


def _resolved(entry: MarkEntry, fact: Fact) -> Mark:
    value, unit = _read(entry, fact)
    return Mark(
        column=entry.column, comparison=entry.comparison, value=value, unit=unit,
        fact=fact.id, document=fact.document, section=fact.section, label_en=fact.label_en, label_zh=fact.label_zh,
    )


def _read(entry: MarkEntry, fact: Fact) -> tuple[float | str, str]:
    if entry.level is not None:
        return (float(entry.level) if isinstance(entry.level, bool) else entry.level), "none"
    read = on_column(fact.values[entry.value_index], fact.unit, entry.column)
    if read is None:
        raise ConfigError(f"the mark of '{entry.column}' cannot be read from '{fact.id}'")
    return read


def column_faults(entries: Iterable[FactorEntry]) -> Iterator[tuple[str, str, str]]:
    """Find columns that are unknown, known only after the decision, wrongly directed, or owned twice.

    Yields
    ------
    tuple of str
        Factor id, column, and what is wrong.
    """
    owners: dict[str, str] = {}
    for entry in entries:
        for column, direction in entry.columns.items():
            if fault := _column_fault(column, direction):
                yield entry.id, column, fault
            if column in owners:
                yield entry.id, column, f"column '{column}' already belongs to factor '{owners[column]}'"
            owners.setdefault(column, entry.id)


def unowned_columns(entries: Iterable[FactorEntry]) -> list[str]:
    """Give the feature columns that belong to no factor."""
    owned = {column for entry in entries for column in entry.columns}
    return [column for column in FEATURES if column not in owned]


def _column_fault(column: str, direction: int) -> str | None:
    if column not in CATALOGUE:
        return f"unknown column '{column}', {suggest(column, FEATURES)}"
    if not CATALOGUE[column].is_feature:
        return f"column '{column}' is known only after the decision; a factor holds features"
    if CATALOGUE[column].kind == "category" and direction != 0:
        return f"column '{column}' is a category; its direction is 0"
    return None
