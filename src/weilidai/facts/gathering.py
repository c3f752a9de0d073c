"""Walking the fact folder: which files it has, and every entry of each kind with its place.

Nothing raises here. What cannot be understood becomes a :class:`~weilidai.facts.problems.Problem`, so that
one reading of the folder shows everything that has to be mended.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from weilidai.errors import suggest
from weilidai.facts.actions import Action, LeftOut, Passing, Until
from weilidai.facts.factors import Dimension, FactorEntry
from weilidai.facts.problems import Problem, problem_at, problems_of, shown_path
from weilidai.facts.schema import DOCUMENTS, Assumption, Conflict, DocumentHeader, Fact, Term, Untested
from weilidai.plain_yaml import KeyPath, YamlFile, read_yaml

T = TypeVar("T", bound=BaseModel)

FACTORS_FILE: Final = "factors.yaml"
UNTESTED_FILE: Final = "untested.yaml"
TERMS_FILE: Final = "terms.yaml"
ACTIONS_FILE: Final = "actions.yaml"
UNMATCHED: Final = (TERMS_FILE, ACTIONS_FILE)
"""Files that matching does not read."""
_FACT_FILES: Final = tuple(f"{document}.yaml" for document in DOCUMENTS)
_FOLDERS: Final = ("assumptions", "conflicts")
_TOP_FILES: Final = (*_FACT_FILES, FACTORS_FILE, UNTESTED_FILE, TERMS_FILE, ACTIONS_FILE)
_LISTS: Final[Mapping[str, Mapping[str, type[BaseModel]]]] = {
    "assumptions": {"assumptions": Assumption},
    "conflicts": {"conflicts": Conflict},
    FACTORS_FILE: {"dimensions": Dimension, "factors": FactorEntry},
    UNTESTED_FILE: {"untested": Untested},
    TERMS_FILE: {"terms": Term},
    ACTIONS_FILE: {"actions": Action, "passing": Passing, "until": Until, "left_out": LeftOut},
}
"""Folder or file -> the lists its files hold; every other file holds the facts of one document."""


@dataclass(frozen=True)
class Placed(Generic[T]):
    """An entry that is well formed in itself, and where it stands."""

    item: T
    file: YamlFile
    at: KeyPath

    def problem(self, what: str, *keys: str | int) -> Problem:
        """Note a problem at this entry, or at one of its keys."""
        return problem_at(self.file, (*self.at, *keys), what)

    @property
    def place(self) -> str:
        """File and line, for a reader."""
        return f"{shown_path(self.file.path)}:{self.file.line(self.at)}"


@dataclass
class Gathered:
    """Everything a fact folder holds, entry by entry."""

    entries: dict[type[BaseModel], list[Placed[Any]]] = field(default_factory=lambda: defaultdict(list))
    malformed_ids: set[str] = field(default_factory=set)
    """Ids of entries that are there but could not be read; a reference to one is not a second problem."""
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def of(self, model: type[T]) -> list[Placed[T]]:
        """Give the well-formed entries of one kind, in the order of files and lines."""
        return self.entries[model]

    def facts(self) -> dict[str, Fact]:
        """Give the facts by id."""
        return {placed.item.id: placed.item for placed in self.of(Fact)}


def gather(folder: Path) -> Gathered:
    """Read every file of a fact folder.

    Parameters
    ----------
    folder
        A folder with ``D*.yaml``, ``factors.yaml``, and the folders ``conflicts`` and ``assumptions``.
    """
    found = Gathered()
    hashed = hashlib.sha256()
    for path in _files(folder, found):
        file = read_yaml(path)
        if path.name not in UNMATCHED:  # no stored parameter grows stale by another word or another advice
            hashed.update(path.relative_to(folder).as_posix().encode() + b"\0" + file.content + b"\0")
        found.problems += [Problem(shown_path(path), line, what) for line, what in file.defects]
        if file.data is not None:
            _take(file, folder, found)
    found.digest = hashed.hexdigest()
    return found


def _files(folder: Path, found: Gathered) -> list[Path]:
    if not folder.is_dir():
        found.problems.append(Problem(shown_path(folder), 0, "the folder of facts does not exist"))
        return []
    named = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    below = sorted(path for name in _FOLDERS for path in (folder / name).glob("*.yaml"))
    for path in named:
        if path.name not in _TOP_FILES:
            what = f"no fact file has this name, {suggest(path.name, _TOP_FILES)}"
            found.problems.append(Problem(shown_path(path), 0, what))
    known = [path for path in named if path.name in _TOP_FILES]
    _require(folder, {path.name for path in known}, found)
    return [*known, *below]


def _require(folder: Path, names: set[str], found: Gathered) -> None:
    if FACTORS_FILE not in names:
        found.problems.append(Problem(shown_path(folder / FACTORS_FILE), 0, "the file of factors is missing"))
    if not names.intersection(_FACT_FILES):
        found.problems.append(Problem(shown_path(folder), 0, "there is no file of facts, D0.yaml to D4.yaml"))


def _take(file: YamlFile, folder: Path, found: Gathered) -> None:
    if not isinstance(file.data, dict):
        found.problems.append(problem_at(file, (), "must be a mapping of keys to values"))
        return
    lists, beside = _contents(file.path, folder)
    for key in file.data:
        if key not in (*lists, *beside):
            what = f"unknown key '{key}', {suggest(key, (*lists, *beside))}"
            found.problems.append(problem_at(file, (key,), what))
    for key, model in lists.items():
        _entries(file, key, model, found)
    if beside:
        header = {key: file.data[key] for key in beside if key in file.data}
        _entry(file, (), header, DocumentHeader, found)


def _contents(path: Path, folder: Path) -> tuple[Mapping[str, type[BaseModel]], tuple[str, ...]]:
    """Say which lists a file holds, and which keys beside them."""
    if path.parent != folder:
        return _LISTS[path.parent.name], ()
    return (_LISTS[path.name], ()) if path.name in _LISTS else ({"facts": Fact}, tuple(DocumentHeader.model_fields))


def _entries(file: YamlFile, key: str, model: type[BaseModel], found: Gathered) -> None:
    if not isinstance(entries := file.data.get(key), tuple):
        found.problems.append(problem_at(file, (key,), f"key '{key}' must hold a list"))
        return
    for index, entry in enumerate(entries):
        _entry(file, (key, index), entry, model, found)


def _entry(file: YamlFile, at: KeyPath, entry: object, model: type[BaseModel], found: Gathered) -> None:
    try:
        found.entries[model].append(Placed(model.model_validate(entry), file, at))
    except ValidationError as error:
        found.problems += problems_of(error, model, file, at)
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            found.malformed_ids.add(entry["id"])
