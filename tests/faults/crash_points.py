"""Killing a job, or filling its disk, at the k-th thing it does to files.

The job runs in a fork, so that every k begins alike and costs no start. Counted are files opened to be
written, folders made, renames, links, removals, syncs, Parquet writes, and what is sent to a database.
"""

import errno
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

from weilidai.errors import WeilidaiError

Fault = Literal["kill", "full", "short"]
"""SIGKILL at the k-th operation; no room from the k-th on; no file longer than k bytes."""
DISK_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
NO_LIMIT = 10**9
LONGEST_SECONDS = 300
_TAKES_ROOM = ("open", "os.mkdir", "os.rename", "os.link", "os.symlink", "fsync", "parquet", "sql", "commit")
_CLEARS = ("os.remove", "os.rmdir")
_AUDITED = ("open", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate", *_CLEARS)
_DEFECT = 1


@dataclass(frozen=True)
class Ended:
    """How a job ended."""

    code: int
    """Exit code; the negative number of the signal that killed it."""
    operations: tuple[str, ...]
    """What it did to files, in order."""
    said: str
    """The message it ended in, or the traceback of what is no error of ours."""

    @property
    def is_clean(self) -> bool:
        """Whether it ended well, was killed as asked, or refused with one of our errors."""
        return self.code in (0, -signal.SIGKILL, 5, 6)


def run_until(job: Callable[[], object], fault: Fault, at: int, shelf: Path) -> Ended:
    """Run a job in a fork that meets a fault, and tell how it ended; ``shelf`` takes the notes about it."""
    notes = shelf / "operations.txt"
    child = os.fork()
    if child == 0:
        handle = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os._exit(_in_child(job, fault, at, handle))
    _, status = os.waitpid(child, 0)
    operations, _, said = notes.read_text(encoding="utf-8").partition("\0")
    notes.unlink()
    return Ended(os.waitstatus_to_exitcode(status), tuple(operations.splitlines()), said)


def run_spawned(
    job: Callable[[], object], fault: Fault, at: int, shelf: Path, start: Literal["spawn", "forkserver"] = "spawn"
) -> Ended:
    """Run a job as :func:`run_until` does, but in a process of its own: one that grows trees must not be a fork."""
    notes = shelf / "operations.txt"
    child = get_context(start).Process(target=_spawned, args=(job, fault, at, notes))
    child.start()
    child.join(LONGEST_SECONDS)
    assert child.exitcode is not None, "it hangs"
    operations, _, said = notes.read_text(encoding="utf-8").partition("\0")
    notes.unlink()
    return Ended(child.exitcode, tuple(operations.splitlines()), said)


def count_of(job: Callable[[], object], shelf: Path, run: Callable[..., Ended] = run_until) -> int:
    """Count what a job does to files when nothing goes wrong."""
    ended = run(job, "kill", NO_LIMIT, shelf)
    assert ended.code == 0, ended.said
    return len(ended.operations)


def that_write(operations: tuple[str, ...]) -> list[int]:
    """Number the operations that make or change something; to clear temporary files up takes many and risks little."""
    return [at for at, done in enumerate(operations, start=1) if not done.startswith(_CLEARS)]


def spread(count: int, most: int) -> list[int]:
    """Choose at most ``most`` of the operations 1 to ``count``, the first and the last among them."""
    step = max(1, -(-count // most))
    return sorted({*range(1, count + 1, step), count})


def _spawned(job: Callable[[], object], fault: Fault, at: int, notes: Path) -> None:
    os._exit(_in_child(job, fault, at, os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)))


def _in_child(job: Callable[[], object], fault: Fault, at: int, handle: int) -> int:
    # The notes are unlinked by nobody and written without a new file: room for them is always there.
    try:
        _arm(fault, at, handle)
        job()
    except WeilidaiError as error:
        _note(handle, str(error))
        return error.exit_code
    except OSError:
        return 6  # as the command line has it
    except BaseException:  # noqa: BLE001  # a defect, to be shown by the test
        _note(handle, traceback.format_exc())
        return _DEFECT
    return 0


def _note(handle: int, text: str) -> None:
    with suppress(OSError):  # the file may be as long as it is allowed to be
        os.write(handle, ("\0" + text).encode())


def _arm(fault: Fault, at: int, handle: int) -> None:
    done = 0

    def operation(kind: str, what: object) -> None:
        nonlocal done
        done += 1
        if fault != "short":
            os.write(handle, f"{kind} {what}\n".encode())
        if fault == "kill" and done == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if fault == "full" and done >= at and kind in _TAKES_ROOM:
            raise sqlite3.OperationalError("database or disk is full") if kind in ("sql", "commit") else DISK_FULL

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _AUDITED or not isinstance(arguments[0], str | Path):
            return
        is_read = event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if not is_read and not str(arguments[0]).startswith(("/dev/", "/proc/")):
            operation(event, Path(arguments[0]).name)

    if fault == "short":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (at, at))
    sys.addaudithook(audit)
    _count_syncs(operation)
    _count_parquet(operation)
    _count_database(operation)


def _count_syncs(operation: Callable[[str, object], None]) -> None:
    sync = os.fsync

    def counted(handle: int) -> None:
        operation("fsync", "")
        sync(handle)

    os.fsync = counted  # type: ignore[assignment]


def _count_parquet(operation: Callable[[str, object], None]) -> None:
    from pyarrow.parquet import ParquetWriter

    for name in ("__init__", "write_table", "close"):
        original = getattr(ParquetWriter, name)

        def counted(self: Any, *given: Any, _original: Any = original, _name: str = name, **named: Any) -> Any:
            operation("parquet", _name)
            return _original(self, *given, **named)

        setattr(ParquetWriter, name, counted)


def _count_database(operation: Callable[[str, object], None]) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "before_cursor_execute")
    def _statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            operation("sql", statement.split("(", maxsplit=1)[0].strip()[:60])

    @event.listens_for(Engine, "commit")
    def _commit(_connection: object) -> None:
        operation("commit", "")
