"""Who is meant, and what is measured of them: the pieces that the statistics of documented rules are put together from.

A value that is missing (NaN) is nobody's. Columns of a state are looked at among people in that state only, as they
are told for the others, too, while the simulator is fitted.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.columns import LEVELS
from weilidai.matching.crowd import Crowd
from weilidai.matching.profiles import at, mean_of

Array = npt.NDArray[Any]
Moment = Callable[[Crowd], float]
Select = Callable[[Crowd], Array]


def everybody(crowd: Crowd) -> Array:
    """Take all people."""
    return np.ones_like(crowd.columns["age_years"], dtype=bool)


def flagged(column: str) -> Select:
    """Take those with a flag."""
    return lambda c: c.columns[column].astype(bool)


def of_level(column: str, *levels: str) -> Select:
    """Take those whose category is one of some levels."""
    codes = [LEVELS[column].index(level) for level in levels]
    return lambda c: np.isin(c.columns[column], codes)


def least(column: str, mark: str | float) -> Select:
    """Take those whose value is a mark or more."""
    return lambda c: c.columns[column] >= at(c, mark)


def above(column: str, mark: str | float) -> Select:
    """Take those whose value is above a mark."""
    return lambda c: c.columns[column] > at(c, mark)


def below(column: str, mark: str | float) -> Select:
    """Take those whose value is below a mark."""
    return lambda c: c.columns[column] < at(c, mark)


def other_than(select: Select) -> Select:
    """Take everybody else."""
    return lambda c: ~select(c)


def all_of(*selects: Select) -> Select:
    """Take those who belong to every group."""
    return lambda c: reduce(np.logical_and, (select(c) for select in selects))


def in_state(state: str, select: Select = everybody) -> Select:
    """Take those of a group who are in a state, certainly or possibly."""
    return lambda c: (c.weights[state] > 0) & select(c)


def share(part: Select, whole: Select) -> Moment:
    """Share of a group in another; NaN where the other is empty."""
    def moment(crowd: Crowd) -> float:
        who = whole(crowd)
        return float(part(crowd)[who].mean(dtype=np.float64)) if who.any() else float("nan")

    return moment


def rate(state: str, select: Select, whole: str | None = None) -> Moment:
    """Share of a state among some people, or among those of them in another state; NaN where there are none."""
    def moment(crowd: Crowd) -> float:
        who = select(crowd).astype(np.float64)
        base = float((who if whole is None else who * crowd.weights[whole]).sum())
        return float((who * crowd.weights[state]).sum()) / base if base > 0 else float("nan")

    return moment


def mean(column: str, select: Select) -> Moment:
    """Mean of a column among some people; NaN where nobody of them has a value."""
    def moment(crowd: Crowd) -> float:
        return mean_of(crowd.columns[column].astype(np.float64), select(crowd).astype(np.float64))

    return moment


def extreme(column: str, pick: Callable[[Array], Any], select: Select) -> Moment:
    """Smallest or largest value of a column among some people; NaN where nobody of them has a value."""
    def moment(crowd: Crowd) -> float:
        values = crowd.columns[column][select(crowd)].astype(np.float64)
        known = values[~np.isnan(values)]
        return float(pick(known)) if known.size else float("nan")

    return moment


def gap(one: Moment, other: Moment) -> Moment:
    """Difference of two measures."""
    return lambda c: one(c) - other(c)


def steps(moments: tuple[Moment, ...]) -> Moment:
    """Smallest rise from one measure to the next."""
    return lambda c: float(np.min(np.diff([moment(c) for moment in moments])))


INVITED: Final = in_state("shown")
OPENED: Final = in_state("opened")
APPLIED: Final = in_state("applied")
INTERCEPTED: Final = in_state("intercepted")
