"""YAML as facts and settings use it: plain data in which every key knows its line.

Only the plain part of YAML is allowed. Tags, anchors, aliases, several documents in one file, duplicate
keys and tabs in the indentation are refused, so a file means what it looks like and cannot blow up.
Words are read as YAML 1.2 reads them: ``no`` and ``on`` are text, ``1e-4`` is a number.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import yaml

Plain: TypeAlias = "bool | int | float | str | dict[str, Plain] | tuple[Plain, ...] | None"
KeyPath: TypeAlias = tuple[str | int, ...]
Defect: TypeAlias = tuple[int, str]
"""Line (0 when there is none) and what is wrong there."""

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 12

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[Mapping[str, Plain]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".inf": float("inf"), "-.inf": float("-inf"),
}
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)


class _UnreadableError(Exception):
    """The file cannot be read any further; the defect is already noted."""


@dataclass(frozen=True)
class YamlFile:
    """A file as read: mappings are dicts, lists are tuples."""

    path: Path
    data: Any
    lines: Mapping[KeyPath, int] = field(repr=False)
    content: bytes = field(repr=False)
    """The text in UTF-8 with unix line ends, the same on every machine."""
    defects: tuple[Defect, ...] = ()

    def line(self, keys: KeyPath) -> int:
        """Find the line of a key, or of the nearest entry around it; 1 when nothing is known."""
        for length in range(len(keys), -1, -1):
            if keys[:length] in self.lines:
                return self.lines[keys[:length]]
        return 1


def read_yaml(path: Path) -> YamlFile:
    """Read one file; whatever is wrong with it is noted in ``defects``, never raised.

    Parameters
    ----------
    path
        A YAML file of at most ``MAX_BYTES`` bytes in UTF-8; a byte-order mark and CRLF are accepted.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            return _unread(path, 0, f"is larger than {MAX_BYTES:,} bytes")
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        return _unread(path, 0, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        return _unread(path, raw[: error.start].count(b"\n") + 1, f"byte {error.start} is not UTF-8")
    return parse_yaml(path, text)


def _unread(path: Path, line: int, what: str, content: bytes = b"") -> YamlFile:
    return YamlFile(path, None, {}, content, ((line, what),))


def parse_yaml(path: Path, text: str) -> YamlFile:
    """Read text as :func:`read_yaml` reads a file; ``path`` only names where the text came from."""
    content = text.encode()
    if tab := _TAB_INDENT.search(text):
        return _unread(path, text.count("\n", 0, tab.start()) + 1, "a tab in the indentation; use spaces", content)
    builder = _Builder(yaml.parse(text, Loader=_LOADER))
    try:
        data = builder.document()
    except _UnreadableError:
        data = None
    except yaml.YAMLError as error:
        builder.defects.append(_syntax_defect(error, content))
        data = None
    return YamlFile(path, data, builder.lines, content, tuple(builder.defects))


def _syntax_defect(error: yaml.YAMLError, content: bytes) -> Defect:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return (mark.line + 1 if mark else 0), f"is not YAML: {error.problem or error.context}"
    position = int(getattr(error, "position", 0) or 0)
    return content.count(b"\n", 0, position) + 1, f"is not YAML: {getattr(error, 'reason', 'unreadable')}"


class _Builder:
    """Turns the parser's events into data, noting the line of every key and what is not allowed."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.lines: dict[KeyPath, int] = {}
        self.defects: list[Defect] = []

    def document(self) -> Plain:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self._stop(0, "is empty")
        data = self._value(next(self.events), ())
        next(self.events)
        if not isinstance(last := next(self.events), yaml.StreamEndEvent):
            self._note(last, "a second document begins here; one file holds one document")
        return data

    def _value(self, event: yaml.Event, at: KeyPath) -> Plain:
        self.lines.setdefault(at, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._note(event, f"alias '*{event.anchor}' is not allowed; write the value out")
            return None
        if len(at) > MAX_DEPTH:
            self._stop(_line(event), f"nested deeper than {MAX_DEPTH} levels")
        self._refuse_marks(event)
        if isinstance(event, yaml.ScalarEvent):
            return _plain(event.value) if event.implicit[0] and event.tag is None else str(event.value)
        return self._mapping(at) if isinstance(event, yaml.MappingStartEvent) else self._sequence(at)

    def _sequence(self, at: KeyPath) -> tuple[Plain, ...]:
        items: list[Plain] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*at, len(items))))
        return tuple(items)

    def _mapping(self, at: KeyPath) -> dict[str, Plain]:
        items: dict[str, Plain] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(_line(event), "a key must be one word")
            self._refuse_marks(event)
            key = str(event.value)
            is_new = key not in items
            if is_new:
                self.lines[*at, key] = _line(event)
            else:
                self._note(event, f"key '{key}' was given before, on line {self.lines[*at, key]}")
            value = self._value(next(self.events), (*at, key))
            if is_new:
                items[key] = value
        return items

    def _refuse_marks(self, event: yaml.Event) -> None:
        if anchor := getattr(event, "anchor", None):
            self._note(event, f"anchor '&{anchor}' is not allowed; write the value out")
        if tag := getattr(event, "tag", None):
            self._note(event, f"tag '{tag}' is not allowed")
        if "\0" in str(getattr(event, "value", "")):  # no file name, no key and no word has one
            self._note(event, "the character NUL is not allowed")

    def _note(self, event: yaml.Event, what: str) -> None:
        self.defects.append((_line(event), what))

    def _stop(self, line: int, what: str) -> NoReturn:
        self.defects.append((line, what))
        raise _UnreadableError


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _plain(text: str) -> Plain:
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
