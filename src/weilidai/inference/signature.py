"""What a model reads and gives, as a contract that any caller can check before calling."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from weilidai.columns import CATALOGUE, Column, Kind
from weilidai.own_table import OwnColumn, OwnTable

FieldType = Literal["double", "long", "string", "boolean"]

PERSON: Final = "person_id"
REASONS: Final = "reasons"
Language = Literal["en", "zh"]
LANGUAGES: Final = ("en", "zh")

_TYPES: Final[dict[Kind, FieldType]] = {
    "number": "double", "count": "long", "flag": "boolean", "category": "string", "text": "string",
}


@dataclass(frozen=True)
class Field:
    """One column of a call or of its answer."""

    name: str
    type: FieldType
    is_required: bool


def input_fields(columns: Iterable[str], own: OwnTable | None = None) -> tuple[Field, ...]:
    """Describe the columns a model reads, and the person's number, which it hands through.

    A column whose missing value means something may be left out; a count among these is ``double``,
    because a whole number cannot be missing. A model of a table of one's own reads that table's headings.
    """
    if own is not None:
        person = () if own.id is None else (Field(own.id, "string", is_required=False),)
        return (*person, *(_own_field(own.by_name[name]) for name in columns))
    return (Field(PERSON, "long", is_required=False), *(_field(CATALOGUE[name]) for name in columns))


def output_fields(*, has_grants: bool = True, has_rates: bool = True) -> tuple[Field, ...]:
    """Describe the columns of a decision; of grants and rates only where the model has learnt them."""
    grants = (
        Field("quota_cny", "double", is_required=True),
        Field("quota_low_cny", "double", is_required=True),
        Field("quota_high_cny", "double", is_required=True),
    )
    rates = (Field("daily_rate", "double", is_required=True), Field("credit_grade", "string", is_required=True))
    return (
        Field(PERSON, "long", is_required=False),
        Field("p_invite", "double", is_required=True),
        Field("is_invited", "boolean", is_required=True),
        *(grants if has_grants else ()),
        *(rates if has_rates else ()),
        Field(REASONS, "string", is_required=False),
    )


def _own_field(column: OwnColumn) -> Field:
    if column.kind == "category":
        kind: FieldType = "long" if all(word.lstrip("-").isdigit() for word in column.levels) else "string"
        return Field(column.column, kind, is_required=not column.may_be_missing)
    told = _field(column.in_contract)
    return Field(column.column, told.type, told.is_required)


def _field(column: Column) -> Field:
    kind: FieldType = "double" if column.kind == "count" and column.may_be_missing else _TYPES[column.kind]
    return Field(column.name, kind, is_required=not column.may_be_missing)
