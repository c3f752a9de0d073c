"""How much of what is documented is followed."""

import pytest

from weilidai.facts import load_book
from weilidai.facts.coverage import WAYS, coverage_by_document, coverage_by_mechanism, untargeted_facts, way_of


@pytest.fixture(scope="module")
def book():
    return load_book()


@pytest.mark.parametrize("count", [coverage_by_document, coverage_by_mechanism])
def test_every_fact_is_counted_once_and_by_one_way(book, count):
    rows = [row for row in count(book) if row.group != "all"]
    assert sum(row.facts for row in rows) == len(book.facts)
    for row in rows:
        assert sum(row.to_dict()[way] for way in WAYS) == row.facts


def test_the_last_row_by_document_is_the_sum_of_the_others(book):
    *documents, together = (row.to_dict() for row in coverage_by_document(book))
    assert together["group"] == "all"
    for count in set(together) - {"group"}:
        assert together[count] == sum(row[count] for row in documents)


def test_a_testable_fact_with_a_target_is_fitted_or_checked_and_one_without_is_listed(book):
    listed = {one.fact.id for one in untargeted_facts(book)}
    for fact in book.facts.values():
        assert (way_of(fact) == "untargeted") == (fact.id in listed) == (fact.is_testable and not fact.targets)


def test_the_reason_for_having_no_target_is_the_one_on_the_register(book):
    for one in untargeted_facts(book):
        assert one.why == (book.untested[one.fact.id].why if one.fact.id in book.untested else None)
