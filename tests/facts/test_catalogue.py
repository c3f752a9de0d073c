"""The project's own facts: complete, consistent, and quick to load."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from weilidai.columns import FEATURES
from weilidai.facts import Book, load_book
from weilidai.facts.book import _load
from weilidai.facts.schema import DOCUMENTS

NAMED = re.compile(r"\b(?:X\.[A-Z0-9]\w*|A|D[0-4]\.[0-9])(?:\.[a-z][a-z0-9_]*)+")
"""Ids of facts, conflicts and assumptions in running text."""


@pytest.fixture(scope="module")
def book(root: Path) -> Book:
    return load_book(root / "data" / "facts")


def test_every_document_is_read_from_introduction_to_closing(book: Book) -> None:
    sections = {(fact.document, fact.section) for fact in book.facts.values()}
    assert set(book.documents) == set(DOCUMENTS)
    assert sections == {(document, section) for document in DOCUMENTS for section in range(10)}


def test_no_document_is_read_thinly(book: Book) -> None:
    counts = Counter(fact.document for fact in book.facts.values())
    assert sum(counts.values()) >= 500
    assert min(counts.values()) >= 80


def test_every_label_is_there_in_both_languages(book: Book) -> None:
    assert [fact.id for fact in book.facts.values() if not (fact.label_en and fact.label_zh)] == []
    assert [fact.id for fact in book.facts.values() if fact.label_en == fact.label_zh] == []


def test_every_fact_that_nothing_follows_says_why(book: Book) -> None:
    assert [fact.id for fact in book.facts.values() if fact.role == "context" and not fact.why] == []


def test_every_reference_leads_somewhere(book: Book) -> None:
    cited = {fact for conflict in book.conflicts.values() for fact in conflict.facts}
    cited |= {mark.fact for factor in book.factors.factors.values() for mark in factor.marks}
    cited |= set(book.untested)
    assert cited - set(book.facts) == set()
    named = {fact.factor for fact in book.facts.values() if fact.factor}
    assert named - set(book.factors.factors) == set()


def test_what_a_text_refers_to_is_there(book: Book) -> None:
    texts = [text for c in book.conflicts.values() for text in (c.clash, c.arithmetic, c.reading, *c.alternatives)]
    texts += [text for f in book.facts.values() for text in (f.note, f.why, *(t.why for t in f.targets))]
    texts += [assumption.why for assumption in book.assumptions.values()]
    named = {name for text in texts if text for name in NAMED.findall(text)}
    assert len(named) > 50
    assert named - {*book.facts, *book.conflicts, *book.assumptions} == set()


def test_a_conflict_names_each_fact_once(book: Book) -> None:
    assert [c.id for c in book.conflicts.values() if len(c.facts) != len(set(c.facts))] == []


def test_the_documents_are_known_to_contradict_themselves_often(book: Book) -> None:
    assert len(book.conflicts) > 60
    assert all(conflict.reading for conflict in book.conflicts.values())


def test_every_feature_column_belongs_to_one_factor(book: Book) -> None:
    owned = Counter(column for factor in book.factors.factors.values() for column in factor.columns)
    assert owned == Counter(FEATURES)


@pytest.mark.parametrize(
    ("document", "section", "unit", "values"),
    [
        ("D0", 2, "share", [0.45]), ("D0", 2, "share", [0.09]), ("D0", 1, "share", [0.78]),
        ("D0", 4, "points", [0.28]), ("D0", 5, "cny", [500]), ("D1", 0, None, None), ("D1", 2, "share", [0.92]),
        ("D1", 5, "cny", [18500]), ("D1", 6, "daily_rate", [0.00023]), ("D1", 7, "share", [0.23]),
        ("D2", 2, "share", [0.15]), ("D2", 2, "share", [0.85]), ("D2", 4, "weight", [0.4]),
        ("D3", 3, "weight", [0.4]), ("D3", 5, "cny", [800]), ("D4", 3, "share_change", [-0.35]),
        ("D4", 3, "points", [0.028]),
    ],
)
def test_a_well_known_figure_is_in_its_section(
    book: Book, document: str, section: int, unit: str | None, values: list[float] | None
) -> None:
    found = [(fact.unit, list(fact.values)) for fact in book.search(document=document, section=section)]
    assert found
    assert unit is None or (unit, values) in found


def test_the_whole_book_loads_in_a_fraction_of_a_second(book: Book) -> None:
    _load.cache_clear()
    started = time.perf_counter()
    load_book(book.folder)
    assert time.perf_counter() - started < 1


def test_the_documented_change_of_the_debt_bar_follows_from_its_two_values(book: Book) -> None:
    bars = [book.facts[f"D4.2.debt_ratio_{when}"].values[0] for when in ("initial", "current")]
    assert book.facts["D4.2.debt_ratio_tightening"].values[0] == pytest.approx(bars[1] / bars[0] - 1)
