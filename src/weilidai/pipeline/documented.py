"""Browsing what is documented, as rows for programs or as tables for people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from weilidai.facts import Conflict, Fact, load_book
from weilidai.facts.rendering import render_conflicts, render_fact, render_facts
from weilidai.facts.tracing import reason_of, trace

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Wanted:
    """Which facts: one by id, or all that meet every condition given."""

    fact: str | None = None
    text: str | None = None
    document: str | None = None
    section: int | None = None
    factor: str | None = None
    mechanism: str | None = None
    role: str | None = None
    kind: str | None = None


def fact_rows(wanted: Wanted) -> list[dict[str, Any]]:
    """Give facts as plain rows, each with what it drives and, when it is nothing, why.

    Raises
    ------
    ConfigError
        An id, document, factor, mechanism, role or kind that does not exist; the error names the nearest.
    """
    book, chosen = load_book(), _chosen(wanted)
    followed = trace(book)
    more = ({"drives": [str(drive) for drive in followed[fact.id]], "why": reason_of(book, fact)} for fact in chosen)
    return [row | drives for row, drives in zip(book.catalogue_rows(chosen), more, strict=True)]


def conflict_rows(wanted: Wanted) -> list[dict[str, Any]]:
    """Give the conflicts that the chosen facts take part in, as plain rows."""
    return load_book().conflict_rows(_conflicts(wanted))


def print_facts(wanted: Wanted, console: "Console", language: Literal["en", "zh"]) -> None:
    """Print one fact as a card, or several as a table."""
    book, chosen = load_book(), _chosen(wanted)
    if wanted.fact:
        render_fact(book, console, chosen[0], language=language)
    else:
        render_facts(book, console, facts=chosen, language=language)


def print_conflicts(wanted: Wanted, console: "Console", language: Literal["en", "zh"]) -> None:
    """Print the conflicts that the chosen facts take part in, each with its arithmetic and the reading chosen."""
    render_conflicts(load_book(), console, conflicts=_conflicts(wanted), language=language)


def _chosen(wanted: Wanted) -> Sequence[Fact]:
    book = load_book()
    if wanted.fact:
        return (book.fact(wanted.fact),)
    conditions = asdict(wanted)
    conditions.pop("fact")
    return book.search(**conditions)


def _conflicts(wanted: Wanted) -> list[Conflict]:
    book = load_book()
    if wanted == Wanted():
        return list(book.conflicts.values())
    chosen = {fact.id for fact in _chosen(wanted)}
    return [conflict for conflict in book.conflicts.values() if chosen & set(conflict.facts)]
