"""How do I get it? The answer for one person: what to do, what the model then says, and what is true then."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from weilidai.explain.obstacles import Obstacle, say_beyond_rules
from weilidai.explain.recourse.words import (
    WORDS,
    say_change,
    say_months,
    say_outcome,
    say_value_of,
)
from weilidai.explain.sources import SYNTHETIC, Source, say_source, say_sources
from weilidai.explain.verdict import Recorded, Verdict, say_recorded, say_verdict
from weilidai.explain.words import Value, language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table
    from rich.text import Text

Aim = Literal["invitation", "quota"]
Answered = Literal["already", "found", "unconfirmed", "none", "undecided"]
Checked = Literal["same_person_and_noise", "columns_as_given"]
SHOWN: Final = 3


@dataclass(frozen=True)
class Change:
    """One column before and after; ``is_unknown`` where the value only comes to light and is reckoned with."""

    column: str
    before: Value
    after: Value
    is_unknown: bool
    text: str


@dataclass(frozen=True)
class Step:
    """One action of an advice."""

    action: str
    factor: str
    dimension: str
    text: str
    months: int
    is_gaming: bool
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Effect:
    """What an advice does, before and after: by the model and in the simulator.

    Chances are probabilities of an invitation; grants are expected first grants in yuan.
    """

    p_model_before: float
    p_model_after: float
    p_true_before: float
    p_true_after: float
    quota_model_before_cny: float
    quota_model_after_cny: float
    quota_true_before_cny: float
    quota_true_after_cny: float

    def gain(self, aim: Aim) -> float:
        """Give the true gain in what is aimed at."""
        if aim == "invitation":
            return self.p_true_after - self.p_true_before
        return self.quota_true_after_cny - self.quota_true_before_cny

    def harm(self, aim: Aim) -> float:
        """Give the true loss in the other; 0 or less when there is none."""
        if aim == "invitation":
            return self.quota_true_before_cny - self.quota_true_after_cny
        return self.p_true_before - self.p_true_after


@dataclass(frozen=True)
class Advice:
    """Steps to take together, what time does meanwhile, and what comes of it."""

    steps: tuple[Step, ...]
    meanwhile: tuple[Change, ...]
    """What passing time changes by itself."""
    months: int
    cost: float
    """Months to wait plus the effort of the steps, in months."""
    effect: Effect
    improves: bool
    """Whether the truth in the simulator gets better, and not only the score."""
    harms_other: bool
    """Whether it costs the other aim something in truth."""
    is_gaming: bool
    """Whether a step only makes figures look better."""

    @property
    def holds(self) -> bool:
        """Whether it may be advised: good in truth, nothing lost elsewhere, and no trick."""
        return self.improves and not self.harms_other and not self.is_gaming


@dataclass(frozen=True)
class Barrier:
    """A rule of the lender that stays unmet whatever is done."""

    rule: str
    text: str
    document: str | None
    section: int | None


@dataclass(frozen=True)
class Proof:
    """Why there is nothing to advise.

    ``best_value`` is the best that all declared actions together could reach, by the model, and ``wanted`` what
    is needed: probabilities, or yuan.
    """

    kind: Literal["best_point", "enumerated"]
    best_value: float
    wanted: float
    tried: int
    barriers: tuple[Barrier, ...]


@dataclass(frozen=True)
class Growth:
    """One documented way in which the quota of an open account grows, and what it does for this account.

    ``weight`` and ``lag_months`` are documented; the chances are those of an increase within six months.
    """

    habit: str
    text: str
    weight: float | None
    lag_months: int | None
    chance_before: float
    chance_after: float
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class HowTo:
    """What a person can do.

    Parameters
    ----------
    aim
        An invitation, or a higher quota.
    verdict
        The model's decision now.
    state
        ``already``: nothing is needed; ``found``; ``unconfirmed``: the score can be moved, the truth cannot;
        ``none``: certified; ``undecided``: time ran out.
    advice
        At most three, in order.
    set_aside
        What would move the score, but not the truth, or would cost the other aim, or only makes figures look
        better; never advised.
    proof
        Certificate where there is nothing.
    growth
        For an open account, what makes its quota grow.
    checked
        How the truth was found.
    seconds
        Time of the search.
    language
        Language of the texts.
    obstacles
        Everything in the way now, as why-not tells it; what is advised helps only once this is over.
    recorded
        What the person's table records already: an opened product, an invitation, or neither.
    largest_grant_cny
        Largest first grant that the model knows.
    """

    aim: Aim
    verdict: Verdict
    state: Answered
    advice: tuple[Advice, ...]
    set_aside: tuple[Advice, ...]
    proof: Proof | None
    growth: tuple[Growth, ...]
    checked: Checked
    seconds: float
    language: Language
    obstacles: tuple[Obstacle, ...] = ()
    recorded: Recorded | None = None
    largest_grant_cny: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Write the answer as plain JSON-able data."""
        return {
            "question": "how-to",
            "for": self.aim,
            **asdict(self.verdict),
            "obstacles": [obstacle.to_dict() for obstacle in self.obstacles],
            "state": self.state,
            "advice": [asdict(one) for one in self.advice],
            "set_aside": [asdict(one) for one in self.set_aside],
            "proof": None if self.proof is None else asdict(self.proof),
            "growth": [asdict(one) for one in self.growth],
            "checked": self.checked,
            "recorded": self.recorded,
            "language": self.language,
            "note": SYNTHETIC[self.language],
        }

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Show the answer on a terminal."""
        from rich.text import Text

        verdict = self.verdict
        decision, chance = say_verdict(
            is_invited=verdict.is_invited, p_invite=verdict.p_invite, threshold=verdict.threshold,
            language=self.language,
        )
        yield Text(decision, style="bold")
        yield Text(chance)
        yield from map(Text, self._standing())
        yield from self._in_the_way()
        if self.growth:
            yield self._growing()
        yield Text(say_outcome(self, self.language))
        yield from map(Text, self._proven())
        for number, one in enumerate(self.advice, 1):
            yield self._shown(number, one)
            yield Text(self._effect(one))
        if self.set_aside:
            yield Text(self._word("set_aside"))
            for one in self.set_aside:
                yield Text(f"- {self._joined(one)}: {self._effect(one)}")
        if self.advice or self.set_aside:
            yield Text(self._word(self.checked), style="dim")
        yield Text(SYNTHETIC[self.language], style="dim")

    def _in_the_way(self) -> "Iterator[Text]":
        from rich.text import Text

        further = list(say_beyond_rules(self.obstacles, self.language))
        if further:
            yield Text(self._word("in_the_way"), style="bold")
            yield from (Text(f"- {one}") for one in further)
            if self.state != "already":
                yield Text(self._word("once_over"))

    def _standing(self) -> Iterator[str]:
        """Say what the record knows, and what a higher quota means to somebody without the product."""
        if self.recorded is not None:
            yield say_recorded(self.recorded, self.language)
        if self.aim == "quota" and self.recorded == "opened":
            yield self._word("granted")
        elif self.aim == "quota" and self.recorded is None and not self.verdict.is_invited:
            yield self._word("if_invited")

    def _proven(self) -> Iterator[str]:
        """Say what stays in the way whatever is done."""
        if self.proof is None:
            return
        most = self.largest_grant_cny
        if self.aim == "quota" and most is not None and self.proof.wanted > most:
            yield self._word("most_documented").format(say_value_of(self.aim, most, self.language))
        for barrier in self.proof.barriers:
            yield f"- {barrier.text} [{say_source(barrier.document, barrier.section, self.language)}]"

    def _shown(self, number: int, one: Advice) -> "Table":
        from rich.table import Table

        title = self._word("advice").format(number, say_months(one.months, self.language))
        table = Table(title=title, title_justify="left", show_lines=False)
        for name in ("step", "change", "source"):
            table.add_column(self._word(name), overflow="fold")
        for step in one.steps:
            said = step.text + (self._word("gaming") if step.is_gaming else "")
            table.add_row(said, self._changes(step.changes), say_sources(step.sources, self.language))
        if one.meanwhile:
            table.add_row(self._word("meanwhile"), self._changes(one.meanwhile), "")
        return table

    def _changes(self, changes: tuple[Change, ...]) -> str:
        return "\n".join(change.text for change in changes)

    def _effect(self, one: Advice) -> str:
        effect = one.effect
        figures = (
            (effect.p_model_before, effect.p_model_after, effect.p_true_before, effect.p_true_after)
            if self.aim == "invitation" else
            (effect.quota_model_before_cny, effect.quota_model_after_cny,
             effect.quota_true_before_cny, effect.quota_true_after_cny)
        )
        said = [say_value_of(self.aim, value, self.language) for value in figures]
        told = self._word(f"effect_{self.aim}").format(*said)
        marked = (("no_gain", not one.improves), ("harm", one.harms_other), ("trick", one.is_gaming))
        for name, is_so in marked:
            told += self._word(name) if is_so else ""
        return told

    def _joined(self, one: Advice) -> str:
        return self._word("and").join(step.text for step in one.steps)

    def _growing(self) -> "Table":
        from rich.table import Table

        table = Table(title=self._word("growth"), title_justify="left", show_lines=False)
        for name in ("habit", "weight", "lag", "chance", "source"):
            table.add_column(self._word(name), overflow="fold")
        for one in self.growth:
            weight = self._word("unweighted") if one.weight is None else f"{one.weight:.0%}"
            lag = "" if one.lag_months is None else say_months(one.lag_months, self.language)
            chance = f"{one.chance_before:.1%} → {one.chance_after:.1%}"
            table.add_row(one.text, weight, lag, chance, say_sources(one.sources, self.language))
        return table

    def _word(self, name: str) -> str:
        return WORDS[name][language_place(self.language)]


def change_of(column: str, before: Value, after: Value, language: Language, *, is_unknown: bool = False) -> Change:
    """Put one changed column into words."""
    text = say_change(column, before, after, language, is_unknown=is_unknown)
    return Change(column, before, after, is_unknown, text)
