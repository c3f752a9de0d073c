"""Problems found in fact files: where, what, and the word that was probably meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from weilidai.errors import ConfigError, suggest
from weilidai.plain_yaml import KeyPath, YamlFile

_QUOTED = re.compile(r"'([^']*)'")
_SHOWN: Final = 60
_EXPECTED: Final[Mapping[str, str]] = {
    "string_type": "must be text; put it in quotes",
    "float_type": "must be a number without quotes or thousands separators",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "finite_number": "must be a finite number",
    "too_short": "must not be empty",
}
"""Kind of validation error -> what to write instead."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


def problem_at(file: YamlFile, keys: KeyPath, what: str) -> Problem:
    """Place a problem at the line of an entry or key."""
    return Problem(shown_path(file.path), file.line(keys), what)


def shown_path(path: Path) -> str:
    """Write a path relative to the current folder where possible, so that it can be clicked."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def raise_if_any(problems: Iterable[Problem], folder: Path) -> None:
    """Raise one error that lists every problem, in the order of files and lines.

    Raises
    ------
    ConfigError
        When there is at least one problem.
    """
    listed = sorted(set(problems))
    if listed:
        noun = "problem" if len(listed) == 1 else "problems"
        lines = "\n".join(f"  {problem}" for problem in listed)
        raise ConfigError(f"{len(listed)} {noun} in the fact files\n{lines}", where=shown_path(folder))


def problems_of(error: ValidationError, model: type[BaseModel], file: YamlFile, at: KeyPath) -> Iterator[Problem]:
    """Put what pydantic found wrong with an entry into plain words with line numbers.

    Parameters
    ----------
    error
        What validating the entry raised.
    model
        The entry's model; its field names are what an unknown key is compared with.
    file, at
        The file, and where in it the entry stands.
    """
    for detail in error.errors(include_url=False):
        keys: KeyPath = tuple(detail["loc"])
        yield problem_at(file, (*at, *keys), _in_words(dict(detail), model, keys))


def _in_words(detail: Mapping[str, Any], model: type[BaseModel], keys: KeyPath) -> str:
    key = ".".join(str(part) for part in keys)
    if detail["type"] == "extra_forbidden":
        near = suggest(_folded(str(keys[-1])), _known_keys(model, keys[:-1]))
        return f"unknown key '{_cut(keys[-1])}', {near}"
    if detail["type"] == "missing":
        return f"key '{key}' is missing"
    return f"{key}: {_expectation(detail)}" if key else _expectation(detail)


def _expectation(detail: Mapping[str, Any]) -> str:
    kind, given = detail["type"], detail["input"]
    if kind == "literal_error":
        expected = detail["ctx"]["expected"]
        is_word = isinstance(given, str) and "'" in expected
        near = suggest(str(given), _QUOTED.findall(expected))
        return f"unknown word '{_cut(given)}', {near}" if is_word else f"must be {expected}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return f"'{_cut(given)}' does not have the form {detail['ctx']['pattern']}"
    return _EXPECTED.get(kind, detail["msg"][:1].lower() + detail["msg"][1:])


def _folded(word: str) -> str:
    # Full-width letters, as a Chinese keyboard types them, are compared as the plain ones.
    return unicodedata.normalize("NFKC", word).strip()


def _known_keys(model: type[BaseModel], keys: KeyPath) -> Iterable[str]:
    for key in keys:
        if isinstance(key, str) and key in model.model_fields:
            model = next(_models_in(model.model_fields[key].annotation), model)
    return model.model_fields


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
