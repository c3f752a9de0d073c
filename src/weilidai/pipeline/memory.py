"""What memory a training takes, and what is free for it."""

import os
from pathlib import Path
from typing import Final

from weilidai.errors import ResourceError

MEMORY_TO_START_BYTES: Final = 500_000_000
MEMORY_PER_PERSON_BYTES: Final = 2_500
"""Measured between 20,000 and a million people, with the settings as they are without being set."""
GIGABYTE: Final = 1e9
_MEMINFO: Final = Path("/proc/meminfo")
_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"))


def memory_needed(rows: int) -> int:
    """Estimate the largest memory a training takes, bytes."""
    return MEMORY_TO_START_BYTES + rows * MEMORY_PER_PERSON_BYTES


def require_memory(rows: int) -> None:
    """Refuse a training that cannot fit, before it begins.

    Raises
    ------
    ResourceError
        The estimate is larger than what is free; both are named.
    """
    needed, free = memory_needed(rows), free_memory()
    if free is not None and needed > free:
        raise ResourceError(
            f"{rows:,} people need about {needed / GIGABYTE:.1f} GB of memory, {free / GIGABYTE:.1f} GB are free",
            where="data.rows", cure="lower data.rows, or use a larger machine",
        )


def free_memory() -> int | None:
    """Give the memory that is free for this process, bytes; None when the system does not say."""
    known = [free for free in (_system_free(), _container_free()) if free is not None]
    return min(known) if known else None


def _system_free() -> int | None:
    if _MEMINFO.is_file():
        rows = (line.split() for line in _MEMINFO.read_text(encoding="ascii").splitlines())
        return next((int(row[1]) * 1024 for row in rows if row[0] == "MemAvailable:"), None)
    if "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _container_free() -> int | None:
    try:
        most, used = (file.read_text(encoding="ascii").strip() for file in _LIMITS)
    except OSError:
        return None
    return None if most == "max" else int(most) - int(used)
