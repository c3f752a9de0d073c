"""From layered values to checked settings, or one error that lists every problem with its place and cure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from weilidai.config.layers import KeyPath, Layered
from weilidai.config.settings import TrainSettings
from weilidai.errors import ConfigError, suggest

_EXPECTED: Final[Mapping[str, str]] = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "finite_number": "must be a finite number",
    "model_type": "must be a group of 'key: value' lines",
    "model_attributes_type": "must be a group of 'key: value' lines",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a group of 'key: value' lines",
    "missing": "is missing",
}
"""Kind of validation error -> what would be right."""


_MOST_EXACT: Final = 2**53
"""Below it every whole number has a floating-point form of its own."""


@dataclass(frozen=True, order=True)
class Problem:
    """One setting that cannot be meant."""

    key: str
    what: str
    origin: str
    """Where it was given, as in ``file configs/train.yaml:12``; empty for a default."""

    def __str__(self) -> str:
        place = f"  ({self.origin})" if self.origin else ""
        return f"{self.key}: {self.what}{place}"


def check(layered: Layered) -> TrainSettings:
    """Turn layered values into settings.

    Raises
    ------
    ConfigError
        At least one key or value cannot be meant; the message lists all of them.
    """
    try:
        return TrainSettings.model_validate(_whole(layered.values), strict=True)
    except ValidationError as error:
        problems = sorted({_problem(dict(detail), layered) for detail in error.errors(include_url=False)})
    noun = "setting" if len(problems) == 1 else "settings"
    listed = "".join(f"\n  {problem}" for problem in problems)
    raise ConfigError(f"{len(problems)} {noun} cannot be meant{listed}",
                      cure="'weilidai train --print-config' shows every key and where its value comes from")


def _whole(value: object) -> Any:  # noqa: ANN401  # as nested as it came
    """Write ``1e6`` as the whole number it is, for strict settings take no other spelling of one."""
    if isinstance(value, Mapping):
        return {key: _whole(inner) for key, inner in value.items()}
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _MOST_EXACT
    return int(value) if is_whole else value  # type: ignore[call-overload]


def _problem(detail: Mapping[str, Any], layered: Layered) -> Problem:
    path = tuple(str(part) for part in detail["loc"])
    return Problem(".".join(path) or "settings", _in_words(detail, path), layered.origin(path))


def _in_words(detail: Mapping[str, Any], path: KeyPath) -> str:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"unknown key, {_meant(path)}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "literal_error":
        words = [word.strip("' ") for word in detail["ctx"]["expected"].replace(" or ", ",").split(",")]
        return f"'{detail['input']}' is not a choice, {suggest(str(detail['input']), words)}"
    given = f", not {detail['input']!r}" if isinstance(detail["input"], str | int | float | None) else ""
    wanted = _EXPECTED.get(kind) or str(detail["msg"]).replace("Input should", "must")
    return wanted + given


def _meant(path: KeyPath) -> str:
    """Say which key was probably meant: a near name beside it, or the same name in another group."""
    known = dict(_keys(TrainSettings))
    elsewhere = [".".join(key) for key in known if key[-1] == path[-1]]
    if elsewhere:
        return "did you mean " + " or ".join(f"'{key}'" for key in elsewhere) + "?"
    beside = [key[-1] for key in known if key[:-1] == path[:-1]]
    # Where members are named freely, as gates are, the settings know one name less than the path.
    return suggest(path[-1], beside or [key[-1] for key in known if key[:-1] == path[:-2]])


def _keys(model: type[BaseModel], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for name, field in model.model_fields.items():
        yield (*above, name), field
        for group in (field.annotation, *get_args(field.annotation)):
            if isinstance(group, type) and issubclass(group, BaseModel):
                yield from _keys(group, (*above, name))
