"""The glossary in docs/ is what the generator writes."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from weilidai.facts import load_book
from weilidai.facts.amounts import spell_values
from weilidai.pipeline.glossary import GROUPS, glossary


@pytest.fixture(scope="module")
def book():
    return load_book()


@pytest.fixture(scope="module")
def written(book):
    return glossary(book)


def test_the_glossary_in_docs_is_what_terms_and_facts_give(written, root):
    kept = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert kept == written, "run 'make docs'"


def test_every_term_has_one_row(book, written):
    rows = [line for line in written.splitlines() if line.startswith("| ") and " | 中文" not in line]
    assert len(rows) == len(book.terms) + 1  # the heading of the Chinese terms begins with the word itself
    for term in book.terms.values():
        assert f" {term.meaning} |" in written


def test_every_group_of_terms_has_a_heading(book):
    assert {term.group for term in book.terms.values()} == set(GROUPS)


def test_every_table_has_as_many_cells_in_each_row_as_in_its_heading(written):
    for part in written.split("\n## ")[1:]:
        widths = {line.count(" | ") for line in part.splitlines() if line.startswith("| ")}
        assert len(widths) == 1, part[:40]


def test_a_figure_is_the_one_of_its_fact(book):
    term = next(term for term in book.terms.values() if any(book.fact(name).values for name in term.facts))
    fact = next(book.fact(name) for name in term.facts if book.fact(name).values)
    other = fact.model_copy(update={"values": tuple(value / 2 for value in fact.values)})
    changed = replace(book, facts=MappingProxyType({**book.facts, fact.id: other}))
    assert f"{spell_values(fact.values, fact.unit)} (`{fact.id}`)" in glossary(book)
    assert f"{spell_values(other.values, fact.unit)} (`{fact.id}`)" in glossary(changed)
