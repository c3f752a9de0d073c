"""Values and marks in words."""

import re

import numpy as np
import pytest

from weilidai.columns import CATALOGUE, FEATURES, LEVELS, PERMISSIONS, UNKNOWN_LEVEL
from weilidai.errors import ConfigError
from weilidai.explain.phrases import COUNTED, FLAGGED, LEVELLED, WITHHELD
from weilidai.explain.words import figure, language_place, plain_value, say_bar, say_direction, say_marks, say_value

NUMBER = re.compile(r"\d[\d,.]*")
RAW = re.compile(r"[_{}\[\]]|nan|None|True|False")
EXAMPLES: dict[str, tuple[object, ...]] = {"category": (), "flag": (True, False), "count": (0, 1, 12_345)}


def examples(column: str) -> tuple[object, ...]:
    if column in LEVELS:
        return (*LEVELS[column], UNKNOWN_LEVEL, "elsewhere")
    return (*EXAMPLES.get(CATALOGUE[column].kind, (0.0, 0.5, 1.0, 3.25)), None)


def test_every_column_the_lender_sees_has_its_phrase() -> None:
    levelled = {column for column, _ in LEVELLED}
    assert {*COUNTED, *FLAGGED, *levelled} == set(FEATURES)
    assert set(LEVELLED) == {(c, level) for c in levelled for level in (*LEVELS[c], UNKNOWN_LEVEL)}
    assert set(WITHHELD) == set(PERMISSIONS)


@pytest.mark.parametrize("column", FEATURES)
def test_a_value_carries_the_same_figures_in_both_languages(column: str) -> None:
    for value in examples(column):
        english, chinese = (say_value(column, value, language) for language in ("en", "zh"))  # type: ignore[arg-type]
        assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese))
        assert not RAW.search(english + chinese)
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[\u4e00-\u9fff]", english)


@pytest.mark.parametrize("column", list(COUNTED))
@pytest.mark.parametrize("comparison", [">=", "<=", ">", "<"])
def test_a_bar_carries_the_same_figures_in_both_languages(column: str, comparison: str) -> None:
    for brief in (False, True):
        english = say_bar(column, comparison, 0.5, "en", brief=brief)
        chinese = say_bar(column, comparison, 0.5, "zh", brief=brief)
        assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese))
        assert not RAW.search(english + chinese)


@pytest.mark.parametrize(
    ("column", "value", "english", "chinese"),
    [
        ("monthly_spend_cny", 12345.6, "12,346 yuan", "12,346元"),
        ("debt_to_income_share", 0.425, "42.5%", "42.5%"),
        ("contact_change_share_12m", 0.05, "5%", "5%"),
        ("daily_payment_count", 3.2, "3.2", "3.2"),
        ("daily_open_count", 14.26, "14.3", "14.3"),
        ("friend_count", 1200, "1,200", "1,200"),
        ("location_jump_km_7d", 512.0, "512", "512"),
    ],
)
def test_a_figure_is_written_in_the_columns_unit(column: str, value: float, english: str, chinese: str) -> None:
    assert (figure(column, value, "en"), figure(column, value, "zh")) == (english, chinese)


def test_one_is_singular_and_anything_else_is_plural() -> None:
    said = [say_value("bureau_inquiry_count_3m", count, "en") for count in (0, 1, 2)]
    assert said == ["0 bureau inquiries in 3 months", "1 bureau inquiry in 3 months", "2 bureau inquiries in 3 months"]


def test_a_flag_is_said_not_shown() -> None:
    assert say_value("has_salary_card", value=True, language="en") == "salary card bound"
    assert say_value("has_salary_card", value=False, language="zh") == "未绑定工资卡"


@pytest.mark.parametrize(
    ("column", "seen", "words"),
    [
        ("merchant_category_count", {"has_transactions_permission": False},
         "not visible: bill details permission withheld"),
        ("merchant_category_count", {"has_transactions_permission": True}, "not known"),
        ("card_on_time_share", {"has_bureau_record": True}, "nothing on record"),
        ("contact_change_share_12m", {}, "not visible: contacts permission withheld"),
        ("debt_to_income_share", {"has_bureau_record": False}, "no record at the credit bureau"),
        ("debt_to_income_share", {}, "nothing on record"),
        ("pay_score", {"has_pay_score_enabled": False}, "not visible: pay score switched off"),
    ],
)
def test_a_missing_value_says_why_it_is_missing(column: str, seen: dict[str, bool], words: str) -> None:
    assert say_value(column, None, "en", seen=seen) == words


def test_marks_and_directions_are_said() -> None:
    opens = [("daily_open_count", ">", 8.0)]
    assert say_marks(opens, "en") == "documented mark: over 8 opens a day"
    assert say_marks(opens, "zh") == "文档标准：日均打开微信超过8次"
    assert say_marks(opens, "en", brief=True) == "documented mark: over 8"
    assert say_marks(opens, "zh", brief=True) == "文档标准：超过8次"
    deltas = [("region", "==", "yangtze_delta"), ("region", "==", "pearl_delta")]
    assert say_marks(deltas, "en") == "documents favour: Yangtze River Delta or Pearl River Delta"
    assert say_marks([("uses_vpn", "==", 0.0)], "zh") == "文档更认可：未通过VPN或代理登录"
    assert say_direction(-1, "zh") == "文档只说明越低越好，未给出数值"


def test_nothing_is_asked_for_beyond_the_whole() -> None:
    assert say_bar("card_on_time_share", ">=", 1.0, "en", brief=True) == "100%"
    assert say_bar("card_on_time_share", ">=", 0.9, "en", brief=True) == "at least 90%"


@pytest.mark.parametrize(
    ("column", "cell", "plain"),
    [
        ("is_restricted", np.bool_(True), True),  # noqa: FBT003
        ("friend_count", np.float32(12), 12),
        ("daily_payment_count", np.float32(3.2), 3.2),
        ("region", "northeast", "northeast"),
        ("debt_to_income_share", np.float32("nan"), None),
        ("debt_to_income_share", None, None),
    ],
)
def test_a_cell_becomes_plain_data(column: str, cell: object, plain: object) -> None:
    found = plain_value(column, cell)
    assert found == plain
    assert type(found) is type(plain)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown language 'fr'"):
        language_place("fr")  # type: ignore[arg-type]
