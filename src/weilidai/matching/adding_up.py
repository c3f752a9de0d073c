"""Moments of people who are nowhere all at once: sums over parts of them that add up.

Every moment is written for a whole crowd, and most of them look at it through sums only: a share is one sum over
another. Here each part of the people is given to the same moment as arrays that know what they are asked for: whenever
the moment sums over people, the part's own sum is noted, and the moment goes on with the sum over all parts as far as
it is known. When the next round changes no sum, the moment's value follows from the sums alone, and so does its value
without any one group of people.

That it does is looked at, not believed: the same sums must give the same value on other people. A moment that looks
at people in another way, as a median does, or whose sums hang on earlier ones, as a spread does on a mean, is measured
on the few columns it reads, brought together.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.matching.crowd import Crowd
from weilidai.matching.fidelity import GROUPS, measured

Array = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]
Sums = Mapping[str, FloatArray]
"""Moment -> its sums in the order they are asked for, by group of people; shapes (sums, GROUPS)."""
ROUNDS: Final = 2
"""One to add up, one to see that no sum hangs on another; what is not settled then does not add up."""
_REDUCTIONS: Final = (np.add, np.logical_or, np.logical_and)


@dataclass(frozen=True)
class Part:
    """Some of the people, and the group each is dealt to; shape (people,)."""

    crowd: Crowd
    groups: Groups

    @classmethod
    def of(cls, crowd: Crowd, first: int) -> "Part":
        """Deal people to the groups in turn, counted from the ``first`` of them, as a whole crowd is dealt."""
        return cls(crowd, (first + np.arange(len(crowd.columns["age_years"]))) % GROUPS)


@dataclass(frozen=True)
class Told:
    """What one part says of a moment: its own sums, the value that follows from those known, the columns read."""

    sums: FloatArray
    value: float
    reads: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Measured:
    """A moment on all people, and on all but each group in turn; shape (GROUPS,)."""

    value: float
    without: FloatArray


def tell(part: Part, known: Mapping[str, Sequence[float]]) -> dict[str, Told]:
    """Let one part say of each moment what it knows, given the sums over all people that are known."""
    return {name: _told(name, part, sums) for name, sums in known.items()}


def add_up(names: Iterable[str], rounds: Callable[[Mapping[str, Sequence[float]]], Sequence[Mapping[str, Told]]],
           sample: Part) -> tuple[dict[str, Measured], dict[str, frozenset[tuple[str, str]]]]:  # fmt: skip
    """Measure moments by asking all parts in rounds.

    Parameters
    ----------
    names
        The moments.
    rounds
        Asks every part with :func:`tell`; gives the answers in the order of the parts.
    sample
        A few people, on whom it is tried whether a value follows from the sums.

    Returns
    -------
    measured, others
        The moments that add up; and those that do not, with the columns they read.
    """
    known: dict[str, FloatArray] = {name: np.empty((0, GROUPS)) for name in dict.fromkeys(names)}
    found: dict[str, Measured] = {}
    others: dict[str, frozenset[tuple[str, str]]] = {}
    for _ in range(ROUNDS):
        answers = rounds({name: sums.sum(axis=1).tolist() for name, sums in known.items()})
        for name in list(known):
            told = [answer[name] for answer in answers]
            total = _total(told)
            if total is None or np.array_equal(total, known[name]):
                value = None if total is None else _following(name, told, total, sample)
                if value is None:
                    others[name] = frozenset().union(*(one.reads for one in told))
                else:
                    found[name] = value
                del known[name]
            else:
                known[name] = total
    return found, others | {name: frozenset().union(*(a[name].reads for a in answers)) for name in known}


def chosen(crowd: Crowd, reads: Iterable[tuple[str, str]]) -> Crowd:
    """Keep the arrays of a crowd that some moments read."""
    wanted = set(reads)
    columns, weights, logits = (
        {name: values for name, values in getattr(crowd, kind).items() if (kind, name) in wanted}
        for kind in ("columns", "weights", "logits")
    )
    return replace(crowd, columns=columns, weights=weights, logits=logits)


def _total(told: Sequence[Told]) -> FloatArray | None:
    """Add up what the parts say; None where a sum went over people whose groups are not known."""
    if any(np.isnan(one.sums).any() for one in told):
        return None
    total = np.zeros((max(len(one.sums) for one in told), GROUPS))
    for one in told:
        total[: len(one.sums)] += one.sums
    return total


def _following(name: str, told: Sequence[Told], total: FloatArray, sample: Part) -> Measured | None:
    """Give the moment's value if it follows from the sums alone, which other people must confirm."""
    whole = total.sum(axis=1)
    values = {one.value for one in told if not math.isnan(one.value)} or {math.nan}
    value = _told(name, sample, whole.tolist()).value
    is_same = len(values) == 1 and (value in values or (math.isnan(value) and math.isnan(min(values))))
    if not is_same or any(math.isnan(one.value) != math.isnan(value) for one in told):
        return None
    left = [_told(name, sample, (whole - total[:, group]).tolist()).value for group in range(GROUPS)]
    return Measured(value, np.array(left))


def _told(name: str, part: Part, known: Sequence[float]) -> Told:
    tally, crowd = _Tally(part.groups, known), part.crowd
    watched = replace(
        crowd, columns=_Watched("columns", crowd.columns, tally), weights=_Watched("weights", crowd.weights, tally),
        logits=_Watched("logits", crowd.logits, tally),
    )
    try:
        value = float(measured(name, watched))
    except IndexError:  # it picks people by what a sum over all of them says
        tally.sums.append(np.full(GROUPS, np.nan))
        value = math.nan
    sums = np.array(tally.sums) if tally.sums else np.empty((0, GROUPS))
    return Told(sums, value, frozenset(tally.reads))


@dataclass
class _Tally:
    """The sums a moment asks for, in their order."""

    groups: Groups
    known: Sequence[float]
    sums: list[FloatArray] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)

    def add(self, values: Array, groups: Groups) -> float:
        place, exact = len(self.sums), np.asarray(values).astype(np.float64)
        is_told = len(exact) == len(groups)
        own = np.bincount(groups, exact, GROUPS).astype(np.float64) if is_told else np.full(GROUPS, np.nan)
        self.sums.append(own)
        return float(self.known[place]) if place < len(self.known) else float(exact.sum())


class _Watched(Mapping[str, Array]):
    """Arrays of people that note what is asked of them."""

    def __init__(self, kind: str, arrays: Mapping[str, Array], tally: _Tally) -> None:
        self._kind, self._arrays, self._tally = kind, arrays, tally

    def __getitem__(self, name: str) -> Array:
        self._tally.reads.add((self._kind, name))
        noting: Array = _noting(self._arrays[name], self._tally, self._tally.groups)
        return noting

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)


class _Noting(np.ndarray[Any, np.dtype[Any]]):
    """An array over people whose sums are noted, and stand for those of all people."""

    tally: _Tally
    groups: Groups

    def __array_finalize__(self, whence: object) -> None:
        if isinstance(whence, _Noting):
            self.tally, self.groups = whence.tally, whence.groups

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401  # as numpy has it
        """Take some people, with their groups."""
        plain = np.asarray(key) if isinstance(key, np.ndarray) else key
        return _noting(np.asarray(self)[plain], self.tally, self.groups[plain])

    def mean(self, *_: object, **__: object) -> Any:  # noqa: ANN401  # as numpy has it
        """Divide two sums: of the values, and of the people."""
        total = self.tally.add(self, self.groups)
        people = self.tally.add(np.ones(len(self)), self.groups)
        return total / people if people else math.nan

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:  # noqa: ANN401
        filled = options.get("out", ())  # numpy's own variance fills an array it has made before
        first = next(one for one in (*inputs, *filled) if isinstance(one, _Noting))
        if filled:
            options["out"] = tuple(np.asarray(one) if isinstance(one, _Noting) else one for one in filled)
        plain = [np.asarray(one) if isinstance(one, _Noting) else one for one in inputs]
        if method == "reduce" and ufunc in _REDUCTIONS and plain[0].ndim == 1:
            return _reduced(ufunc, plain[0], first)
        if ufunc is np.matmul and plain[0].ndim == plain[1].ndim == 1:
            return first.tally.add(plain[0] * plain[1], first.groups)
        return _noting(getattr(ufunc, method)(*plain, **options), first.tally, first.groups)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, options: Any) -> Any:  # noqa: ANN401
        if function is np.count_nonzero:
            return self.tally.add(np.asarray(args[0]) != 0, self.groups)
        return _noting(super().__array_function__(function, types, args, options), self.tally, self.groups)


def _reduced(ufunc: np.ufunc, values: Array, whence: _Noting) -> Any:  # noqa: ANN401  # a number, or a yes or no
    if ufunc is np.add:
        return np.float64(whence.tally.add(values, whence.groups))
    wanted = values.astype(bool)
    if ufunc is np.logical_or:
        return np.bool_(whence.tally.add(wanted, whence.groups) > 0)
    return np.bool_(whence.tally.add(~wanted, whence.groups) == 0)


def _noting(values: Any, tally: _Tally, groups: Groups) -> Any:  # noqa: ANN401  # an array, or what is none
    if not isinstance(values, np.ndarray) or values.ndim == 0:
        return values
    noting = values.view(_Noting)
    noting.tally, noting.groups = tally, groups
    return noting
