"""Telling how far long work has come: bars on a terminal, plain lines elsewhere, or nothing.

Everything goes to standard error, so that standard output holds results only.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

LINE_EVERY_SECONDS: Final = 10.0


Advance = Callable[[int], None]
"""Called as work goes on, with how many of the stage's total are done."""


class Progress(Protocol):
    """Where a stage reports to."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Open a stage of the work; ``total`` is what ``done`` counts up to, when that is known."""
        ...

    def say(self, text: str) -> None:
        """Report one line that stays."""


class Silent:
    """Reports nothing; for libraries and tests."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002
        """Open a stage that nobody watches."""
        yield lambda _done: None

    def say(self, text: str) -> None:
        """Say nothing."""


class PlainLines:
    """One line when a stage ends, and one every ten seconds while it goes on; for files and pipes."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Open a stage and report its time when it ends."""
        begun = last = time.monotonic()

        def advance(done: int) -> None:
            nonlocal last
            if time.monotonic() - last >= LINE_EVERY_SECONDS:
                last = time.monotonic()
                self.say(f"  {name}: {_share(done, total)}")

        yield advance
        self.say(f"{name}: {time.monotonic() - begun:.1f} s")

    def say(self, text: str) -> None:
        """Write one line."""
        print(text, file=self._out, flush=True)


class Bars:
    """A bar per stage on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Open a bar that becomes one line when the stage ends."""
        begun = time.monotonic()
        with self._bar() as bar:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.update(task, completed=done)
        self._console.print(f"[green]✓[/green] {name} [dim]{time.monotonic() - begun:.1f} s[/dim]", highlight=False)

    def say(self, text: str) -> None:
        """Write one line above the bar."""
        self._console.print(text, highlight=False, markup=False)

    def _bar(self) -> "RichProgress":
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

        name = TextColumn("{task.description}")
        columns = (SpinnerColumn(), name, BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        return Progress(*columns, console=self._console, transient=True)


def for_this_terminal() -> Progress:
    """Choose bars when standard error is a terminal, plain lines otherwise."""
    return Bars() if sys.stderr.isatty() else PlainLines()


def _share(done: int, total: int | None) -> str:
    return f"{done:,}" if not total else f"{done:,} of {total:,} ({done / total:.0%})"
