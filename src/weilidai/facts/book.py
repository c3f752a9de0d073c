"""The book of facts: everything the documents say, read once, checked, and ready to be looked up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from weilidai.errors import ConfigError, suggest
from weilidai.facts.actions import Action, LeftOut, Passing, Until
from weilidai.facts.checks import all_problems
from weilidai.facts.factors import Dimension, FactorCatalogue, FactorEntry, resolve
from weilidai.facts.gathering import Gathered, gather
from weilidai.facts.problems import raise_if_any
from weilidai.facts.schema import (
    DOCUMENTS,
    KINDS,
    MECHANISMS,
    ROLES,
    Assumption,
    Conflict,
    DocumentHeader,
    Fact,
    Prior,
    Term,
    Untested,
)
from weilidai.facts.targets import Target, targets_of
from weilidai.places import data_dir

V = TypeVar("V")


@dataclass(frozen=True)
class Fixed:
    """A simulator parameter that a fact or an assumption gives."""

    path: str
    value: Any
    """A number, a word, or a list of them."""
    source: str
    """Id of the fact or assumption."""


@dataclass(frozen=True)
class Book:
    """Every fact, conflict, assumption and factor of one fact folder.

    Obtained from :func:`load_book`; what is in it has passed every check.
    """

    folder: Path
    digest: str
    """SHA-256 over the contents of all fact files, in the order of their names."""
    documents: Mapping[str, DocumentHeader]
    facts: Mapping[str, Fact]
    conflicts: Mapping[str, Conflict]
    assumptions: Mapping[str, Assumption]
    factors: FactorCatalogue
    untested: Mapping[str, Untested]
    """Fact id -> why no target follows it."""
    terms: Mapping[str, Term]
    """The words of the documents and of this project."""
    actions: Mapping[str, Action]
    """What a person can do, by id, in the order of the file."""
    passing: tuple[Passing, ...]
    """What passing time does by itself."""
    until: tuple[Until, ...]
    """What ends at an age."""
    left_out: Mapping[str, LeftOut]
    """Factor id -> why no action is declared for it."""

    def fact(self, name: str) -> Fact:
        """Give one fact by id.

        Raises
        ------
        ConfigError
            When there is none; the error names the nearest id.
        """
        if name not in self.facts:
            raise ConfigError(f"unknown fact '{name}'", cure=suggest(name, self.facts))
        return self.facts[name]

    def targets(self) -> tuple[Target, ...]:
        """Give every target, in the order of documents and facts."""
        return tuple(target for fact in self.facts.values() for target in targets_of(fact))

    def fixed(self) -> Mapping[str, Fixed]:
        """Give parameter path -> what facts and assumptions fix it at."""
        documented = [Fixed(s.path, fact.value_of(s), fact.id) for fact in self.facts.values() for s in fact.sets]
        assumed = [Fixed(path, value, a.id) for a in self.assumptions.values() for path, value in a.leaves()]
        return {fixed.path: fixed for fixed in (*documented, *assumed)}

    def priors(self) -> Mapping[str, Prior]:
        """Give parameter path -> prior of every assumption that matching may move."""
        return {path: prior for a in self.assumptions.values() for path, prior in a.priors().items()}

    def conflicts_of(self, fact: str) -> tuple[Conflict, ...]:
        """Give the conflicts a fact takes part in."""
        return tuple(conflict for conflict in self.conflicts.values() if fact in conflict.facts)

    def search(
        self,
        text: str | None = None,
        *,
        document: str | None = None,
        section: int | None = None,
        factor: str | None = None,
        mechanism: str | None = None,
        role: str | None = None,
        kind: str | None = None,
    ) -> tuple[Fact, ...]:
        """Find facts; every condition given must hold.

        Parameters
        ----------
        text
            Found, without regard to case, in the id, the labels, the universe, the note or the why. A word of a
            documented term finds what any other word for it does, and the facts of the term.
        document, section, factor, mechanism, role, kind
            Equal to the fact's own.

        Raises
        ------
        ConfigError
            On a document, factor, mechanism, role or kind that does not exist.
        """
        wanted = {"document": document, "factor": factor, "mechanism": mechanism, "role": role, "kind": kind}
        closed = zip(wanted, (DOCUMENTS, self.factors.factors, MECHANISMS, ROLES, KINDS), strict=True)
        for name, known in closed:
            _require_known(name, wanted[name], known)
        conditions = {name: value for name, value in {**wanted, "section": section}.items() if value is not None}
        words, named = self._meant(text)
        return tuple(
            fact for fact in self.facts.values()
            if all(getattr(fact, name) == value for name, value in conditions.items())
            and (text is None or fact.id in named or _mentions(fact, words))
        )

    def _meant(self, text: str | None) -> tuple[set[str], set[str]]:
        """Give every word for what is looked for, and the facts that the terms name."""
        said = (text or "").strip().casefold()
        terms = [term for term in self.terms.values() if term.is_documented and said in term.words]
        return {said, *(word for term in terms for word in term.words)}, {name for term in terms for name in term.facts}

    def catalogue_rows(self, facts: Iterable[Fact] | None = None) -> list[dict[str, Any]]:
        """Give facts as plain JSON-able rows; all of them when none are named."""
        return [_fact_row(fact) for fact in (self.facts.values() if facts is None else facts)]

    def conflict_rows(self, conflicts: Iterable[Conflict] | None = None) -> list[dict[str, Any]]:
        """Give conflicts as plain JSON-able rows; all of them when none are named."""
        chosen = self.conflicts.values() if conflicts is None else conflicts
        return [conflict.model_dump(mode="json") for conflict in chosen]


def load_book(folder: Path | None = None) -> Book:
    """Read and check a fact folder; the second call with the same folder costs nothing.

    Parameters
    ----------
    folder
        A fact folder; left out, the project's own ``data/facts``.

    Raises
    ------
    ConfigError
        With every problem of every file, each with file, line and the word that was probably meant.
    """
    return _load((data_dir() / "facts" if folder is None else folder).resolve())


def untargeted(book: Book) -> tuple[Fact, ...]:
    """Give the testable facts that have neither a target nor a reason on the register for having none."""
    return tuple(
        fact for fact in book.facts.values() if fact.is_testable and not fact.targets and fact.id not in book.untested
    )


@lru_cache(maxsize=8)
def _load(folder: Path) -> Book:
    found = gather(folder)
    raise_if_any(all_problems(found), folder)
    return _assembled(folder, found)


def _assembled(folder: Path, found: Gathered) -> Book:
    facts = found.facts()
    return Book(
        folder=folder,
        digest=found.digest,
        documents=_sealed((p.item.document, p.item) for p in found.of(DocumentHeader)),
        facts=MappingProxyType(facts),
        conflicts=_sealed((p.item.id, p.item) for p in found.of(Conflict)),
        assumptions=_sealed((p.item.id, p.item) for p in found.of(Assumption)),
        factors=FactorCatalogue(
            dimensions={p.item.id: p.item for p in found.of(Dimension)},
            factors={p.item.id: resolve(p.item, facts) for p in found.of(FactorEntry)},
        ),
        untested=_sealed((p.item.fact, p.item) for p in found.of(Untested)),
        terms=_sealed((p.item.id, p.item) for p in found.of(Term)),
        actions=_sealed((p.item.id, p.item) for p in found.of(Action)),
        passing=tuple(p.item for p in found.of(Passing)),
        until=tuple(p.item for p in found.of(Until)),
        left_out=_sealed((p.item.factor, p.item) for p in found.of(LeftOut)),
    )


def _sealed(pairs: Iterable[tuple[str, V]]) -> Mapping[str, V]:
    return MappingProxyType(dict(pairs))


def _require_known(name: str, value: str | None, known: Iterable[str]) -> None:
    if value is not None and value not in known:
        raise ConfigError(f"unknown {name} '{value}'", cure=suggest(value, known))


def _mentions(fact: Fact, words: Iterable[str]) -> bool:
    searched = [fact.id, fact.label_en, fact.label_zh, fact.universe, fact.note, fact.why]
    parts = [part.casefold() for part in searched if part]
    return any(word in part for word in words for part in parts)


def _fact_row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id, "document": fact.document, "section": fact.section,
        "label_en": fact.label_en, "label_zh": fact.label_zh,
        "kind": fact.kind, "values": list(fact.values), "unit": fact.unit, "role": fact.role,
        "universe": fact.universe, "period": fact.period, "factor": fact.factor,
        "mechanism": fact.mechanism, "locator": fact.locator,
    }
