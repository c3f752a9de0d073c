"""The policy calendar as rows and as tables."""

import io

import pytest
from rich.console import Console

from weilidai.facts import load_book
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.pipeline.policy_calendar import calendar_rows, print_calendar

ORIGINS = {"fact", "value", "plus", "same_as"}
"""Where a changed number may come from."""


def shown(language):
    out = io.StringIO()
    print_calendar(Console(file=out, width=160, force_terminal=False), language)
    return out.getvalue()


def test_every_regime_stands_in_the_order_of_time() -> None:
    rows = calendar_rows()
    assert sorted(row["regime"] for row in rows) == regime_names()
    assert [row["year"] for row in rows] == sorted(row["year"] for row in rows)


def test_every_event_names_its_document() -> None:
    book = load_book()
    for row in calendar_rows():
        for event in row["events"]:
            fact = book.fact(event["fact"])
            assert (event["document"], event["section"]) == (fact.document, fact.section)


def test_every_change_says_why_and_comes_from_one_place() -> None:
    for row in calendar_rows():
        assert len(row["changes"]) == len(load_regime(row["regime"]).changes)
        assert all(one["why"] and len(ORIGINS & set(one)) == 1 for one in row["changes"])


def test_every_date_that_the_documents_give_to_a_rule_is_on_the_calendar() -> None:
    listed = {event["fact"] for row in calendar_rows() for event in row["events"]}
    dated = {f.id for f in load_book().facts.values() if f.kind == "date" and f.mechanism == "policy_calendar"}
    assert dated - listed == set()


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("Contraction, 2022 [contraction]", "D4, section 5", "17 days", "no change: the reference")),
    ("zh", ("收缩期（2022 年） [contraction]", "D4第5节", "参照期，无改动")),
])
def test_the_tables_carry_title_place_and_figure(language, said) -> None:
    text = shown(language)
    assert [words for words in said if words not in text] == []
