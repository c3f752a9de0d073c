"""What stands between an invited person and the entry, in the order in which the lender looks.

Documented in D0 sections 6 and 7 (account security, closing), D1 sections 3, 4 and 7 (acting too late, waits)
and D4 sections 5 and 6 (the outage, the redesign).
"""

from collections.abc import Mapping
from typing import Any, Final

from weilidai.explain.gone_words import ENTRY
from weilidai.explain.why_gone import EntryState
from weilidai.facts import Book
from weilidai.pipeline.citing import cite
from weilidai.pipeline.two_lives import Life, Lives

_LOST: Final = ("entry_closed", "blacklist")
_FROZEN: Final = "temporary_freeze"
State = Mapping[str, bool | None]


def entry_states(lives: Lives, book: Book) -> tuple[EntryState, ...]:
    """Tell every state of the entry before the two regimes; None where nothing tells of it."""
    before, after = (_states(life) for life in (lives.before, lives.after))
    return tuple(
        EntryState(name, before.get(name), after.get(name), cite(book, facts)) for name, (_, facts) in ENTRY.items()
    )


def _states(life: Life) -> State:
    if not life.tells:
        return {}
    row = _Row(life.cells)
    upheld = row.flag("is_appeal_upheld") is True
    invited, closed = row.flag("is_invited"), row.flag("has_closed_entry")
    kept = bool(life.columns["is_entry_kept"][0]) if "is_entry_kept" in life.columns else None
    rung = row.text("security_action")
    return {
        "invited": invited,
        "closed_by_security": None if rung is None else rung in _LOST,
        "frozen": None if rung is None else rung == _FROZEN and not upheld,
        "closed_by_person": closed,
        "outage": None if kept is None else bool(invited) and not closed and not kept,
        "cooling_down": row.cools_down(),
        "requeued": row.flag("is_requeued"),
        "left": row.flag("has_left"),
        "available": row.flag("is_entry_available"),
    }


class _Row:
    """One row whose columns may be absent."""

    def __init__(self, cells: Mapping[str, Any]) -> None:
        self._cells = cells

    def flag(self, name: str) -> bool | None:
        """Read a flag; None when it is not told."""
        cell = self._cells.get(name)
        return None if cell is None or cell != cell else bool(cell)  # noqa: PLR0124  # not a number

    def text(self, name: str) -> str | None:
        """Read a level; empty where there is none, None when the column is absent."""
        if name not in self._cells:
            return None
        cell = self._cells[name]
        return cell if isinstance(cell, str) else ""

    def cools_down(self) -> bool | None:
        """Tell whether a wait after an interception or after failed checks is not over."""
        if "retry_after_hours" not in self._cells:
            return None
        hours = self._cells["retry_after_hours"]
        waits = hours == hours and hours is not None and float(hours) > 0  # noqa: PLR0124  # not a number
        failed = self.flag("has_cooled_down") is True and self.flag("has_passed_first_checks") is not True
        return bool(waits) or failed
