"""The decision for one person, as every answer about that person begins with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from weilidai.errors import DataError
from weilidai.explain.words import language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "invited": ("The model would invite this person.", "模型会邀请此人。"),
    "not_invited": ("The model would not invite this person.", "模型不会邀请此人。"),
    "chance": ("Probability of an invitation: {}; invited from {}.", "获邀概率：{}；达到{}即获邀。"),
}


class Decides(Protocol):
    """A loaded model that decides and gives reasons."""

    @property
    def bundle(self) -> "Bundle": ...  # noqa: D102

    def decide(self, people: pd.DataFrame, reasons: Language | None = None) -> pd.DataFrame: ...  # noqa: D102


@dataclass(frozen=True)
class Verdict:
    """What the model decides for one person; grant and rate are those if the product were opened."""

    is_invited: bool
    p_invite: float
    """Probability of an invitation, 0 for whom a hard rule excludes."""
    threshold: float
    """Probability from which the model invites."""
    quota_cny: float
    quota_low_cny: float
    quota_high_cny: float
    daily_rate: float
    """Interest a day as a fraction."""
    credit_grade: str


def decide_one(decider: Decides, person: pd.DataFrame, reasons: Language | None = None) -> dict[str, Any]:
    """Decide for exactly one person.

    Raises
    ------
    DataError
        Not one person, or a column is missing or impossible; the column is named.
    """
    if len(person) != 1:
        raise DataError(f"{len(person)} people given", where="person", cure="ask for one person at a time")
    (decided,) = decider.decide(person, reasons=reasons).to_dict("records")
    return {str(name): value for name, value in decided.items()}


def verdict_on(decider: Decides, person: pd.DataFrame) -> Verdict:
    """Decide for one person, with exactly the figures that deciding for a whole table gives.

    Raises
    ------
    DataError
        As :func:`decide_one`.
    """
    row = decide_one(decider, person)
    figures = ("p_invite", "quota_cny", "quota_low_cny", "quota_high_cny", "daily_rate")
    return Verdict(
        is_invited=bool(row["is_invited"]), threshold=decider.bundle.invite.threshold,
        credit_grade=str(row["credit_grade"]), **{name: float(row[name]) for name in figures},
    )


def say_verdict(*, is_invited: bool, p_invite: float, threshold: float, language: Language) -> tuple[str, str]:
    """Say the decision, and the chance behind it."""
    place = language_place(language)
    chance = _WORDS["chance"][place].format(f"{p_invite:.1%}", f"{threshold:.1%}")
    return _WORDS["invited" if is_invited else "not_invited"][place], chance
