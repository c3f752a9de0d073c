"""Facts on a terminal."""

import io
from typing import Any

import pytest
from rich.console import Console

from weilidai.facts.amounts import Language
from weilidai.facts.rendering import render_conflicts, render_fact, render_facts

Folder = Any
"""The fixture of this folder's conftest."""


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Why some have no entry", "D0.2.rate_high", "Share with the entry among the active", "45 %",
                "500 to 30,000 CNY", "3 facts"]),
        ("zh", ["入口缺失的原因", "D0.2.rate_high", "活跃者中的比例", "45 %", "500 至 30,000 元", "共 3 条事实"]),
    ],
)
def test_the_table_shows_each_fact_in_the_language_asked_for(
    folder: Folder, console: Console, language: Language, words: list[str]
) -> None:
    render_facts(folder.load(), console, language=language)
    assert [word for word in words if word not in printed(console)] == []


def test_only_the_facts_found_are_shown(folder: Folder, console: Console) -> None:
    book = folder.load()
    render_facts(book, console, facts=book.search(section=5))
    assert "D0.5.grant" in printed(console)
    assert "D0.2.rate_high" not in printed(console)
    assert printed(console).rstrip().endswith("1 fact")


def test_a_card_tells_where_a_fact_stands_and_what_follows_it(folder: Folder, console: Console) -> None:
    opens = "    columns: {daily_open_count: 1}\n"
    mark = "    marks: [{column: daily_open_count, comparison: '>=', fact: D0.2.opens_mark}]\n"
    folder.edit("factors.yaml", opens, opens + mark)
    book = folder.load()
    for name in ("D0.2.rate_high", "D0.2.opens_mark"):
        render_fact(book, console, book.fact(name))
    text = printed(console)
    assert "section 2, sentence 2" in text
    assert "invited_share.active: 0.45, accepted 0.43 to 0.47; given in whole percent" in text
    assert "daily_open_count: daily_open_count >= 8.0" in text
    assert "lender.invitation.opens.mark = 8.0" in text
    assert text.count("X.D0.opens: the profile is typical") == 2


def test_a_conflict_shows_facts_arithmetic_and_readings(folder: Folder, console: Console) -> None:
    render_conflicts(folder.load(), console, language="zh")
    words = ["X.D0.opens", "活跃者中的比例 (45 %)", "45 % is less than all", "the profile is a bound", "共 1 处矛盾"]
    assert [word for word in words if word not in printed(console)] == []


def test_square_brackets_in_a_label_are_text_not_markup(folder: Folder, console: Console) -> None:
    folder.edit("D0.yaml", "label_en: Range of the first grant", "label_en: '[bold]Range[/red]'")
    render_facts(folder.load(), console)
    assert "[bold]Range[/red]" in printed(console)


def test_table_and_card_tell_what_a_fact_drives(folder: Folder, console: Console) -> None:
    book = folder.load()
    render_facts(book, console)
    assert "drives: parameter lender.grant.low (+1)" in printed(console)
    render_fact(book, console, book.fact("D0.2.opens_mark"))
    assert "parameter lender.invitation.opens.mark" in printed(console)


@pytest.mark.parametrize(("language", "word"), [("en", "nothing"), ("zh", "无")])
def test_a_fact_that_drives_nothing_says_so_and_why(
    folder: Folder, console: Console, language: Language, word: str
) -> None:
    folder.edit("D0.yaml", "    sets: lender.invitation.opens.mark\n", "    why: nobody counts it\n")
    book = folder.load()
    render_fact(book, console, book.fact("D0.2.opens_mark"), language=language)
    assert word in printed(console)
    assert "nobody counts it" in printed(console)


def test_a_conflict_names_the_key_that_switches_its_reading(folder: Folder, console: Console) -> None:
    folder.edit("conflicts/D0.yaml", "    alternatives:", "    switch: data.readings.profiles\n    alternatives:")
    render_conflicts(folder.load(), console)
    assert "data.readings.profiles" in printed(console)
