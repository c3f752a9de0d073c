"""Values and marks in words: what a person has, and what the documents ask for, in English and Chinese."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from weilidai.columns import CATALOGUE, UNKNOWN_LEVEL
from weilidai.errors import ConfigError, suggest
from weilidai.explain.phrases import COUNTED, FLAGGED, LEVELLED, NO_BUREAU_RECORD, NOT_KNOWN, NOTHING_RECORDED, WITHHELD
from weilidai.facts.amounts import Language

Value = float | int | bool | str | None
"""What a cell holds, as plain data; None is missing."""

LANGUAGES: Final = ("en", "zh")

_BOUND: Final[Mapping[str, tuple[str, str]]] = {
    ">=": ("at least ", "至少"), "<=": ("at most ", "至多"), ">": ("over ", "超过"), "<": ("under ", "不足"),
    "==": ("", ""), "!=": ("other than ", "不等于"),
}
_DOCUMENTED: Final = ("documented mark: ", "文档标准：")
_FAVOURED: Final = ("documents favour: ", "文档更认可：")
_JOINED: Final = (" or ", "或")
_DIRECTED: Final[Mapping[int, tuple[str, str]]] = {
    1: ("documents: the more the better, without a figure", "文档只说明越高越好，未给出数值"),
    -1: ("documents: the less the better, without a figure", "文档只说明越低越好，未给出数值"),
    0: ("documents: it counts, without a figure", "文档只说明会有影响，未给出数值"),
}
_MET_YET: Final = ("{}, yet less favourable than approved people on average", "{}，但不及获批者的平均水平")
_MISSED_YET: Final = ("{}, yet more favourable than approved people on average", "{}，但优于获批者的平均水平")
_MET: Final = ("meets the documented mark of {}", "已达到文档标准（{}）")
_MISSED: Final = ("misses the documented mark of {}", "未达到文档标准（{}）")
_LIKE_FAVOURED: Final = ("what documents favour ({})", "属于文档更认可的情况（{}）")
_UNLIKE_FAVOURED: Final = ("not what documents favour ({})", "不属于文档更认可的情况（{}）")
_BELOW_ALARM: Final = ("short of the documented alarm at {}", "未触及文档警戒线（{}）")
_AT_ALARM: Final = ("at the documented alarm of {}", "已触及文档警戒线（{}）")
_NUMBER_ENDING: Final = re.compile(r"\[(?:(\w*)\|)?(\w*)\]")


def language_place(language: Language) -> int:
    """Give the place of a language in the tables of words.

    Raises
    ------
    ConfigError
        The language is neither ``en`` nor ``zh``.
    """
    if language not in LANGUAGES:
        raise ConfigError(f"unknown language {language!r}", where="language", cure=suggest(str(language), LANGUAGES))
    return LANGUAGES.index(language)


def plain_value(column: str, value: object) -> Value:
    """Turn a cell into plain data: a flag to bool, a count to int, a number to float, missing to None.

    Examples
    --------
    >>> plain_value("daily_payment_count", 3.2000000477), plain_value("friend_count", 120.0)
    (3.2, 120)
    """
    if value is None or value != value:  # noqa: PLR0124  (only NaN differs from itself)
        return None
    kind = CATALOGUE[column].kind
    if kind in ("category", "text"):
        return str(value)
    if kind == "flag":
        return bool(value)
    number = float(value)  # type: ignore[arg-type]  # the column holds numbers
    return round(number) if kind == "count" else float(f"{number:.7g}")


def figure(column: str, value: float, language: Language) -> str:
    """Write a number of a column: yuan with thousands, shares in percent, the rest as counts.

    Examples
    --------
    >>> figure("monthly_spend_cny", 12345.6, "en"), figure("debt_to_income_share", 0.425, "zh")
    ('12,346 yuan', '42.5%')
    """
    if column.endswith("_cny"):
        return f"{value:,.0f}" + (" yuan", "元")[language_place(language)]
    if "_share" in column:
        return _short(value * 100) + "%"
    return _short(value)


def say_value(column: str, value: Value, language: Language, *, seen: Mapping[str, Any] | None = None) -> str:
    """Say what a person has.

    Parameters
    ----------
    column
        Column name.
    value
        Plain data; None is missing.
    language
        ``en`` or ``zh``.
    seen
        The person's flags, by column: they tell why a value is missing.
    """
    place = language_place(language)
    if value is None:
        return _say_missing(column, seen or {})[place]
    if isinstance(value, str):
        return LEVELLED.get((column, value), LEVELLED[column, UNKNOWN_LEVEL])[place]
    if column in FLAGGED:
        return FLAGGED[column][bool(value)][place]
    return _counted(column, value, "==", language)


def say_bar(column: str, comparison: str, value: float | str, language: Language, *, brief: bool = False) -> str:
    """Say a bar on a column, as in "at least 8 opens a day", or "at least 8" beside a value that says the rest."""
    place = language_place(language)
    if isinstance(value, str):
        return LEVELLED[column, value][place]
    if column in FLAGGED:
        return FLAGGED[column][bool(value) == (comparison != "!=")][place]
    is_whole = "_share" in column and comparison == ">=" and value >= 1
    return _counted(column, value, "==" if is_whole else comparison, language, brief=brief)


def say_marks(bars: Sequence[tuple[str, str, float | str]], language: Language, *, brief: bool = False) -> str:
    """Say the documented marks of one column, each as column, comparison and value; ``brief`` as for a bar."""
    place = language_place(language)
    said = _JOINED[place].join(say_bar(*bar, language, brief=brief) for bar in bars)
    return (_DOCUMENTED if bars[0][0] in COUNTED else _FAVOURED)[place] + said


def say_direction(direction: int, language: Language) -> str:
    """Say that the documents name a direction (1, -1 or 0 for neither) without a figure."""
    return _DIRECTED[direction][language_place(language)]


def say_beyond_mark(
    bars: Sequence[tuple[str, str, float | str]], *, is_met: bool, is_alarm: bool, language: Language,
    brief: bool = False,
) -> str:
    """Say that the contribution goes the other way than the documented marks of one column.

    Parameters
    ----------
    bars
        Each as column, comparison and value.
    is_met
        Whether the person meets them.
    is_alarm
        Whether the mark is what sets off an alarm, and no standard.
    language
        ``en`` or ``zh``.
    brief
        As for a bar.
    """
    place = language_place(language)
    if is_alarm:
        bars = [(column, "==", value) for column, _, value in bars]
        standing = _BELOW_ALARM if is_met else _AT_ALARM
    elif bars[0][0] in COUNTED:
        standing = _MET if is_met else _MISSED
    else:
        standing = _LIKE_FAVOURED if is_met else _UNLIKE_FAVOURED
    said = _JOINED[place].join(say_bar(*bar, language, brief=brief) for bar in bars)
    return (_MET_YET if is_met else _MISSED_YET)[place].format(standing[place].format(said))


def _say_missing(column: str, seen: Mapping[str, Any]) -> tuple[str, str]:
    permission = CATALOGUE[column].permission
    if permission is not None and seen.get(permission) is not True:
        return WITHHELD[permission]
    if CATALOGUE[column].group == "credit":
        return NO_BUREAU_RECORD if seen.get("has_bureau_record") is False else NOTHING_RECORDED
    return NOT_KNOWN


def _counted(column: str, value: float, comparison: str, language: Language, *, brief: bool = False) -> str:
    place = language_place(language)
    number = figure(column, value, language)
    ending = 1 if number == "1" else 2
    template = _NUMBER_ENDING.sub(lambda found: found[ending] or "", COUNTED[column][place])
    if brief:
        template = "{}" + ("" if language == "en" else template.partition("{}")[2])
    return template.replace("{}", _BOUND[comparison][place] + number)


def _short(number: float) -> str:
    """Write two digits after the point below ten, one below a thousand, none above, and no idle zeros."""
    digits = 2 if abs(number) < 10 else 1 if abs(number) < 1000 else 0  # noqa: PLR2004  (sizes named above)
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
