"""The decision for one person, as every answer about that person begins with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import pandas as pd

from weilidai.errors import DataError
from weilidai.explain.words import language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "invited": ("The model would invite you.", "模型会邀请您。"),
    "not_invited": ("The model would not invite you.", "模型目前不会邀请您。"),
    "chance": ("Probability of an invitation: {}; invited from {}.", "获邀概率：{}；达到{}即获邀。"),
}

Recorded = Literal["opened", "invited"]
_RECORDED: Final[Mapping[Recorded, tuple[str, str]]] = {
    "opened": ("On record you have opened the product already.", "记录显示您已开通该产品。"),
    "invited": ("On record you are invited already, and have not opened it yet.", "记录显示您已获邀，尚未开通。"),
}
"""What a table may know of a person already -> words."""
_RECORDS: Final[Mapping[str, Recorded]] = {"is_opened": "opened", "is_invited": "invited"}
"""Column -> what it records; the later state first."""


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


def recorded_of(person: pd.DataFrame) -> Recorded | None:
    """Tell whether the person's table records an opened product or an invitation; None where it records neither."""
    for column, state in _RECORDS.items():
        if column in person.columns and person[column].iloc[0] in (True, 1):
            return state
    return None


def say_recorded(recorded: Recorded, language: Language) -> str:
    """Say what the table records of the person."""
    return _RECORDED[recorded][language_place(language)]
