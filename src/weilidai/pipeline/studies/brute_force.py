"""The search held against brute force: every one and two actions on a coarse grid, asked of the model as tables.

Nothing of the search's own means is used: changes are written column by column, and the model decides as it does
for any table.
"""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.explain.recourse.advice import Aim
from weilidai.explain.recourse.options import Level, Option, passed
from weilidai.facts.actions import MOST_MONTHS, Passing
from weilidai.models.bundle import Bundle
from weilidai.pipeline.asking_how_to import GAIN_SHARE
from weilidai.pipeline.recourse_rates import Sought

BoolArray = npt.NDArray[np.bool_]
Choice = tuple[tuple[Option, Level], ...]
NUMERIC: Final = ("number", "count", "flag")
SLACK: Final = 1e-6
"""Relative room for a grant that stays the same."""
TWO: Final = 2


def is_missed(one: Sought, bundle: Bundle, passing: tuple[Passing, ...], aim: Aim) -> bool:
    """Tell whether one or two actions reach the goal for somebody for whom the search found none such."""
    if one.actions and one.actions <= TWO:
        return False
    choices = one_and_two(one.case.board.options)
    return bool(choices) and bool(_reaches(one, choices, bundle, passing, aim).any())


def one_and_two(options: Sequence[Option]) -> list[Choice]:
    """Give each action and each two that go together, at the smallest, the middle and the farthest step of each."""
    singles: list[Choice] = [(one,) for option in options for one in _coarse(option)]
    pairs = [pair for pair in combinations(options, TWO) if not pair[0].excludes(pair[1])]
    return singles + [choice for a, b in pairs for choice in product(_coarse(a), _coarse(b))]


def _coarse(option: Option) -> list[tuple[Option, Level]]:
    levels = option.levels
    return [(option, levels[place]) for place in sorted({0, len(levels) // 2, len(levels) - 1})]


def _reaches(
    one: Sought, choices: Sequence[Choice], bundle: Bundle, passing: tuple[Passing, ...], aim: Aim
) -> BoolArray:
    after = _after(one, choices, passing)
    after = after.loc[bundle.invite.is_eligible(after)] if aim == "invitation" else after
    if after.empty:
        return np.zeros(0, dtype=np.bool_)
    now = float(bundle.grants.mean_cny(one.row)[0])
    if aim == "quota":
        richer = after.loc[bundle.grants.mean_cny(after) >= now * (1 + GAIN_SHARE)]
        kept = float(bundle.invite.probability(one.row)[0])
        return np.asarray(bundle.invite.probability(richer) >= kept) if len(richer) else np.zeros(0, dtype=np.bool_)
    invited = after.loc[bundle.invite.is_invited(after)]
    return np.asarray(bundle.grants.mean_cny(invited) >= now * (1 - SLACK)) if len(invited) else np.zeros(0, np.bool_)


def _after(one: Sought, choices: Sequence[Choice], passing: tuple[Passing, ...]) -> pd.DataFrame:
    """Apply every choice to the person; one row each."""
    row = one.case.row
    numeric = [name for name in row.columns if CATALOGUE[name].kind in NUMERIC]
    places = {name: place for place, name in enumerate(numeric)}
    values = np.tile(row[numeric].to_numpy(dtype=np.float64, na_value=np.nan), (len(choices), 1))
    timed = [passed(one.case.person, months, passing) for months in range(MOST_MONTHS + 1)]
    for line, choice in zip(values, choices, strict=True):
        for name, value in _moved(choice, timed).items():
            line[places[name]] = value
    columns: dict[str, Any] = dict(zip(numeric, values.T, strict=True))
    columns |= {name: row[name].iloc[0] for name in row.columns if name not in places}
    table = pd.DataFrame(columns)
    flags = [name for name in numeric if CATALOGUE[name].kind == "flag" and not table[name].isna().any()]
    return table.astype(dict.fromkeys(flags, bool))


def _moved(choice: Choice, timed: Sequence[dict[str, float]]) -> dict[str, float]:
    """Give what a choice changes; what several actions bring along counts from the longest of them."""
    acted: dict[str, float] = {}
    for _, level in choice:
        acted |= {name: max(value, acted.get(name, value)) for name, value in level.changes.items()}
    return {**timed[max(level.months for _, level in choice)], **acted}
