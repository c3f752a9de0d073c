"""A table of one's own: which of its columns mean what, in words that contract, models and reasons share.

A team writes it once, as a mapping file; the saved model carries a copy, so that scoring reads the same
columns, with the same codes, ranges and words, as learning did.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from weilidai.columns import CATALOGUE, Column, Contract
from weilidai.errors import ConfigError, suggest

OwnKind = Literal["number", "count", "flag", "category"]
RESERVED: Final = (
    "person_id", "snapshot_month", "is_invited", "is_opened", "initial_quota_cny", "daily_rate", "credit_grade",
)
"""Names under which ids, months and labels travel through a training."""
PERSON: Final = "person_id"
MONTH: Final = "snapshot_month"
INVITED: Final = "is_invited"
OPENED: Final = "is_opened"
GRANT: Final = "initial_quota_cny"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


def code(value: object) -> str:
    """Write a code of a table in one form, whether a file holds it as 1, 1.0, true or text.

    Examples
    --------
    >>> code(1.0), code(" A1 "), code(True)
    ('1', 'A1', '1')
    """
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name: small letters, digits and _ only, a letter first")
    return name


def _directed(value: object) -> object:
    if type(value) is not int or value not in (-1, 0, 1):
        raise ValueError(f"{value!r} is no direction: 1 is more helps, -1 is more hurts, 0 is free")
    return value


def _coded(values: object) -> object:
    """Let codes be written as they stand in the table, as numbers or as text."""
    return {code(key): value for key, value in values.items()} if isinstance(values, Mapping) else values


def _codes(values: object) -> object:
    return tuple(code(value) for value in values) if isinstance(values, list | tuple) else values


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Name = Annotated[str, AfterValidator(_named)]
Text = Annotated[str, AfterValidator(_filled)]
Direction = Annotated[Literal[-1, 0, 1], BeforeValidator(_directed)]
Codes = Annotated[tuple[str, ...], BeforeValidator(_codes)]


class _Part(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid", strict=True)


class Words(_Part):
    """The same thing said in English and Chinese."""

    en: Text
    zh: Text


class Level(Words):
    """What a code of a category means; several codes may share a name, and are then one level."""

    name: Name


class OwnColumn(_Part):
    """One column of the table: what it is called there and here, what it may hold, how it is told."""

    name: Name
    """What models, metrics and reports call it."""
    column: Text
    """Its heading in the table."""
    kind: OwnKind
    label_en: Text
    label_zh: Text
    direction: Direction = 0
    """1: more helps; -1: more hurts; 0: free. Held in the trees."""
    low: float | None = None
    high: float | None = None
    may_be_missing: bool = False
    unit: Words | None = None
    levels: Annotated[dict[str, Level], BeforeValidator(_coded)] = {}
    """For a category: code in the table -> level."""
    said: Annotated[dict[str, Words], BeforeValidator(_coded)] = {}
    """For a number: values that mean something of their own, as 0 may stand for "nothing due"."""

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "OwnColumn":
        if (self.kind == "category") != bool(self.levels):
            raise ValueError(f"column '{self.name}': levels belong to a category, and a category needs them")
        if self.kind == "category" and self.direction:
            raise ValueError(f"column '{self.name}' is a category; its direction is 0")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"column '{self.name}': low {self.low:g} is above high {self.high:g}")
        return self

    @property
    def level_names(self) -> tuple[str, ...]:
        """Levels in the order of their codes, each once."""
        return tuple(dict.fromkeys(level.name for level in self.levels.values()))

    @property
    def in_contract(self) -> Column:
        """The column as the contract checks it."""
        return Column(
            self.name, self.kind, "context", self.label_en, self.label_zh, self.low, self.high, self.may_be_missing,
        )


class OwnFactor(_Part):
    """A driver as people speak of it, with the columns that measure it."""

    id: Name
    dimension: Name
    label_en: Text
    label_zh: Text
    is_actionable: bool
    """Whether a person can change it."""
    is_protected: bool
    """Whether it may only be used to compare groups, never as a feature."""
    columns: Annotated[tuple[OwnColumn, ...], Field(min_length=1)]


class OwnDimension(_Part):
    """A group of factors."""

    id: Name
    label_en: Text
    label_zh: Text


class OwnSlice(_Part):
    """Groups on which metrics are repeated: the levels of a category, or bands of a number."""

    name: Name
    column: Name
    bands: tuple[float, ...] = ()
    """Values at which a new band begins."""


class OwnLabel(_Part):
    """What is learnt: who is good."""

    column: Text
    good: Annotated[Codes, Field(min_length=1)]
    bad: Annotated[Codes, Field(min_length=1)]

    @model_validator(mode="after")
    def _takes_one_side(self) -> "OwnLabel":
        if both := sorted(set(self.good) & set(self.bad)):
            raise ValueError(f"label '{self.column}': {', '.join(both)} cannot be both good and bad")
        return self


class OwnTable(_Part):
    """Everything a training has to know of a table it has never seen."""

    title_en: Text
    title_zh: Text
    label: OwnLabel
    id: Text | None = None
    """Column with the person's number or name; rows are numbered when there is none."""
    time: Text | None = None
    """Column with a date or month; people are split by their number alone when there is none."""
    amount: Text | None = None
    """Column with the amount granted; no amount is learnt when there is none."""
    dimensions: Annotated[tuple[OwnDimension, ...], Field(min_length=1)]
    factors: Annotated[tuple[OwnFactor, ...], Field(min_length=1)]
    slices: tuple[OwnSlice, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> "OwnTable":
        if faults := list(self._faults()):
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        groups = [dimension.id for dimension in self.dimensions]
        for factor in self.factors:
            if (named := factor.dimension) not in groups:
                yield f"factor '{factor.id}': unknown dimension '{named}', {suggest(named, groups)}"
        headings = [self.label.column, *(name for name in (self.id, self.time, self.amount) if name)]
        for what, names in (
            ("dimension", groups), ("factor", [factor.id for factor in self.factors]),
            ("column name", [column.name for column in self.columns]),
            ("slice", [one.name for one in self.slices]),
            ("heading", [*headings, *(column.column for column in self.columns)]),
        ):
            yield from (f"{what} '{name}' is given twice" for name in _twice(names))
        for column in self.columns:
            if column.name in RESERVED:
                yield f"column name '{column.name}' is taken by the training itself"
        for one in self.slices:
            yield from self._slice_faults(one)

    def _slice_faults(self, one: OwnSlice) -> Iterator[str]:
        known = {column.name: column for column in self.columns}
        if one.column not in known:
            yield f"slice '{one.name}': unknown column '{one.column}', {suggest(one.column, known)}"
        elif (known[one.column].kind in ("number", "count")) != bool(one.bands):
            yield f"slice '{one.name}': a number needs bands, a category has levels"

    @cached_property
    def columns(self) -> tuple[OwnColumn, ...]:
        """All columns of all factors, in the order of the file."""
        return tuple(column for factor in self.factors for column in factor.columns)

    @cached_property
    def by_name(self) -> Mapping[str, OwnColumn]:
        """Name -> column."""
        return {column.name: column for column in self.columns}

    @cached_property
    def contract(self) -> Contract:
        """The contract that learning and scoring hold the table against."""
        keys = (PERSON, *((MONTH,) if self.time else ()))
        labels = (INVITED, *((OPENED, GRANT) if self.amount else ()))
        grant = Column(GRANT, "number", "decision", "amount granted", "授信金额", may_be_missing=True)
        carried = {name: CATALOGUE[name] for name in (*keys, *labels)} | ({GRANT: grant} if self.amount else {})
        own = {column.name: column.in_contract for column in self.columns}
        levels = {column.name: column.level_names for column in self.columns if column.levels}
        return Contract({**carried, **own}, levels, keys, labels)

    def to_dict(self) -> dict[str, Any]:
        """Write the mapping as plain JSON-able data."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "OwnTable":
        """Read back what :meth:`to_dict` wrote.

        Raises
        ------
        ConfigError
            The data is not a mapping of this version.
        """
        try:
            return cls.model_validate(_tuples(data))
        except ValidationError as error:
            raise ConfigError(f"not a mapping of a table: {error.errors()[0]['msg']}", where="own_table") from error


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _tuples(data: Any) -> Any:  # noqa: ANN401  # as nested as it came
    """Turn lists into tuples, which JSON does not know."""
    if isinstance(data, Mapping):
        return {key: _tuples(value) for key, value in data.items()}
    return tuple(_tuples(value) for value in data) if isinstance(data, list) else data
