"""How a comparison is told on a terminal: runs by number, so that what was measured has the room."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table

    from weilidai.pipeline.looking_back import Comparison

BETWEEN: Final = 2
"""Blanks between two columns."""
NARROWEST_NAMES: Final = 22
NARROWEST_RUN: Final = 8
WIDEST_RUN: Final = 34
"""Characters of a column."""
INKS: Final = {"better": "green", "worse": "red", "undecided": "yellow"}


def show_comparison(comparison: "Comparison") -> None:
    """Print the runs by number, what differs between them, and how sure their differences are."""
    from rich.console import Console

    from weilidai.pipeline.looking_back import telling

    console, told = Console(highlight=False), telling(comparison)
    console.print(_runs(comparison))
    console.print(_side_by_side(told, console.width))
    for n, row in enumerate(comparison.rows[1:], 2):
        if any(one.run_id == row.id for one in comparison.paired):
            console.print(_paired(comparison, row.id, f"{n} less 1, on the same people"))
    for n, row in enumerate(comparison.rows[1:], 2):
        if row in comparison.elsewhere:
            console.print(f"{n} was judged on other people than 1: its differences are partly chance", markup=False)


def _runs(comparison: "Comparison") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, BETWEEN))
    for n, row in enumerate(comparison.rows, 1):
        table.add_row(f"[bold]{n}[/]", Text(row.name), row.id[:8])
    return table


def _side_by_side(told: Sequence[tuple[str, Sequence[str]]], width: int) -> "Table":
    from rich.table import Table
    from rich.text import Text

    runs = len(told[0][1]) if told else 0
    longest = max((len(text) for _, texts in told for text in texts), default=0)
    most = (width - NARROWEST_NAMES - BETWEEN) // max(runs, 1) - BETWEEN
    run = max(NARROWEST_RUN, min(most, longest, WIDEST_RUN))
    names = max(NARROWEST_NAMES, width - BETWEEN - runs * (run + BETWEEN))
    table = Table(box=None, padding=(0, BETWEEN, 0, 0), pad_edge=False)
    table.add_column("", max_width=names)
    for n in range(1, runs + 1):
        table.add_column(str(n), overflow="fold", width=run)
    for name, texts in told:
        table.add_row(Text(_at_dots(name, names)), *(Text(_in_two(text, run)) for text in texts))
    return table


def _in_two(text: str, width: int) -> str:
    """Put a figure's interval below it where both do not stand on one line."""
    return text if len(text) <= width else text.replace(" [", "\n[", 1)


def _at_dots(name: str, width: int) -> str:
    """Break a dotted name behind its dots and underscores, so that no line is longer than the column."""
    lines = [""]
    for part in re.findall(r"[^._]+[._]?|[._]", name):
        if len(lines[-1]) + len(part) > width and lines[-1]:
            lines.append("  ")
        lines[-1] += part
    return "\n".join(lines)


def _paired(comparison: "Comparison", run_id: str, title: str) -> "Table":
    from rich.table import Table

    table = Table("figure", title=title, title_justify="left", box=None, padding=(0, BETWEEN, 0, 0), pad_edge=False)
    for name in ("difference", "range"):
        table.add_column(name, justify="right")
    table.add_column("verdict")
    for one in (one for one in comparison.paired if one.run_id == run_id):
        gap, ink = one.difference, INKS[one.verdict]
        between = f"{gap.low:+,.4g} to {gap.high:+,.4g}"
        table.add_row(one.metric, f"{gap.value:+,.4g}", between, f"[{ink}]{one.verdict}[/]")
    return table
