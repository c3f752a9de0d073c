"""From a claim to what it drives: the parameters, targets, marks, rules, settings and modules that follow it.

A claim that nothing follows says why. A number moves something only where it is read or its module names it, so
belonging to a factor is enough for a claim without a number, and not for one with a number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from weilidai.columns import CATALOGUE
from weilidai.facts.book import Book
from weilidai.facts.citing import citing_modules, citing_settings, named_in
from weilidai.facts.dated import dated_targets
from weilidai.facts.schema import Fact

By = Literal["parameter", "target", "mark", "rule", "assumption", "setting", "column", "module", "factor"]
TRACED_ROLES: Final = ("rule", "scenario")
"""Roles of claims that the simulator has to follow, or say why not."""


@dataclass(frozen=True)
class Drive:
    """One thing that follows a claim."""

    by: By
    name: str

    def __str__(self) -> str:
        return f"{self.by} {self.name}"


Driven = tuple[str, Drive]
Drives = Mapping[str, tuple[Drive, ...]]
"""Fact id -> what follows it."""


def trace(book: Book) -> Drives:
    """Give for every claim of a book what follows it; nothing is an empty tuple."""
    found: dict[str, dict[Drive, None]] = {fact: {} for fact in book.facts}
    for fact, drive in (*_numbers(book), *_factors(book), *_assumptions(book), *_texts(book), *_members(book)):
        if fact in found:
            found[fact][drive] = None
    return {fact: tuple(followed) for fact, followed in found.items()}


def reason_of(book: Book, fact: Fact) -> str | None:
    """Give the reason why nothing, or no target, follows a claim; None when none is given."""
    register = book.untested.get(fact.id)
    return fact.why if register is None else register.why


def idle_facts(book: Book) -> tuple[Fact, ...]:
    """Give the rules and scenarios that drive nothing and give no reason for it."""
    followed = trace(book)
    return tuple(
        fact for fact in book.facts.values()
        if fact.role in TRACED_ROLES and fact.why is None and not followed[fact.id]
    )


def _numbers(book: Book) -> Iterator[Driven]:
    for fact in book.facts.values():
        for sets in fact.sets:
            yield fact.id, Drive("parameter", sets.path)
        for target in fact.targets:
            yield fact.id, Drive("target", target.moment)
    for name, dated in dated_targets().items():
        yield from ((name, Drive("target", f"{target.regime}: {target.moment}")) for target in dated)


def _factors(book: Book) -> Iterator[Driven]:
    for factor in book.factors.factors.values():
        for mark in factor.marks:
            yield mark.fact, Drive("mark", f"{factor.id}: {mark.column} {mark.comparison} {mark.value}")


def _assumptions(book: Book) -> Iterator[Driven]:
    for assumption in book.assumptions.values():
        for path, value in assumption.leaves():
            if path.endswith(".fact"):
                yield value, Drive("rule", path.removesuffix(".fact"))
        for fact in named_in(assumption.why):
            yield fact, Drive("assumption", assumption.id)


def _texts(book: Book) -> Iterator[Driven]:
    for fact, names in citing_settings().items():
        yield from ((fact, Drive("setting", name)) for name in names)
    for claim in book.facts.values():
        yield from ((claim.id, Drive(_by(name), name)) for name in claim.obeyed_by)
    for fact, names in citing_modules().items():
        yield from ((fact, Drive("module", name)) for name in names)


def _by(name: str) -> By:
    if name in CATALOGUE:
        return "column"
    return "setting" if "/" in name else "module"


def _members(book: Book) -> Iterator[Driven]:
    for fact in book.facts.values():
        if fact.factor is not None and not fact.values:
            columns = ", ".join(book.factors.factors[fact.factor].columns)
            yield fact.id, Drive("factor", f"{fact.factor}: {columns}")
