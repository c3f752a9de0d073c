"""What a table must hold to be learnt from: enough people of each outcome, sound labels, no copy of a label."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, LEVELS, Contract
from weilidai.dataset.column_checks import as_numbers
from weilidai.dataset.problems import BoolArray, Problem, breaches
from weilidai.dataset.settings import TableLimits

FloatArray = npt.NDArray[np.float64]

_AMOUNTS: Final = ("initial_quota_cny", "daily_rate")
_LEAK_ROWS: Final = 20_000
"""A column that copies the label shows itself in few rows; more would only cost time."""
_STEPS: Final = 50
"""Steps a column is cut into when it is asked what it knows in any other way than by rising or falling."""


def check_labels(applicants: pd.DataFrame, limits: TableLimits) -> Iterator[Problem]:
    """Check that the outcomes can be learnt from: enough rows, both classes, amounts where people opened."""
    if len(applicants) < limits.minimum_rows:
        yield Problem("table", f"{len(applicants)} rows are too few to learn from; at least {limits.minimum_rows}")
    for name in ("is_invited", "is_opened"):
        label = _outcome(applicants, name)
        if label is not None:
            yield from _check_classes(name, label, limits)
    opened = _outcome(applicants, "is_opened")
    if opened is not None:
        yield from _check_amounts(applicants, opened)
        yield from _check_grade(applicants, opened)


def check_leaks(
    applicants: pd.DataFrame, columns: Sequence[str], limits: TableLimits, contract: Contract = DOCUMENTED
) -> Iterator[Problem]:
    """Find single columns that order people so well by the invite label that they must be copies of it."""
    label = _outcome(applicants, "is_invited")
    if label is None or not label.any() or label.all():
        return
    shown = slice(0, _LEAK_ROWS)
    for name in columns:
        auc = _knowledge(applicants[name].iloc[shown], label[shown], is_category=name in contract.levels)
        if auc > limits.leak_auc:
            yield Problem(name, f"separates the invited from the others alone (AUC {auc:.3f})")


def _knowledge(column: pd.Series, label: BoolArray, *, is_category: bool) -> float:
    """Tell how well one column orders people by the label: by rising or falling, or step by step in any way."""
    numbers = None if is_category else as_numbers(column)
    by_step = _by_step(column, label, numbers)
    if numbers is None:
        return by_step
    auc = _ranking(np.nan_to_num(numbers, nan=-1.0), label)
    return max(auc, 1 - auc, by_step)


def _by_step(column: pd.Series, label: BoolArray, numbers: FloatArray | None) -> float:
    """Learn the share of the label in each step, category or gap of a column on every other row; AUC on the rest."""
    if numbers is None:
        steps = pd.factorize(column.astype(object).where(column.notna(), None))[0]
    else:
        there = np.isfinite(numbers)
        seen = numbers[there] if there.any() else np.zeros(1)
        marks = np.unique(np.quantile(seen, np.linspace(0, 1, _STEPS + 1)[1:-1]))
        steps = np.where(there, np.searchsorted(marks, numbers, side="right"), -1)
    places = steps.astype(np.int64) - int(steps.min())
    learnt, held = np.arange(len(label)) % 2 == 0, np.arange(len(label)) % 2 == 1
    people = np.bincount(places[learnt], minlength=int(places.max()) + 1)
    found = np.bincount(places[learnt], weights=label[learnt], minlength=len(people))
    share = (found + label.mean()) / (people + 1)
    return _ranking(share[places[held]], label[held])


def _outcome(applicants: pd.DataFrame, name: str) -> BoolArray | None:
    """Read a yes-or-no label, or None when it is absent or anything else (other checks say so)."""
    numbers = as_numbers(applicants[name]) if name in applicants.columns else None
    if numbers is None or not np.isin(numbers, (0.0, 1.0)).all():
        return None
    return np.equal(numbers, 1)


def _check_classes(name: str, label: BoolArray, limits: TableLimits) -> Iterator[Problem]:
    for outcome, count in (("true", int(label.sum())), ("false", int((~label).sum()))):
        if count < limits.minimum_class_rows:
            yield Problem(name, f"is {outcome} for only {count} people; at least {limits.minimum_class_rows} needed")


def _check_amounts(applicants: pd.DataFrame, opened: BoolArray) -> Iterator[Problem]:
    for name in _AMOUNTS:
        amounts = as_numbers(applicants[name]) if name in applicants.columns else None
        if amounts is not None:
            yield from breaches(name, "is missing for people who opened", opened & np.isnan(amounts))
            yield from breaches(name, "is zero or negative for people who opened", opened & (amounts <= 0))


def _check_grade(applicants: pd.DataFrame, opened: BoolArray) -> Iterator[Problem]:
    if "credit_grade" in applicants.columns:
        known = applicants["credit_grade"].isin(LEVELS["credit_grade"]).to_numpy(dtype=np.bool_)
        yield from breaches("credit_grade", "is not a documented grade for people who opened", opened & ~known)


def _ranking(values: FloatArray, label: BoolArray) -> float:
    """AUC of one column by rank sums (Mann and Whitney, 1947)."""
    positives, negatives = int(label.sum()), int((~label).sum())
    if not positives or not negatives:
        return 0.5
    from scipy.stats import rankdata

    ranks: FloatArray = rankdata(values)
    return float((ranks[label].sum() - positives * (positives + 1) / 2) / (positives * negatives))
