"""Every factor has its words in both directions and both languages, with the person's own figures in them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weilidai.columns import CATALOGUE, LEVELS, UNKNOWN_LEVEL
from weilidai.explain.marks import telling
from weilidai.explain.words import plain_value, say_value
from weilidai.facts import Factor, load_book

FACTORS = load_book().factors.factors
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
RAW = re.compile(r"[_{}\[\]]|\bnan\b|\bNone\b|\bTrue\b|\bFalse\b|logit|SHAP|feature|column")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BLUNT = re.compile(
    r"\b(?:bad|poor|fail(?:ed|ure)?|worst|unworthy|suspicious|risky|liar|cheat\w*)\b|太差|恶劣|失信|可疑|劣质|不合格",
    re.IGNORECASE,
)
CASES = [(name, column) for name, factor in FACTORS.items() for column in factor.columns]


def cells(column: str) -> list[object]:
    """Give what a cell of the column can hold, from end to end; missing only where that means something."""
    meant = CATALOGUE[column]
    if meant.kind == "category":
        return [*LEVELS[column], UNKNOWN_LEVEL]
    if meant.kind == "flag":
        return [True, False]
    low, high = meant.low or 0.0, meant.high if meant.high is not None else 1e7
    numbers = [low + share * (high - low) for share in (0.0, 0.001, 0.0123, 0.1, 0.333, 0.5, 0.77, 1.0)]
    spread: list[object] = [round(one) if meant.kind == "count" else one for one in numbers]
    return [*spread, None] if meant.may_be_missing else spread


def sentence(factor: Factor, column: str, cell: object, side: str, language: str) -> str:
    value = plain_value(column, cell)
    mark = telling(factor, column, value, side).words(language, brief=value is not None)  # type: ignore[arg-type]
    assert factor.texts is not None
    text: str = getattr(factor.texts, f"{side}_{language}")
    return text.format(value=say_value(column, value, language), mark=mark)  # type: ignore[arg-type]


def test_there_are_words_for_the_whole_catalogue() -> None:
    assert len(FACTORS) >= 50
    assert [name for name, factor in FACTORS.items() if factor.texts is None] == []


def require_whole(name: str, column: str, side: str, cell: object) -> None:
    english, chinese = (sentence(FACTORS[name], column, cell, side, language) for language in ("en", "zh"))
    assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese))
    assert say_value(column, plain_value(column, cell), "en") in english
    assert not RAW.search(english + chinese)
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)


@pytest.mark.parametrize("side", ["adverse", "favourable"])
@pytest.mark.parametrize(("name", "column"), CASES)
def test_a_sentence_has_the_persons_figures_in_both_languages(name: str, column: str, side: str) -> None:
    for cell in cells(column):
        require_whole(name, column, side, cell)


@settings(deadline=None)
@given(case=st.sampled_from(CASES), side=st.sampled_from(["adverse", "favourable"]), share=st.floats(0, 1))
def test_any_figure_is_said_alike_in_both_languages(case: tuple[str, str], side: str, share: float) -> None:
    name, column = case
    meant = CATALOGUE[column]
    if meant.kind in ("count", "number"):
        low, high = meant.low or 0.0, meant.high if meant.high is not None else 1e7
        require_whole(name, column, side, low + share * (high - low))


@pytest.mark.parametrize("name", FACTORS)
def test_a_sentence_is_plain_and_respectful(name: str) -> None:
    texts = FACTORS[name].texts
    assert texts is not None
    for text in (texts.adverse_en, texts.favourable_en, texts.adverse_zh, texts.favourable_zh):
        assert "{value}" in text
        assert "{mark}" in text
        assert not BLUNT.search(text.replace("{value}", "").replace("{mark}", ""))
    assert texts.adverse_en.endswith(").")
    assert texts.adverse_zh.endswith("）。")
    assert texts.adverse_en != texts.favourable_en
    assert texts.adverse_zh != texts.favourable_zh


def test_the_directions_of_a_factor_are_not_mixed_up() -> None:
    for factor in FACTORS.values():
        assert factor.texts is not None
        assert not re.search(r"against|less often|sparser", factor.texts.favourable_en)
        assert not re.search(r"spoke for|more often|more frequent", factor.texts.adverse_en)
        assert not re.search("不利|较少", factor.texts.favourable_zh)
        assert not re.search("有利|较多", factor.texts.adverse_zh)
