"""Reading a mapping: the file in which a team says what the columns of its own table mean."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from weilidai.errors import ConfigError, suggest
from weilidai.own_table import OwnTable
from weilidai.plain_yaml import YamlFile, read_yaml

_EXPECTED: Final[Mapping[str, str]] = {
    "missing": "is missing", "string_type": "must be text", "bool_type": "must be true or false",
    "float_type": "must be a number", "tuple_type": "must be a list",
    "dict_type": "must be a group of 'key: value' lines",
    "model_type": "must be a group of 'key: value' lines", "too_short": "must not be empty",
}
"""Kind of validation error -> what would be right."""


def read_mapping(file: Path) -> OwnTable:
    """Read a mapping file.

    Raises
    ------
    ConfigError
        The file cannot be read, or something in it cannot be meant; everything found is listed with its line.
    """
    read = read_yaml(file)
    faults = [f"{file}:{line}: {what}" for line, what in read.defects]
    if not faults:
        try:
            return OwnTable.model_validate(read.data)
        except ValidationError as error:
            faults = list(dict.fromkeys(_faults(error, read)))
    noun = "place" if len(faults) == 1 else "places"
    raise ConfigError(
        f"the mapping cannot be meant in {len(faults)} {noun}\n  " + "\n  ".join(faults), where=str(file),
        cure="docs/how-to-own-data.md explains every key; configs/own_data/taiwan_mapping.yaml is an example",
    )


def _faults(error: ValidationError, read: YamlFile) -> Iterator[str]:
    details = error.errors(include_url=False)
    places = [tuple(part for part in detail["loc"] if part != "[key]") for detail in details]
    for detail, path in zip(details, places, strict=True):
        beneath = any(len(other) > len(path) and other[: len(path)] == path for other in places)
        if detail["type"] == "too_short" and beneath:
            continue  # its entries were given, but none can be meant, as is said there
        key = ".".join(str(part) for part in path) or "mapping"
        for what in _in_words(dict(detail), path).split("; "):
            yield f"line {read.line(path)}, {key}: {what}"


def _in_words(detail: Mapping[str, Any], path: tuple[int | str, ...]) -> str:
    kind, given = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return f"unknown key, {suggest(str(path[-1]), _keys(path[:-1]))}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "literal_error":
        words = [word.strip("' ") for word in detail["ctx"]["expected"].replace(" or ", ",").split(",")]
        return f"'{given}' is not a choice, {suggest(str(given), words)}"
    return _EXPECTED.get(kind) or str(detail["msg"])


def _keys(path: tuple[int | str, ...]) -> list[str]:
    """Give the keys that a group of the mapping has."""
    group: type[BaseModel] = OwnTable
    for part in path:
        field = group.model_fields.get(str(part))
        group = next(_groups(field.annotation), group) if field else group
    return list(group.model_fields)


def _groups(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _groups(inner)
