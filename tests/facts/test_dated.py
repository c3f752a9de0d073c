"""Figures of one regime, as the facts that they test see them."""

from io import StringIO

import pytest
from rich.console import Console

from weilidai.facts import load_book
from weilidai.facts.coverage import coverage_by_document
from weilidai.facts.dated import _dated, dated_targets
from weilidai.facts.rendering import render_fact
from weilidai.facts.tracing import trace
from weilidai.matching.regimes import load_regime, regime_names


@pytest.fixture(scope="module")
def book():
    return load_book()


def test_every_target_of_a_regime_is_seen_from_its_fact():
    told = sorted((t.fact, t.moment, t.regime, t.bound) for found in dated_targets().values() for t in found)
    meant = sorted(
        (t.fact, t.moment, name, t.bound) for name in regime_names() for t in load_regime(name).targets
    )
    assert told == meant


def test_the_figure_is_the_facts_own_where_the_regime_gives_none(book):
    (bar,) = (t for t in dated_targets()["D4.2.inquiries_current"] if t.regime == "contraction")
    assert bar.wanted is None
    assert bar.wanted_of(book.fact("D4.2.inquiries_current")) == 2


def test_a_claim_says_in_which_regime_people_are_held_to_it(book):
    assert "target contraction: outage.lost_days" in map(str, trace(book)["D4.5.outage_days"])


@pytest.mark.parametrize(("language", "told"), [("en", "change against the reference"), ("zh", "相对参照期的变化")])
def test_the_card_of_a_claim_shows_its_dated_target(book, language, told):
    shown = Console(width=400, record=True, file=StringIO())
    render_fact(book, shown, book.fact("D4.6.reminder_reach_change"), language=language)
    text = shown.export_text()
    assert told in text
    assert "contraction: reminded_share" in text


def test_what_people_are_held_to_is_counted(book):
    *documents, together = coverage_by_document(book)
    held = {fact.id for fact in book.facts.values() if fact.targets} | set(dated_targets())
    assert together.held == sum(row.held for row in documents) == len(held)


def test_a_regime_that_cannot_be_read_holds_nobody_to_anything(tmp_path):
    (tmp_path / "broken.yaml").write_text("targets: [{fact: D0.2.opens_opened}]\nname: [\n", encoding="utf-8")
    (tmp_path / "half.yaml").write_text("targets: [{fact: D0.2.opens_opened}]\n", encoding="utf-8")
    assert _dated(tmp_path) == {}
