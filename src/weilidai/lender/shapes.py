"""How one column counts: the few shapes a documented factor takes in a log-odds or a score.

Each shape takes a column (people,) and returns float32 of the same shape, about 0 to 1 for what helps and
-1 to 0 for what hurts, so that weights compare.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import model_validator
from scipy.special import expit

from weilidai.columns import LEVELS
from weilidai.parameters import Strict

FloatArray = npt.NDArray[np.float32]
People = Mapping[str, Any]
_f = np.float32
SMALLEST = _f(1e-3)
"""Keeps the logarithm of nothing finite; far below every mark."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "reach": ("mark",), "step": ("mark", "width"), "at_least": ("mark",), "burden": ("mark", "cap"),
    "shortfall": ("mark", "cap"), "hump": ("mark", "width", "cap"), "level": ("levels",),
}
"""Shape -> the numbers it cannot do without."""


class Relief(Strict):
    """Another column that softens a term: at its mark, ``share`` of the term is gone."""

    column: str
    mark: float
    share: float


class Term(Strict):
    """One column's part in a factor: its shape, marks and weight."""

    factor: str
    column: str
    shape: Literal["reach", "step", "at_least", "present", "absent", "burden", "shortfall", "hump", "level"]
    weight: float
    scale: str = "own"
    """Name of the dimension scale that multiplies the weight; ``own`` stands alone."""
    mark: float = 1.0
    width: float = 1.0
    cap: float = 1.0
    missing: float = 0.0
    """What a missing value counts, in units of the shape."""
    levels: Mapping[str, float] = {}
    relief: Relief | None = None
    stronger_in_tier: Mapping[str, float] = {}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a shape without the numbers it stands on: a default nobody wrote down would pass for one."""
        missing = [name for name in NEEDED.get(self.shape, ()) if name not in self.model_fields_set]
        if missing:
            raise ValueError(f"the shape '{self.shape}' needs {', '.join(missing)}")
        return self


def value_of(term: Term, people: People) -> FloatArray:
    """Shape the term's column, before any weight; shape (people,)."""
    column = people[term.column]
    if term.shape == "level":
        return _levels(term, column)
    shaped = _SHAPES[term.shape](np.asarray(column, dtype=np.float32), term)
    if column.dtype.kind == "f":
        unseen = np.isnan(shaped)
        if unseen.any():
            shaped = np.where(unseen, _f(term.missing), shaped)
    if term.relief is not None:
        shaped = shaped * (_f(1) - _f(term.relief.share) * _relief(people, term.relief))
    if term.stronger_in_tier:
        shaped = shaped * (_f(1) + _in_tier(term, people))
    return shaped


def strengthening(term: Term, people: People) -> tuple[str, FloatArray] | None:
    """Give the other column that makes a term weigh more or less, and by what part of it; shape (people,)."""
    if term.relief is not None:
        return term.relief.column, -_f(term.relief.share) * _relief(people, term.relief)
    if term.stronger_in_tier:
        return "city_tier", _in_tier(term, people)
    return None


def by_itself(term: Term) -> Term:
    """Take away what other columns do to a term."""
    return term.model_copy(update={"relief": None, "stronger_in_tier": {}})


def _reach(x: FloatArray, term: Term) -> FloatArray:
    """In proportion up to the mark, full from there."""
    part: FloatArray = np.minimum(x * _f(1 / term.mark), _f(1))
    return part


def _step(x: FloatArray, term: Term) -> FloatArray:
    """Rise in a soft step at the mark on the log scale; ``width`` is its softness."""
    reached: FloatArray = expit((np.log(np.maximum(x, SMALLEST)) - _f(np.log(term.mark))) * _f(1 / term.width))
    return reached


def _at_least(x: FloatArray, term: Term) -> FloatArray:
    """One from the mark on, nothing below: a documented trigger."""
    return _kept_missing(x, x >= _f(term.mark))


def _present(x: FloatArray, term: Term) -> FloatArray:  # noqa: ARG001  all shapes share one signature
    return _kept_missing(x, x > 0)


def _kept_missing(x: FloatArray, reached: npt.NDArray[np.bool_]) -> FloatArray:
    shaped, unseen = reached.astype(np.float32), np.isnan(x)
    return np.where(unseen, x, shaped) if unseen.any() else shaped


def _absent(x: FloatArray, term: Term) -> FloatArray:
    away: FloatArray = _present(x, term) - _f(1)
    return away


def _burden(x: FloatArray, term: Term) -> FloatArray:
    """Minus the multiple of the mark, no worse than the cap."""
    load: FloatArray = -np.minimum(x * _f(1 / term.mark), _f(term.cap))
    return load


def _shortfall(x: FloatArray, term: Term) -> FloatArray:
    """Minus what a share lacks to 1, in units of the mark, no worse than the cap."""
    lack: FloatArray = -np.minimum((_f(1) - x) * _f(1 / term.mark), _f(term.cap))
    return lack


def _hump(x: FloatArray, term: Term) -> FloatArray:
    """Best at the mark, worse on both sides (an inverted U), no worse than the cap."""
    lost: FloatArray = -np.minimum(((x - _f(term.mark)) * _f(1 / term.width)) ** 2, _f(term.cap))
    return lost


_SHAPES: Final[Mapping[str, Callable[[FloatArray, Term], FloatArray]]] = {
    "reach": _reach, "step": _step, "at_least": _at_least, "present": _present, "absent": _absent,
    "burden": _burden, "shortfall": _shortfall, "hump": _hump,
}


def _levels(term: Term, codes: npt.NDArray[Any]) -> FloatArray:
    values: FloatArray = _table(term.column, term.levels).take(codes)
    return values


def _table(column: str, by_level: Mapping[str, float]) -> FloatArray:
    return np.array([by_level.get(level, 0.0) for level in LEVELS[column]], dtype=np.float32)


def _in_tier(term: Term, people: People) -> FloatArray:
    stronger: FloatArray = _table("city_tier", term.stronger_in_tier).take(np.asarray(people["city_tier"]))
    return stronger


def _relief(people: People, relief: Relief) -> FloatArray:
    seen = np.nan_to_num(np.asarray(people[relief.column], dtype=np.float32), nan=0.0)
    reached: FloatArray = np.minimum(seen * _f(1 / relief.mark), _f(1))
    return reached


def total(terms: Sequence[Term], people: People) -> FloatArray:
    """Add up weighted terms into one score; shape (people,)."""
    score: FloatArray = np.zeros(len(people["age_years"]), dtype=np.float32)
    for term in terms:
        score += _f(term.weight) * value_of(term, people)
    return score
