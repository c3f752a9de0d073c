"""What a store did not take: a plain folder of JSON and files, from which the same run is uploaded later.

Every piece gets its name when it is whole, so a folder left by a killed process holds what came before.
"""

import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from weilidai.errors import StoreError
from weilidai.places import as_typed, project_root
from weilidai.stores import sqlite_file, without_password
from weilidai.tracking.alive import NAME as ALIVE
from weilidai.tracking.alive import SignOfLife, is_filled
from weilidai.tracking.process import is_gone
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.writes import Kind, Write

PROCESS: Final = "weilidai.process"
MODEL: Final = "model"
"""Name of the model inside its run, so that ``runs:/<id>/model`` is its address; the spool names its folder so too."""
HEADER: Final = "run.json"
FIGURES: Final = "model.json"
Figure = tuple[str, float, int, int]
"""Name, value, milliseconds and step of a metric."""
_ASIDE: Final = ".part"
FORMAT: Final = 1
_FIGURES: Final = TypeAdapter(list[tuple[str, FiniteFloat, int, int]])
_KIND: Final[TypeAdapter[Kind]] = TypeAdapter(Kind)
_WORDS: Final = TypeAdapter(dict[str, str])
_TOLD: Final[Mapping[Kind, TypeAdapter[Any]]] = {
    "params": _WORDS, "tags": _WORDS, "metrics": _FIGURES, "files": _WORDS, "table": TypeAdapter(dict[str, Any]),
    "end": TypeAdapter(dict[str, str | int]),
}
"""Kind of a write -> what its entries are, so that a page somebody changed is told as that."""
T = TypeVar("T")


@dataclass(frozen=True)
class Begun:
    """A run as it began, with which it is made in a store that did not hear of it."""

    id: str
    """Of the run in the store, or one of our own when the store did not answer."""
    is_known: bool
    """Whether the store gave the id."""
    name: str
    tags: Mapping[str, str]
    started: int
    """Milliseconds since 1970."""
    tracking: Mapping[str, Any]
    """Names in the store and how champions are compared; no address."""
    store: str
    """Address of the store, without a password."""


_BEGUN: Final = TypeAdapter(Begun)


@dataclass
class Spool:
    """The folder of one run; nothing is made while the store answers.

    A folder that cannot be written is left for one among the temporary files. Where that cannot be written either, the
    run is lost, and a training goes on for the sake of its model.
    """

    begun: Begun
    folder: Path
    cause: StoreError | None = None
    lost: str = ""
    """Why nothing of the run could be kept, or not all; empty when everything is."""
    _count: int = field(default=0)
    _sign: SignOfLife | None = field(default=None, repr=False)
    _is_last: bool = field(default=False)

    @property
    def is_open(self) -> bool:
        """Whether the store was given up and the folder is written."""
        return self.cause is not None

    def open(self, cause: StoreError) -> None:
        """Begin to write here instead of into the store."""
        if self.cause is None:
            self.cause = cause
            self._kept(self._begin)

    def close(self) -> None:
        """Say that nothing more will be written, so that the run can be uploaded."""
        if self._sign is not None:
            self._sign.end()

    def open_anew(self, cause: StoreError) -> None:
        """Begin to write here what becomes another run, as the one in the store was taken away."""
        if self.cause is None:
            self.begun = replace(self.begun, is_known=False)
            self.open(cause)

    def add(self, write: Write) -> None:
        """Keep one write."""
        self._count += 1
        name = f"{self._count:04d}-{write.kind}"

        def keep() -> None:
            if write.folder is not None:
                copy_whole(write.folder, self.folder / name)
            _write_json(self.folder / f"{name}.json", {"kind": write.kind, "entries": write.entries})

        self._kept(keep)

    def add_model(self, written: Path, figures: Sequence[Figure]) -> None:
        """Keep the finished model, and the figures it carries.

        Raises
        ------
        StoreError
            There is no folder it could be kept in.
        """

        def keep() -> None:
            _write_json(self.folder / FIGURES, {"figures": list(figures)})
            copy_whole(written, self.folder / MODEL)

        self._kept(keep)
        if self.lost:
            raise self.refusal()

    def refusal(self) -> StoreError:
        """Say at the end that the store took not everything, and where the rest is."""
        why = self.cause.what if self.cause else "the store did not answer"
        if self.lost:
            return StoreError(f"the run is lost: {why}; {self.lost}", where=self.begun.store,
                              cure="see that the store answers, or that tracking.spool can be written")
        elsewhere = f" --set tracking.spool='{self.folder.parent}'" if self._is_last else ""
        return StoreError(
            f"the run is whole, but not in its store: {why}", where=str(self.folder),
            cure=f"nothing is lost; when the store answers again: `weilidai doctor --sync{elsewhere}`",
        )

    def _kept(self, keep: Callable[[], None]) -> None:
        """Write what is to be kept, elsewhere if need be; a folder that takes nothing must not end a training."""
        if self.lost:
            return
        try:
            keep()
        except OSError as error:
            self.lost = f"what it did not take cannot be kept in {self.folder} ({_why(error)})"
            if not self._is_last:
                self._kept_elsewhere(keep)

    def _kept_elsewhere(self, keep: Callable[[], None]) -> None:
        self._is_last = True
        try:
            self._move(Path(tempfile.mkdtemp(prefix="weilidai-spool-")))
            keep()
        except OSError as error:
            self.lost = f"{self.lost}, nor among the temporary files ({_why(error)})"
        else:
            self.lost = ""

    def _begin(self) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sign = SignOfLife(self.folder)
        because = self.cause.what if self.cause else ""
        _write_json(self.folder / HEADER, {"format": FORMAT, "because": because, **vars(self.begun)})

    def _move(self, elsewhere: Path) -> None:
        """Go on in another folder, with what was kept so far."""
        left, self.folder = self.folder, elsewhere / self.folder.name
        if (left / HEADER).is_file():
            shutil.copytree(left, self.folder, ignore=shutil.ignore_patterns(f"*{_ASIDE}", HEADER, ALIVE))
        self._begin()
        with suppress(OSError):  # what cannot be removed is uploaded too, and is the same run
            (left / HEADER).unlink()
            shutil.rmtree(left)


@dataclass(frozen=True)
class Spooled:
    """A folder found later, as it will be uploaded."""

    folder: Path
    begun: Begun

    @property
    def is_live(self) -> bool:
        """Whether its process may still be writing, by its sign of life; the number of a process proves little."""
        if any(write.kind == "end" for write in self.writes()):
            return False
        try:
            is_marked = (self.folder / ALIVE).is_file()
            return is_filled(self.folder) and (is_marked or not is_gone(self.begun.tags.get(PROCESS, "")))
        except OSError as error:
            raise StoreError(f"cannot be looked into ({_why(error)})", where=str(self.folder)) from error

    @property
    def is_there(self) -> bool:
        """Whether nobody has uploaded and removed it meanwhile."""
        return (self.folder / HEADER).is_file()

    @property
    def model(self) -> Path | None:
        """Folder of the model, when there is one."""
        return self.folder / MODEL if (self.folder / MODEL).is_dir() else None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Metrics the model carries."""
        file = self.folder / FIGURES
        figures: list[Figure] = _as(_FIGURES, _read_json(file).get("figures"), file)
        return tuple(figures)

    def writes(self) -> Iterator[Write]:
        """Give what was kept, in order."""
        for file in sorted(self.folder.glob("[0-9]*-*.json")):
            told, beside = _read_json(file), file.with_suffix("")
            kind = _as(_KIND, told.get("kind"), file)
            yield Write(kind, _as(_TOLD[kind], told.get("entries"), file), beside if kind == "files" else None)


def spool_folder(settings: TrackingSettings) -> Path:
    """Say where runs are kept that the store does not take."""
    if settings.spool is not None:
        return as_typed(settings.spool).absolute()
    file = sqlite_file(settings.resolved_uri)
    return (project_root() / "mlflow.db.spool") if file is None else file.with_name(f"{file.name}.spool")


def new_spool(settings: TrackingSettings, begun: Begun) -> Spool:
    """Choose the folder of a run; it is made when it is needed."""
    day = datetime.fromtimestamp(begun.started / 1000, UTC).strftime("%Y%m%dT%H%M%S")
    return Spool(begun, spool_folder(settings) / f"{day}-{begun.id[:8]}")


def begun(settings: TrackingSettings, run_id: str, name: str, tags: Mapping[str, str], *, is_known: bool) -> Begun:
    """Describe a run that begins now."""
    kept = settings.model_dump(exclude={"uri", "spool"})
    return Begun(run_id, is_known, name, dict(tags), milliseconds(), kept, without_password(settings.resolved_uri))


def spooled(settings: TrackingSettings) -> tuple[Spooled, ...]:
    """Find what waits to be uploaded, the oldest first.

    Raises
    ------
    StoreError
        A folder was made by another version, or its first page cannot be read.
    """
    readable, broken = looked_through(settings)
    if broken:
        raise broken[0]
    return readable


def looked_through(settings: TrackingSettings) -> tuple[tuple[Spooled, ...], tuple[StoreError, ...]]:
    """Find what waits to be uploaded, the oldest first, and what is wrong with those that cannot be."""
    readable, broken = [], []
    for file in sorted(spool_folder(settings).glob(f"*/{HEADER}")):
        try:
            readable.append(_opened(file.parent))
        except StoreError as error:
            broken.append(error)
    return tuple(sorted(readable, key=lambda one: (one.begun.started, one.folder.name))), tuple(broken)


def forget(spooled: Spooled) -> None:
    """Remove what the store has now; the header first, so that nobody takes the rest for a whole run."""
    (spooled.folder / HEADER).unlink()
    shutil.rmtree(spooled.folder)


def copy_whole(source: Path, place: Path) -> None:
    """Copy a folder so that it has its name only when it is whole."""
    aside = place.with_name(place.name + _ASIDE)
    shutil.rmtree(aside, ignore_errors=True)
    try:
        shutil.copytree(source, aside)
        shutil.rmtree(place, ignore_errors=True)  # of a write that came no further, and is done again
        aside.rename(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def milliseconds() -> int:
    """Tell the time as the store counts it."""
    return time.time_ns() // 1_000_000


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def require_plain(folder: Path) -> None:
    """See that a spooled run holds plain files and folders only, so that nothing from elsewhere is taken along.

    Raises
    ------
    StoreError
        There is a link, or what is neither file nor folder.
    """
    for place in (folder, *(Path(above) / name for above, *names in os.walk(folder) for name in chain(*names))):
        if not stat.S_ISDIR(kind := place.lstat().st_mode) and not stat.S_ISREG(kind):
            raise StoreError("a spooled run holds plain files and folders only, no links or devices", where=str(place),
                             cure="take it out of the folder, or put in its place the file it stands for")


def _opened(folder: Path) -> Spooled:
    require_plain(folder)
    told = _read_json(folder / HEADER)
    if told.pop("format", None) != FORMAT:
        raise StoreError("was spooled by another version", where=str(folder), cure="upload it with that version")
    told.pop("because", None)
    return Spooled(folder, _as(_BEGUN, told, folder / HEADER))


def _as(kind: TypeAdapter[T], told: object, file: Path) -> T:
    try:
        return kind.validate_python(told)
    except ValidationError as error:
        raise StoreError("is not a page of a spooled run", where=str(file), cure="bring back a copy of it") from error


def _write_json(file: Path, told: Mapping[str, Any]) -> None:
    aside = file.with_name(file.name + _ASIDE)
    try:
        aside.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError("a spooled page cannot be read", where=str(file), cure="bring back a copy of it") from error
    if not isinstance(told, dict):
        raise StoreError("is not a page of a spooled run", where=str(file))
    return told
