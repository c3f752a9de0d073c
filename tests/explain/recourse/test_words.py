import re

import pytest

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.explain.recourse.words import WORDS, say_change, say_months, say_value_of
from weilidai.explain.words import plain_value
from weilidai.facts import Book

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
MOVED = sorted({
    column for column, known in CATALOGUE.items()
    if known.is_feature and column not in LEVELS and known.kind != "flag" and column != "age_years"
})


@pytest.mark.parametrize("column", MOVED)
@pytest.mark.parametrize("is_unknown", [False, True])
def test_a_change_carries_the_same_figures_in_both_languages(column: str, *, is_unknown: bool) -> None:
    low = CATALOGUE[column].low or 0.0
    before, after = plain_value(column, low + 0.25), plain_value(column, low + 0.75)
    said = {language: say_change(column, before, after, language, is_unknown=is_unknown) for language in ("en", "zh")}
    figures = {language: set(FIGURE.findall(text)) for language, text in said.items()}
    # The window that a column counts over is part of its name; "two years" may be written as a word.
    window = set(re.findall(r"\d+", column)) | {"2", "24"}
    assert figures["en"] - window == figures["zh"] - window


def test_every_word_has_both_languages_with_the_same_places() -> None:
    for name, (english, chinese) in WORDS.items():
        assert english.count("{") == chinese.count("{"), name
        assert re.search(r"[\u4e00-\u9fff]", chinese) or name == "changed" or not re.search(r"[a-z]", english), name


def test_an_action_is_called_in_both_languages_without_raw_names(book: Book) -> None:
    for action in book.actions.values():
        assert "_" not in action.label_en + action.label_zh
        assert not re.search(r"[a-z]{3}", action.label_zh.replace("VPN", ""))


@pytest.mark.parametrize(("months", "english", "chinese"), [
    (0, "at once", "立即见效"), (1, "after 1 month", "1个月后"), (24, "after 24 months", "24个月后"),
])
def test_months_are_said(months: int, english: str, chinese: str) -> None:
    assert (say_months(months, "en"), say_months(months, "zh")) == (english, chinese)


def test_a_flag_says_what_it_was() -> None:
    told = say_change("has_salary_card", before=False, after=True, language="en", is_unknown=False)
    assert told == "salary card bound (now: no salary card bound)"


def test_what_only_comes_to_light_says_so() -> None:
    assert "reckoned" in say_change("refund_share", None, 0.05, "en", is_unknown=True)


def test_chances_and_amounts_are_said() -> None:
    assert say_value_of("invitation", 0.5, "zh") == "50.0%"
    assert say_value_of("quota", 5000, "en") == "5,000 yuan"
