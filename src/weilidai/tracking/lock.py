"""One process at a time, among all processes of this machine that share a folder."""

import errno
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weilidai.errors import ResourceError, StoreError

if os.name == "nt":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def try_lock(handle: int) -> bool:
    """Lock an open file until it is closed or the process dies; False where the disk knows no locks, or it is held."""
    try:
        _take(handle)
    except OSError:
        return False
    return True


def is_locked(file: Path) -> bool:
    """Tell whether a process holds the lock of a file; False where the disk knows no locks."""
    handle = os.open(file, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        _take(handle)
    except OSError as error:
        return error.errno in _HELD
    finally:
        os.close(handle)
    return False


@contextmanager
def exclusive(path: Path, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock file while the block runs; the system drops it when the process dies, however it dies.

    Raises
    ------
    StoreError
        When another process still holds it after ``timeout_seconds``.
    ResourceError
        When the folder cannot be written to.
    """
    handle = _opened(path)
    try:
        _wait(handle, path, timeout_seconds)
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ResourceError(
            f"the folder cannot be written to ({error.strerror})", where=str(path.parent),
            cure="choose another store with tracking.uri, or mend the folder's permissions",
        ) from error


def _wait(handle: int, path: Path, timeout_seconds: float) -> None:
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            return _take(handle)
        except OSError as error:
            if error.errno not in _HELD:
                raise
        if time.monotonic() > deadline:
            raise StoreError(
                f"another process has held the lock for more than {timeout_seconds:g} s", where=str(path),
                cure="wait for the other training or promotion to end, or raise tracking.lock_timeout_seconds",
            )
        time.sleep(random.uniform(0.02, 0.1))  # noqa: S311  # so that waiters do not knock in step
