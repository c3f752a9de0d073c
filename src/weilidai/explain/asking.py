"""Why don't I have it? The answer for one person: decision, failed rules, what weighs against and for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.explain.background import Attribution
from weilidai.explain.obstacles import Obstacle, obstacles_for, say_beyond_rules, say_obstacles
from weilidai.explain.reasons import Reason, strengths_for
from weilidai.explain.sources import SYNTHETIC, say_source
from weilidai.explain.verdict import Decides, Recorded, decide_one, recorded_of, say_recorded, say_verdict
from weilidai.explain.words import language_place
from weilidai.facts import Book
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

    from weilidai.models.bundle import Bundle

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "ruled_out": ("Conditions not met: {}. Nothing can outweigh them.", "未满足的准入条件：{}项，其他因素无法弥补。"),
    "adverse": ("What weighs against", "不利因素"),
    "favourable": ("What speaks for", "有利因素"),
    "on_the_way": ("Also in the way", "此外还有"),
    "nothing": ("Nothing stands out.", "没有突出的因素。"),
    "why": ("reason", "原因"),
    "source": ("documented in", "文档出处"),
    "weight": ("log-odds", "对数几率"),
    "rule": ("rule", "条件"),
    "yours": ("yours to change", "可自行改变"),
    "yes": ("yes", "是"), "no": ("no", "否"),
}


@dataclass(frozen=True)
class Answer:
    """Why a person is invited or not.

    Parameters
    ----------
    is_invited
        The decision.
    p_invite
        Probability of an invitation, 0 for whom a hard rule excludes.
    threshold
        Probability from which the model invites.
    failed_rules
        Names of the hard rules and the score that are not met, in the order in which the lender meets them.
    reasons
        What weighs against the person, hard rules first.
    strengths
        What speaks for the person.
    language
        Language of the texts.
    obstacles
        Everything in the way, in the order in which the lender raises it; empty where no facts were at hand.
    recorded
        What the person's table records already: an opened product, an invitation, or neither.
    """

    is_invited: bool
    p_invite: float
    threshold: float
    failed_rules: tuple[str, ...]
    reasons: tuple[Reason, ...]
    strengths: tuple[Reason, ...]
    language: Language
    obstacles: tuple[Obstacle, ...] = ()
    recorded: Recorded | None = None

    @property
    def note(self) -> str:
        """What the answer is not."""
        return SYNTHETIC[self.language]

    def to_dict(self) -> dict[str, Any]:
        """Write the answer as plain JSON-able data."""
        return {
            "question": "why-not",
            "is_invited": self.is_invited,
            "p_invite": self.p_invite,
            "threshold": self.threshold,
            "failed_rules": list(self.failed_rules),
            "reasons": [reason.to_dict() for reason in self.reasons],
            "strengths": [reason.to_dict() for reason in self.strengths],
            "obstacles": [obstacle.to_dict() for obstacle in self.obstacles],
            "recorded": self.recorded,
            "language": self.language,
            "note": self.note,
        }

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Show the answer on a terminal."""
        from rich.text import Text

        decision, chance = say_verdict(
            is_invited=self.is_invited, p_invite=self.p_invite, threshold=self.threshold, language=self.language,
        )
        yield Text(decision, style="bold")
        yield Text(chance)
        if self.recorded is not None:
            yield Text(say_recorded(self.recorded, self.language))
        if self.failed_rules:
            yield Text(self._word("ruled_out").format(len(self.failed_rules)))
        yield from self._shown("adverse", self.reasons)
        yield from self._shown("favourable", self.strengths)
        further = list(self._further())
        if further:
            yield Text(self._word("on_the_way"), style="bold")
        yield from (Text(f"- {one}") for one in further)
        yield Text(self.note, style="dim")

    def _further(self) -> Iterator[str]:
        """Say what else is in the way: rules that found no place among the reasons, then what comes after rules."""
        told = {reason.text for reason in self.reasons}
        yield from say_obstacles((one for one in self.obstacles if one.stage == "rules" and one.text not in told),
                                 self.language)
        yield from say_beyond_rules(self.obstacles, self.language)

    def _shown(self, side: str, reasons: tuple[Reason, ...]) -> Iterator["Table"]:
        from rich.table import Table
        from rich.text import Text

        table = Table(title=self._word(side), title_justify="left", show_lines=False)
        for name in ("why", "weight", "yours", "source"):
            table.add_column(self._word(name), overflow="fold", no_wrap=name != "why")
        for reason in reasons:
            table.add_row(Text(reason.text), self._weight(reason), self._yours(reason), self._source(reason))
        if not reasons:
            table.add_row(self._word("nothing"), "", "", "")
        yield table

    def _weight(self, reason: Reason) -> str:
        return self._word("rule") if reason.contribution is None else f"{reason.contribution:+.2f}"

    def _yours(self, reason: Reason) -> str:
        return self._word("yes" if reason.is_actionable else "no")

    def _source(self, reason: Reason) -> str:
        return say_source(reason.document, reason.section, self.language)

    def _word(self, name: str) -> str:
        return _WORDS[name][language_place(self.language)]


class Explains(Decides, Protocol):
    """A loaded model that decides, gives reasons and shares out its score."""

    @property
    def attribution(self) -> Attribution: ...  # noqa: D102


def why_not(
    decider: Explains, person: pd.DataFrame, language: Language = "en", book: Book | None = None
) -> Answer:
    """Answer why one person is not invited, or what nearly stood in the way.

    Parameters
    ----------
    decider
        A loaded model.
    person
        One row with the columns the model reads; columns that may be missing may be left out.
    language
        ``en`` or ``zh``.
    book
        The facts, for waits and cool-downs; without them no obstacles are listed.

    Returns
    -------
    Answer
        With exactly the figures and reasons that deciding for a whole table gives this person.

    Raises
    ------
    DataError
        Not one person, or a column is missing or impossible; the column is named.
    """
    language_place(language)
    decided = decide_one(decider, person, language)
    whole = completed(person, decider.bundle)
    invite = decider.bundle.invite
    (strengths,) = strengths_for(
        whole, decider.attribution.contributions(whole), decider.bundle.factors, language,
        features=invite.features.names,
    )
    return Answer(
        is_invited=bool(decided["is_invited"]),
        p_invite=float(decided["p_invite"]),
        threshold=invite.threshold,
        failed_rules=tuple(name for name, failed in invite.failed_rules(whole).items() if failed[0]),
        reasons=tuple(Reason(**one) for one in json.loads(decided["reasons"])),
        strengths=tuple(strengths),
        language=language, recorded=recorded_of(person),
        obstacles=() if book is None else obstacles_for(whole, decider.bundle, book, language),
    )


def completed(person: pd.DataFrame, bundle: "Bundle") -> pd.DataFrame:
    """Add the columns that were left out, as missing."""
    absent = {name: np.nan for name in bundle.columns if name not in person.columns and CATALOGUE[name].may_be_missing}
    return person.assign(**absent)
