"""A folder of results by the digest of what decides them: whole or not there, checked before use, never a pickle.

An entry is a sealed folder as a saved model is: written aside, synced, renamed. Two processes that keep the same
entry write the same bytes, and the second finds its place taken; one that is killed leaves nothing under a final
name. Nothing here may fail a training: what cannot be kept is worked out again next time.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from weilidai.errors import ModelError, ResourceError
from weilidai.models.manifest import dump_json, plain_json, read_sealed, seal

KEY_FILE: Final = "key.json"
_STALE_SECONDS: Final = 3600
"""After which what a process wrote aside is taken for what a killed one left."""
_ENTRY: Final = re.compile(r"[a-z_]+-[0-9a-f]{64}")
_LEFTOVER: Final = re.compile(rf"\.{_ENTRY.pattern}\.[0-9a-f]{{8}}\.(?:new|gone)")
"""What is ours in the folder: somebody may have named one that holds other things, which are left alone."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Shelf:
    """Results kept in a folder.

    Parameters
    ----------
    folder
        Where; made when something is kept.
    most_bytes
        What it may hold; entries not used for longest go first.
    say
        Is told in one line when an entry is damaged or cannot be kept.
    """

    folder: Path
    most_bytes: int
    say: Say

    def find(self, stage: str, key: str, names: Sequence[str]) -> dict[str, bytes] | None:
        """Give the files kept under a key, each the one that was kept; None when there are none.

        A damaged entry is told of, taken away and counts as none.
        """
        place = self._place(stage, key)
        if not os.path.lexists(place):
            return None
        try:
            files = read_sealed(place, (*names, KEY_FILE))
            if plain_json(files.pop(KEY_FILE), place) != _named(stage, key):
                raise ModelError("is kept under another key", where=str(place))  # noqa: TRY301  # as any damage
        except (ModelError, OSError) as error:
            if os.path.lexists(place):  # not one that another process has just made room with
                what = error.what if isinstance(error, ModelError) else error.strerror
                self.say(f"cache: what was kept of {stage} is damaged ({what}); it is made anew")
                _remove(place)
            return None
        with suppress(OSError):
            os.utime(place)
        return files

    def keep(self, stage: str, key: str, files: Mapping[str, bytes]) -> None:
        """Keep files under a key, and make room when the folder holds too much."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            seal({**files, KEY_FILE: dump_json(_named(stage, key))}, self._place(stage, key), {"stage": stage})
        except (OSError, ResourceError) as error:
            if not self._place(stage, key).is_dir():  # another process was first, with the same bytes
                self.say(f"cache: {stage} cannot be kept in {self.folder} ({getattr(error, 'what', error)})")
            return
        self._make_room(self._place(stage, key))

    def drop(self, stage: str, key: str) -> None:
        """Take an entry away."""
        _remove(self._place(stage, key))

    def _place(self, stage: str, key: str) -> Path:
        return self.folder / f"{stage}-{key}"

    def _make_room(self, newest: Path) -> None:
        with suppress(OSError):  # another process makes room at the same time
            for leftover in self.folder.glob(".*"):
                is_ours = _LEFTOVER.fullmatch(leftover.name)
                if is_ours and time.time() - leftover.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(leftover, ignore_errors=True)
        kept = sorted(entries(self.folder), key=lambda entry: entry.used)
        total = sum(entry.size for entry in kept)
        for entry in (one for one in kept if one.place != newest):  # not by its time, for clocks are set back
            if total <= self.most_bytes:
                return
            _remove(entry.place)
            total -= entry.size


@dataclass(frozen=True)
class Entry:
    """One kept result."""

    place: Path
    size: int
    """Bytes."""
    used: float
    """Time of the last use, seconds since 1970."""


def entries(folder: Path) -> Iterator[Entry]:
    """List the results that a shelf's folder holds; nothing when it is not there."""
    for place in folder.glob("[!.]*-*"):
        with suppress(OSError):
            if _ENTRY.fullmatch(place.name) and place.is_dir():
                yield Entry(place, sum(file.stat().st_size for file in place.iterdir()), place.stat().st_mtime)


def _named(stage: str, key: str) -> dict[str, str]:
    return {"stage": stage, "key": key}


def _remove(place: Path) -> None:
    """Take away the name first, so that nobody finds half an entry."""
    aside = place.with_name(f".{place.name}.{uuid4().hex[:8]}.gone")
    with suppress(OSError):
        place.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink()
