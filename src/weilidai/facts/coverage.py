"""How much of what is documented the simulator follows, and by which way, counted fact by fact."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from weilidai.facts.book import Book
from weilidai.facts.dated import dated_targets
from weilidai.facts.schema import Fact
from weilidai.facts.tracing import Drives, trace

Way = Literal["fit", "check", "untargeted", "rule", "scenario", "context"]
"""Steers the matching; is only looked at; is testable and has no target; belongs to a rule; to another regime or an
event; is not modelled."""
WAYS = get_args(Way)


@dataclass(frozen=True)
class Coverage:
    """One group of facts, counted by the way the simulator follows them; the ways add up to ``facts``."""

    group: str
    facts: int
    fit: int
    check: int
    untargeted: int
    rule: int
    scenario: int
    context: int
    sets: int
    """Facts, of whatever way, that give the simulator a number."""
    held: int
    """Facts, of whatever way, that generated people are held to: by a target of the reference or of a regime."""
    drives: int
    """Facts, of whatever way, that something follows: a number, a target, a mark, a rule, a setting or a module."""

    def to_dict(self) -> dict[str, str | int]:
        """Give plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Untargeted:
    """A testable fact without a target, and why."""

    fact: Fact
    why: str | None
    """None when the register gives no reason."""


def way_of(fact: Fact) -> Way:
    """Tell by which way the simulator follows a fact."""
    return "untargeted" if fact.is_testable and not fact.targets else fact.role


def coverage_by_document(book: Book) -> list[Coverage]:
    """Count the facts of each document, and of all together at the end."""
    groups, followed = _grouped(book, "document"), trace(book)
    return [_counted(name, facts, followed) for name, facts in {**groups, "all": list(book.facts.values())}.items()]


def coverage_by_mechanism(book: Book) -> list[Coverage]:
    """Count the facts of each mechanism, those with most facts first."""
    followed = trace(book)
    rows = [_counted(name, facts, followed) for name, facts in _grouped(book, "mechanism").items()]
    return sorted(rows, key=lambda row: (-row.facts, row.group))


def untargeted_facts(book: Book) -> list[Untargeted]:
    """List the testable facts that no target follows, with the reason given for each."""
    without = [fact for fact in book.facts.values() if way_of(fact) == "untargeted"]
    return [Untargeted(fact, book.untested[fact.id].why if fact.id in book.untested else None) for fact in without]


def _grouped(book: Book, by: str) -> Mapping[str, list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in book.facts.values():
        groups.setdefault(getattr(fact, by), []).append(fact)
    return groups


def _counted(group: str, facts: Iterable[Fact], followed: Drives) -> Coverage:
    members = list(facts)
    ways = Counter(way_of(fact) for fact in members)
    sets = sum(bool(fact.sets) for fact in members)
    held = sum(bool(fact.targets) or fact.id in dated_targets() for fact in members)
    driving = sum(bool(followed[fact.id]) for fact in members)
    return Coverage(group, len(members), **{way: ways[way] for way in WAYS}, sets=sets, held=held, drives=driving)
