"""Output that is there whole or not at all: written aside, renamed when it is complete."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from weilidai.errors import ResourceError

TAKEN_CURE = "name a place that does not exist yet, or remove what is there"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Hand out a place aside; when the block ends well, what was written there becomes ``target``.

    Raises
    ------
    ResourceError
        Before any work: the target exists, or its folder cannot be written to. Later: the disk is full.
    """
    aside = _place_aside(target)
    with _renamed(aside, target):
        yield aside


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Hand out a new folder aside; when the block ends well, it becomes ``target``, which may be an empty folder."""
    require_place(target)
    with _system_faults(target):
        if target.is_dir():
            target.rmdir()
    aside = _place_aside(target)
    with _system_faults(target):
        aside.mkdir()
    with _renamed(aside, target):
        yield aside


def require_place(target: Path) -> None:
    """Refuse a folder to be written later, before the work whose result it is to hold.

    Raises
    ------
    ResourceError
        Something stands there that is no empty folder, or one that nothing can take the place of, or its folder cannot
        be written to.
    """
    if not target.is_dir() or any(target.iterdir()):
        _place_aside(target)
    elif os.path.ismount(target):
        raise ResourceError("it is mounted, so that no other folder can take its place", where=str(target),
                            cure="name a folder in it that does not exist yet")
    else:
        _require_writable(target)


def require_file_place(target: Path) -> None:
    """Refuse a file to be written later, before the work whose result it is to hold.

    Raises
    ------
    ResourceError
        Something stands there, or its folder cannot be written to.
    """
    _place_aside(target)


@contextmanager
def _renamed(aside: Path, target: Path) -> Iterator[None]:
    try:
        with _system_faults(target):
            yield
            _sync(aside)
            _name(aside, target)
    finally:
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)


def _sync(aside: Path) -> None:
    """Bring what was written to the disk before it gets its name, or a power loss could leave the name alone."""
    for file in (aside, *aside.rglob("*")) if aside.is_dir() else (aside,):
        if file.is_file():
            with file.open("rb") as written:
                os.fsync(written.fileno())


def _name(aside: Path, target: Path) -> None:
    """Give what is complete its name, unless somebody else took it meanwhile: a rename would write over a file."""
    if aside.is_dir():
        aside.rename(target)
        return
    try:
        os.link(aside, target)
    except FileExistsError as error:
        raise ResourceError("there is a file already", where=str(target), cure=TAKEN_CURE) from error
    except OSError:  # a disk that knows no links, or a fault that the rename will tell of
        aside.rename(target)


@contextmanager
def _system_faults(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error).splitlines()[0]
        raise ResourceError(f"cannot be written: {what}", where=str(target),
                            cure="check the folder's permissions and the free space") from error


def _place_aside(target: Path) -> Path:
    if os.path.lexists(target):
        kind = "folder" if target.is_dir() else "file"
        raise ResourceError(f"there is a {kind} already", where=str(target), cure=TAKEN_CURE)
    return _require_writable(target) / f".{target.name}.{uuid4().hex[:8]}.part"


def _require_writable(target: Path) -> Path:
    folder = target.absolute().parent
    if not folder.is_dir():
        raise ResourceError("its folder does not exist", where=str(target), cure=f"mkdir -p '{folder}'")
    if not os.access(folder, os.W_OK):
        raise ResourceError("its folder cannot be written to", where=str(target), cure="choose another folder")
    return folder
