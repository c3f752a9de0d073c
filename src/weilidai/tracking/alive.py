"""A sign of life beside what a process writes, which those who come later can read, whatever machine it ran on.

A process number says nothing once its container is replaced. A lock does: the system drops it when the process dies,
and every process of the same kernel sees it, in whatever container. A folder that several machines share may not show
one the locks of the other; there the time counts that a living process renews.
"""

import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from weilidai.tracking.lock import is_locked, try_lock
from weilidai.tracking.process import this_kernel

NAME: Final = "alive"
RENEWED_SECONDS: Final = 30.0
SILENT_SECONDS: Final = 600.0
"""After which a process of another machine is taken for dead: it has missed twenty signs."""
UNMARKED_SECONDS: Final = 86_400.0
"""After which a folder without a sign is taken for left: nothing was written there for a day."""


class SignOfLife:
    """Says that the process which fills a folder lives, until it ends or says itself that it is done."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # A disk without locks gets no name of a kernel, so that a free lock is not taken for a death.
            os.write(self._handle, this_kernel().encode() if try_lock(self._handle) else b"")
        except OSError:
            os.close(self._handle)
            raise
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="sign of life", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Say that nothing more will be written."""
        if not self._is_done.is_set():
            self._is_done.set()
            self._thread.join()
            os.close(self._handle)

    def _renew(self) -> None:
        while not self._is_done.wait(RENEWED_SECONDS):
            with suppress(OSError):  # a folder that went away is told of where it is written
                os.utime(self._handle)


def is_filled(folder: Path) -> bool:
    """Tell whether a living process may still be writing into a folder.

    A lock that is held is believed. One that is free is believed on the machine that held it; of another machine the
    process is dead when it gave no sign for ten minutes, by the clock of the folder's own disk.
    """
    file = folder / NAME
    try:
        if is_locked(file):
            return True
        is_ours, last = file.read_text(encoding="utf-8") == this_kernel(), file.stat().st_mtime
    except FileNotFoundError:
        return _now_in(folder) - _last_written(folder) < UNMARKED_SECONDS
    return not is_ours and _now_in(folder) - last < SILENT_SECONDS


def _last_written(folder: Path) -> float:
    return max((file.stat().st_mtime for file in folder.iterdir() if not file.is_symlink()), default=0.0)


def _now_in(folder: Path) -> float:
    try:
        with tempfile.TemporaryFile(dir=folder) as fresh:
            return os.fstat(fresh.fileno()).st_mtime
    except OSError:  # a folder one may only read
        return time.time()
