"""What makes the quota of one open account grow: the documented habits, each tried on the lender's own chance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from weilidai.explain.recourse.advice import Growth
from weilidai.explain.recourse.words import WORDS
from weilidai.explain.words import figure, language_place
from weilidai.facts import Book
from weilidai.facts.amounts import Language
from weilidai.lender import LenderParameters
from weilidai.lender.increase import STOPS, IncreaseParameters, growth_score, increase_chance
from weilidai.lender.security import is_frozen
from weilidai.pipeline.citing import cite

Columns = dict[str, Any]
MIDDLE: Final = 0.5
"""The lender's own judgement, which nobody knows, in the middle."""
ACCOUNT: Final = (
    "on_time_count", "utilisation_share", "uses_instalments", "bill_payment_count_1m", "has_reborrowed",
    *(name for name in STOPS if name != "is_assessment_frozen"),
)
_SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "on_time": ("D1.8.weight_on_time", "D1.8.lag_on_time", "D3.5.full_repayment_months"),
    "merchants": ("D1.8.weight_cross_platform", "D1.8.lag_cross_platform", "D3.5.merchant_kinds_least"),
    "deposit": ("D1.8.weight_wealth", "D1.8.lag_wealth", "D3.5.deposit_least", "D3.5.deposit_kept"),
    "use_band": ("D1.8.utilisation_band",),
    "bills": ("D1.8.bills_a_month", "D1.8.growth_after_bills"),
    "instalments": ("D1.8.instalments_help",),
}
"""Habit -> facts that speak of it."""


@dataclass(frozen=True)
class _Habit:
    name: str
    said: tuple[str, ...]
    changes: Mapping[str, float]
    weight: float | None = None
    lag_months: int | None = None


def growth_habits(
    row: pd.DataFrame, lender: LenderParameters, book: Book, language: Language
) -> tuple[Growth, ...]:
    """Try each documented habit on an open account; nothing where the table does not know the account.

    Parameters
    ----------
    row
        One person with the columns of the account.
    lender
        The lender's numbers.
    book, language
        For the words.

    Returns
    -------
    tuple of Growth
        Habits that raise the chance of an increase, the strongest first.
    """
    if not set(ACCOUNT) <= set(row.columns) or not bool(row.get("is_opened", pd.Series([False])).iloc[0]):
        return ()
    columns: Columns = {str(name): _array(row[name]) for name in row.columns if row[name].dtype.kind in "biuf"}
    # Where a table does not say how old an account is, it is at least as old as its repayments on time.
    months = columns.get("opened_months_ago", columns["on_time_count"])
    columns["opened_months_ago"] = np.nan_to_num(np.asarray(months, dtype=np.float32))
    columns["is_assessment_frozen"] = is_frozen(columns, lender.security)
    parameters = lender.increase
    before = _chance(columns, parameters)
    place = language_place(language)
    found = []
    for habit in _habits(columns, parameters, language):
        changed = columns | {name: np.array([value], np.float32) for name, value in habit.changes.items()}
        after = _chance(changed, parameters)
        text = WORDS[habit.name][place].format(*habit.said)
        sources = cite(book, _SOURCES[habit.name])
        if after > before:
            found.append(Growth(habit.name, text, habit.weight, habit.lag_months, before, after, sources))
    return tuple(sorted(found, key=lambda one: -one.chance_after))


def _habits(columns: Columns, parameters: IncreaseParameters, language: Language) -> Iterator[_Habit]:
    on_time, platforms, wealth, use = (
        parameters.on_time, parameters.cross_platform, parameters.wealth, parameters.use,
    )
    months = float(columns["opened_months_ago"][0])
    full, kinds = on_time.full_count, platforms.merchant_kinds
    kept = wealth.kept_months + wealth.lag_periods
    yield _Habit("on_time", (f"{full:g}",), {
        "on_time_count": max(full, _now(columns, "on_time_count")), "opened_months_ago": max(months, full),
    }, on_time.weight, int(on_time.lag_periods))
    yield _Habit("merchants", (f"{kinds:g}",), {
        "merchant_category_count": max(kinds, _now(columns, "merchant_category_count")),
        "opened_months_ago": max(months, platforms.lag_periods),
    }, platforms.weight, int(platforms.lag_periods))
    deposit = figure("licaitong_balance_cny", wealth.deposit_cny, language)
    yield _Habit("deposit", (deposit, f"{wealth.kept_months:g}"), {
        "licaitong_balance_cny": max(wealth.deposit_cny, _now(columns, "licaitong_balance_cny")),
        "licaitong_months": max(kept, _now(columns, "licaitong_months")),
    }, wealth.weight, int(kept))
    middle = (use.low + use.high) / 2
    yield _Habit("use_band", tuple(figure("utilisation_share", end, language) for end in (use.low, use.high)), {
        "utilisation_share": float(np.clip(_now(columns, "utilisation_share", middle), use.low, use.high)),
    })
    yield _Habit("bills", (f"{parameters.bills_least:g}",), {
        "bill_payment_count_1m": max(parameters.bills_least, _now(columns, "bill_payment_count_1m")),
    })
    yield _Habit("instalments", (), {"uses_instalments": 1.0})


def _chance(columns: Columns, parameters: IncreaseParameters) -> float:
    account = columns | {name: columns[name].astype(bool) for name in (*STOPS, "uses_instalments", "has_reborrowed")}
    score = growth_score(columns, account, np.array([MIDDLE], np.float32), parameters)
    return float(increase_chance(columns, account, score, parameters)[0])


def _now(columns: Columns, name: str, otherwise: float = 0.0) -> float:
    value = float(columns[name][0])
    return otherwise if np.isnan(value) else value


def _array(values: pd.Series) -> Any:  # noqa: ANN401  # an array of one number
    return values.to_numpy(dtype=np.bool_ if values.dtype.kind == "b" else np.float32)
