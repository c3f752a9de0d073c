"""Rows that cannot be: what the columns of one person can never say together, counted check by check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from weilidai.bounds import Bounds
from weilidai.columns import CATALOGUE, NEEDS
from weilidai.dataset.lives import impossible_kinds, impossible_lives
from weilidai.dataset.person_rows import MONTHS_IN_A_YEAR, SLACK, Breaks, above, numbers
from weilidai.dataset.problems import BoolArray
from weilidai.dataset.row_checks import NEVER_ABOVE

STEPS: Final = (
    ("is_invited", "is_eligible"), ("has_tried", "is_invited"), ("has_applied", "has_tried"),
    ("has_closed_entry", "is_invited"), ("is_verified", "has_applied"), ("is_intercepted", "has_applied"),
    ("is_approved", "is_verified"), ("is_opened", "is_approved"), ("is_overdue", "is_opened"),
    ("is_requeued", "has_tried"),
    ("is_entry_available", "is_invited"), ("has_appealed", "is_intercepted"), ("is_appeal_upheld", "has_appealed"),
    ("has_quota_increase", "is_opened"), ("is_verified", "has_passed_first_checks"),
    ("has_passed_first_checks", "has_applied"), ("is_reminded", "is_opened"), ("has_left", "finds_quota_opaque"),
)
"""Step of the journey -> the step without which it cannot be."""
APART: Final = (
    ("has_closed_entry", "has_applied"), ("is_intercepted", "is_opened"), ("is_requeued", "has_applied"),
    ("has_closed_entry", "has_tried"), ("is_entry_available", "has_closed_entry"),
    ("is_entry_available", "is_requeued"), ("has_quota_increase", "is_quota_closed"),
    ("has_quota_increase", "has_limit_freeze"), ("has_quota_increase", "has_forbidden_use"),
    ("has_reborrowed", "has_forbidden_use"),
)
"""Steps that cannot both be."""
GRANTED: Final = (
    "opened_months_ago", "on_time_count",
    "initial_quota_cny", "current_quota_cny", "credit_grade", "daily_rate", "utilisation_share", "limit_display",
)
"""Columns that opened people have and nobody else has."""


@dataclass(frozen=True)
class Impossible:
    """One check over all people: what can never be, and how many people are so."""

    what: str
    count: int


@dataclass(frozen=True)
class Impossibilities:
    """All checks over one table."""

    people: int
    rows: int
    """People whom at least one check finds impossible."""
    checks: tuple[Impossible, ...]


def impossible_rows(applicants: pd.DataFrame, bounds: Bounds) -> Impossibilities:
    """Count the people who cannot be, check by check and together.

    Parameters
    ----------
    applicants
        A generated table with every column of the contract.
    bounds
        What no life goes beyond.
    """
    together = np.zeros(len(applicants), dtype=np.bool_)
    found = []
    for what, breaks in _checks(bounds):
        broken = breaks(applicants)
        together |= broken
        found.append(Impossible(what, int(broken.sum())))
    return Impossibilities(len(applicants), int(together.sum()), tuple(found))


def made_impossible(before: pd.DataFrame, after: pd.DataFrame, bounds: Bounds) -> Impossibilities:
    """Count the people whom a change makes impossible, by what is seen of a person before any decision.

    Growing older than a kind of user is none: a change that takes months finds a student of 30 a year later, and what
    the person is by then is not for the change to say.

    Parameters
    ----------
    before, after
        The same people in the same order, before and after the change.
    bounds
        What no life goes beyond.
    """
    together = np.zeros(len(after), dtype=np.bool_)
    found = []
    for what, breaks in _checks_of_a_person(bounds):
        broken = breaks(after) & ~breaks(before)
        together |= broken
        found.append(Impossible(what, int(broken.sum())))
    return Impossibilities(len(after), int(together.sum()), tuple(found))


def _checks(bounds: Bounds) -> Iterator[tuple[str, Breaks]]:
    yield "the same person twice", lambda a: a["person_id"].duplicated().to_numpy(dtype=np.bool_)
    yield from _checks_of_a_person(bounds)
    yield from impossible_kinds(bounds.ages)
    yield from _checks_of_a_journey()


def _checks_of_a_person(bounds: Bounds) -> Iterator[tuple[str, Breaks]]:
    yield "a figure outside its possible range", _out_of_range
    yield "no value where everybody has one", _unduly_missing
    yield "a value that a withheld permission or a missing record or card should hide", lambda a: _hidden(a, shown=True)
    yield "no value though permission, record or card is there", lambda a: _hidden(a, shown=False)
    for lower, upper in (*NEVER_ABOVE, ("licaitong_months", "real_name_months")):
        yield f"{lower} above {upper}", above(lower, upper)
    yield "a yearly flow below twelve months of spending", (
        lambda a: numbers(a, "annual_flow_cny")
        < np.minimum(numbers(a, "monthly_spend_cny") * MONTHS_IN_A_YEAR, _highest("annual_flow_cny")) * (1 - SLACK)
    )
    yield from impossible_lives(bounds)


def _checks_of_a_journey() -> Iterator[tuple[str, Breaks]]:
    for step, before in STEPS:
        yield f"{step} without {before}", _without(step, before)
    for one, other in APART:
        yield f"{one} together with {other}", _together(one, other)
    yield "an entry shown to somebody not invited", (
        lambda a: (numbers(a, "entry_trigger_count_1m") > 0) & ~_flag(a, "is_invited")
    )
    yield "something chosen in place of Weilidai by somebody who has it", (
        lambda a: _there(a, "chosen_alternative") & _flag(a, "is_opened")
    )
    yield "another entry than the one that led to the opening", lambda a: (
        _flag(a, "is_opened") & (numbers(a, "entry_months_ago") != numbers(a, "opened_months_ago"))
    )
    for name in GRANTED:
        yield f"{name} without opening, or opening without it", _not_exactly_opened(name)


def _without(step: str, before: str) -> Breaks:
    return lambda a: _flag(a, step) & ~_flag(a, before)


def _together(one: str, other: str) -> Breaks:
    return lambda a: _flag(a, one) & _flag(a, other)


def _not_exactly_opened(name: str) -> Breaks:
    return lambda a: _there(a, name) != _flag(a, "is_opened")


def _out_of_range(applicants: pd.DataFrame) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name, column in CATALOGUE.items():
        if column.low is not None:
            broken |= numbers(applicants, name) < column.low - SLACK * abs(column.low)
        if column.high is not None:
            broken |= numbers(applicants, name) > column.high + SLACK * abs(column.high)
    return broken


def _unduly_missing(applicants: pd.DataFrame) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name in (name for name, column in CATALOGUE.items() if not column.may_be_missing):
        broken |= ~_there(applicants, name)
    return broken


def _hidden(applicants: pd.DataFrame, *, shown: bool) -> BoolArray:
    broken = np.zeros(len(applicants), dtype=np.bool_)
    for name, need in NEEDS.items():
        has_need = numbers(applicants, need) > 0
        there = _there(applicants, name)
        broken |= there & ~has_need if shown else ~there & has_need
    return broken


def _highest(name: str) -> float:
    high = CATALOGUE[name].high
    return np.inf if high is None else high


def _flag(applicants: pd.DataFrame, name: str) -> BoolArray:
    return np.equal(numbers(applicants, name), 1)


def _there(applicants: pd.DataFrame, name: str) -> BoolArray:
    return applicants[name].notna().to_numpy(dtype=np.bool_)
