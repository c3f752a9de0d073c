"""Reasons in the words of a mapping, where a model learnt from a table of one's own and no document speaks of it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.explain.phrases import NOT_KNOWN
from weilidai.explain.reasons import LEAST_SHARE, MOST_REASONS, Reason
from weilidai.explain.selection import NOBODY, Side, choose
from weilidai.explain.words import Value, language_place
from weilidai.facts import FactorCatalogue
from weilidai.facts.amounts import Language
from weilidai.own_table import OwnColumn, OwnTable, Words, code

_TOLD: Final = {
    "adverse": ("{factor}: this weighed against you ({said}).", "{factor}：对您不利（{said}）。"),
    "favourable": ("{factor}: this spoke for you ({said}).", "{factor}：对您有利（{said}）。"),
}
_WAY: Final = {
    1: ("the more the better", "越高越好"), -1: ("the less the better", "越低越好"), 0: ("", ""),
}
_FLAG: Final = {True: ("yes", "是"), False: ("no", "否")}
_PAIR: Final = ("{}: {}", "{}：{}")
_JOINED: Final = ("; ", "；")
_WHOLE_FROM: Final = 1000
"""Size from which decimals stop mattering."""


def own_reasons(  # noqa: PLR0913  (what stands in a reason comes from as many places)
    people: pd.DataFrame, contributions: npt.NDArray[Any], catalogue: FactorCatalogue, language: Language, *,
    features: Sequence[str], own: OwnTable, side: Side = "adverse", most: int = MOST_REASONS,
    least_share: float = LEAST_SHARE,
) -> list[list[Reason]]:
    """Say what stands against each person (or for, on the favourable side), strongest factor first.

    Parameters
    ----------
    people
        One row per person, under the names of the mapping.
    contributions
        Log-odds, shape (people, features) or one column more for their mean.
    catalogue
        The mapping's factors, as the model carries them.
    language
        ``en`` or ``zh``.
    features
        Column names in the order of the contributions.
    own
        What the columns mean, and their words.
    side, most, least_share
        As for :func:`~weilidai.explain.selection.choose`.

    Returns
    -------
    list of list of Reason
        One list per person, possibly empty; a reason has no document, for none speaks of this table.
    """
    place, factors = language_place(language), list(catalogue.factors.values())
    chosen = choose(contributions, features, catalogue, side=side, most=most, least_share=least_share)
    cells = {name: people[name].astype(object).to_numpy() for name in features}

    def told(row: int) -> Iterator[Reason]:
        picked = (chosen.factors[row], chosen.columns[row], chosen.contributions[row])
        for number, column, contribution in zip(*(part.tolist() for part in picked), strict=True):
            if number == NOBODY:
                return
            factor, meant = factors[number], own.by_name[features[column]]
            value = plain(meant, cells[meant.name][row])
            label = (factor.label_en, factor.label_zh)[place]
            text = _TOLD[side][place].format(factor=label[:1].upper() + label[1:], said=_said(meant, value, place))
            yield Reason(
                factor=factor.id, dimension=factor.dimension, contribution=round(contribution, 6), value=value,
                mark=None, distance=None, unit=None, document=None, section=None,
                is_actionable=factor.is_actionable, text=text,
            )

    return [list(told(row)) for row in range(len(people))]


def plain(column: OwnColumn, value: object) -> Value:
    """Turn a cell into plain data: a level to its name, a flag to bool, a count to int, missing to None."""
    if value is None or value != value:  # noqa: PLR0124  (only NaN differs from itself)
        return None
    if column.kind == "category":
        return str(value)
    number = float(np.float32(value))  # type: ignore[arg-type]  # the column holds numbers
    if column.kind == "flag":
        return bool(number)
    return round(number) if column.kind == "count" else float(f"{number:.7g}")


def say(column: OwnColumn, value: Value, language: Language) -> str:
    """Say what a person has in a column, with its unit or in the words the mapping gives to it."""
    return _value(column, value, language_place(language))


def _said(column: OwnColumn, value: Value, place: int) -> str:
    label = (column.label_en, column.label_zh)[place]
    parts = [_PAIR[place].format(label, _value(column, value, place)), _WAY[column.direction][place]]
    return _JOINED[place].join(part for part in parts if part)


def _value(column: OwnColumn, value: Value, place: int) -> str:
    if value is None:
        return NOT_KNOWN[place]
    if isinstance(value, bool):
        return _FLAG[value][place]
    if isinstance(value, str):
        known: dict[str, Words] = {level.name: level for level in column.levels.values()}
        return _word(known[value], place) if value in known else NOT_KNOWN[place]
    if (word := column.said.get(code(value))) is not None:
        return _word(word, place)
    unit = "" if column.unit is None else _word(column.unit, place)
    return f"{_figure(value)} {unit}".rstrip() if place == 0 else f"{_figure(value)}{unit}"


def _word(words: Words, place: int) -> str:
    return (words.en, words.zh)[place]


def _figure(value: float) -> str:
    if value == int(value) or abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:,.3f}".rstrip("0").rstrip(".")
