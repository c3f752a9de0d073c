"""Telling processes apart, so that a run whose process is gone is not believed to be running."""

import os
import socket
from pathlib import Path

_PROC = Path("/proc")
_START_FIELD = 21
"""Place of the start time among the fields of /proc/<pid>/stat, the process name taken out."""


def this_process() -> str:
    """Name the running process: machine, number and start, which no other process will have again."""
    return f"{_machine()} {os.getpid()} {_start_of(os.getpid())}"


def is_gone(process: str) -> bool:
    """Tell whether a process named by :func:`this_process` has ended; False when another machine ran it."""
    machine, _, rest = process.partition(" ")
    number, _, start = rest.partition(" ")
    if machine != _machine() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _start_of(int(number)) != start


def this_kernel() -> str:
    """Name the running system until it starts anew; its containers share it, other machines do not."""
    try:
        return (_PROC / "sys" / "kernel" / "random" / "boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return socket.gethostname()


def _machine() -> str:
    # Containers can share a host name and number their processes alike; their name spaces differ.
    space = _PROC / "self" / "ns" / "pid"
    name = space.readlink().name if space.is_symlink() else ""
    return f"{socket.gethostname()}/{name}".replace(" ", "_")


def _start_of(number: int) -> str:
    try:
        fields = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return fields[_START_FIELD - 2]
    except (OSError, IndexError):
        return ""
