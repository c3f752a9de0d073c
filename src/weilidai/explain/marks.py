"""Which documented mark tells about a person's value, and where it is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from typing import Any, Final

from weilidai.explain.directions import ALARMS, STRICT, cited_place, cited_without_figure
from weilidai.explain.selection import Side
from weilidai.explain.words import Value, plain_value, say_beyond_mark, say_direction, say_marks
from weilidai.facts import Factor, Mark
from weilidai.facts.amounts import Language

_STRICTLY: Final[Mapping[str, str]] = {">=": ">", "<=": "<", "==": "=="}
_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {">=": ge, "<=": le, ">": gt, "<": lt, "==": eq}


@dataclass(frozen=True)
class Telling:
    """What the documents say of a person's value in one column.

    Parameters
    ----------
    marks
        The mark missed (or met, on the favourable side), all of a category's; where the contribution goes against
        the marks, the one met (or missed, on the favourable side). Empty when the column has none.
    direction
        Documented direction of the column.
    goes_against
        Whether the column has marks and the contribution goes the other way than they do.
    side
        Which side the contribution is on.
    fact
        Fact to cite.
    """

    marks: tuple[Mark, ...]
    direction: int
    goes_against: bool
    side: Side
    fact: str | None

    @property
    def value(self) -> Value:
        """The deciding mark as plain data, None when there is none."""
        return plain_value(self.marks[0].column, self.marks[0].value) if self.marks else None

    @property
    def place(self) -> tuple[str | None, int | None]:
        """Document and section to cite."""
        return cited_place(self.fact)

    def words(self, language: Language, *, brief: bool = False) -> str:
        """Say it in half a sentence; ``brief`` when the value beside it says what is counted."""
        if not self.marks:
            return say_direction(self.direction, language)
        bars = [(mark.column, comparison_of(mark), mark.value) for mark in self.marks]
        if self.goes_against:
            is_alarm = all(mark.fact in ALARMS for mark in self.marks)
            is_met = self.side == "adverse"
            return say_beyond_mark(bars, is_met=is_met, is_alarm=is_alarm, language=language, brief=brief)
        return say_marks(bars, language, brief=brief)


def telling(factor: Factor, column: str, value: Value, side: Side) -> Telling:
    """Find the mark that tells about a value: the first one missed, or met when it speaks for the person.

    A missing value meets no mark. A category meets its marks when it is at one of their levels.
    """
    marks = factor.marks_of(column)
    deciding = _deciding(marks, value, side)
    other: Side = "favourable" if side == "adverse" else "adverse"
    told = deciding or _deciding(marks, value, other)
    return Telling(
        marks=told, direction=factor.columns[column], goes_against=bool(told) and not deciding, side=side,
        fact=_cited(factor, column, value, told),
    )


def comparison_of(mark: Mark) -> str:
    """Give how a mark compares, strictly where its fact excludes the mark itself."""
    return _STRICTLY[mark.comparison] if mark.fact in STRICT else mark.comparison


def is_met(mark: Mark, value: Value) -> bool:
    """Tell whether a value meets a mark; a missing one does not."""
    return value is not None and _HOLDS[comparison_of(mark)](value, mark.value)


def _deciding(marks: tuple[Mark, ...], value: Value, side: Side) -> tuple[Mark, ...]:
    met = tuple(mark for mark in marks if is_met(mark, value))
    if side == "favourable":
        return met[:1]
    missed = tuple(mark for mark in marks if mark not in met)
    if missed and isinstance(missed[0].value, str):
        return () if met else missed
    return missed[:1]


def _cited(factor: Factor, column: str, value: Value, deciding: tuple[Mark, ...]) -> str | None:
    """Cite the deciding mark, else what speaks of the column, else any mark of the factor."""
    said = cited_without_figure(column, value)
    own = factor.marks_of(column)
    sources = [mark.fact for mark in (*deciding, *own)]
    if not deciding and said is not None:
        return said
    return next(iter([*sources, *([said] if said else []), *(mark.fact for mark in factor.marks)]), None)
