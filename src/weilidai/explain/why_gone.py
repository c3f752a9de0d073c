"""Why did it disappear? The answer for one person under two regimes: rules, policies, factors, and the entry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from weilidai.explain.gone_words import ENTRY, NO_POINTS, WORDS, say_log_odds, say_points, say_state
from weilidai.explain.regime_difference import Standing
from weilidai.explain.sources import SYNTHETIC, Source, say_sources
from weilidai.explain.words import Value, language_place
from weilidai.facts.amounts import Language

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

MOST_FACTORS: Final = 8
"""Factors that a terminal shows; the rest stand together in one line."""


@dataclass(frozen=True)
class Cause:
    """A documented rule or policy behind a part of the change."""

    source: Source
    label: str
    """What the document says, in the language of the answer."""
    is_lifted: bool
    """Whether it belongs to the first regime and no longer holds."""


@dataclass(frozen=True)
class RuleEffect:
    """A hard rule that changed its mind about the person."""

    rule: str
    factor: str
    is_met: bool
    """Whether it is met under the second regime."""
    probability: float
    text: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class PolicyEffect:
    """A change of the weighing."""

    change: str
    text: str
    log_odds: float
    probability: float
    by_factor: Mapping[str, float]
    """Factor -> its part of the log-odds."""
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class FactorEffect:
    """What one factor contributes to the change, rules included; the general level stands among the factors."""

    factor: str
    dimension: str | None
    text: str
    value: Value
    log_odds_before: float
    log_odds_after: float
    log_odds: float
    probability: float


@dataclass(frozen=True)
class Side:
    """One of the two regimes, and how the person stands before it."""

    regime: str
    title: str
    standing: Standing
    p_model: float | None
    """Probability that a model gives that learnt under this regime; None without one."""

    def to_dict(self) -> dict[str, Any]:
        """Write it as plain JSON-able data."""
        return {
            "regime": self.regime, "title": self.title, "p_invite": self.standing.p_invite,
            "is_eligible": self.standing.is_eligible, "failed_rules": list(self.standing.failed_rules),
            "log_odds": self.standing.log_odds, "p_weighed": self.standing.p_weighed, "p_model": self.p_model,
        }


@dataclass(frozen=True)
class EntryState:
    """One state of the entry before the two regimes; None is not known."""

    state: str
    before: bool | None
    after: bool | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class WhyGone:
    """Why the chance of an invitation changed between two regimes.

    Parameters
    ----------
    before, after
        The two regimes.
    rules
        Rules that changed their mind, in the order in which the lender meets them.
    policies
        Changes of the weighing, the strongest first.
    factors
        The same change by factor, the strongest first.
    entry
        States of the entry in the order in which the lender looks.
    wait_months
        Months until a person refused for too many inquiries may be looked at again; None when nobody waits.
    is_same_noise
        Whether the person was simulated again with the same chance events; else the columns are held.
    language
        Language of the texts.
    """

    before: Side
    after: Side
    rules: tuple[RuleEffect, ...]
    policies: tuple[PolicyEffect, ...]
    factors: tuple[FactorEffect, ...]
    entry: tuple[EntryState, ...]
    wait_months: float | None
    is_same_noise: bool
    language: Language

    @property
    def change(self) -> float:
        """Change of the probability; the parts sum to it."""
        return self.after.standing.p_invite - self.before.standing.p_invite

    @property
    def ended_by(self) -> tuple[str, ...]:
        """Rules that took the chance away."""
        had_one = self.before.standing.is_eligible
        return tuple(one.rule for one in self.rules if had_one and not one.is_met)

    def to_dict(self) -> dict[str, Any]:
        """Write the answer as plain JSON-able data."""
        return {
            "question": "why-gone",
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "change": self.change,
            "ended_by": list(self.ended_by),
            "rules": [_plain(one) for one in self.rules],
            "policies": [_plain(one) for one in self.policies],
            "factors": [asdict(one) for one in self.factors],
            "entry": [_plain(one) for one in self.entry],
            "wait_months": self.wait_months,
            "is_same_noise": self.is_same_noise,
            "language": self.language,
            "note": SYNTHETIC[self.language],
        }

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        """Show the answer on a terminal."""
        yield from self._parts(MOST_FACTORS)

    def in_full(self) -> "RenderResult":
        """Show the answer with every factor."""
        yield from self._parts(len(self.factors))

    def _parts(self, most: int) -> "RenderResult":
        from rich.text import Text

        yield from (Text(line, style="bold" if first else "") for line, first in self._headlines())
        if self.rules or self.policies:
            yield self._causes()
            if self._worth():
                yield self._factors(most)
        yield self._entry()
        yield Text(self._word("same_noise" if self.is_same_noise else "held"), style="dim")
        yield Text(SYNTHETIC[self.language], style="dim")

    def _headlines(self) -> Iterator[tuple[str, bool]]:
        before, after = self.before.standing, self.after.standing
        chances = (_chance(before.p_invite), self.before.title, _chance(after.p_invite), self.after.title)
        yield self._word("chance").format(*chances, say_points(self.change)), True
        if not self.rules and not self.policies:
            yield self._word("same"), False
        elif not before.is_eligible and not after.is_eligible:
            yield self._word("ruled_out_twice"), False
        elif self.rules:
            yield self._word("ended" if self.ended_by else "opened"), False
        if not (before.is_eligible and after.is_eligible):
            yield self._word("weighed").format(_chance(before.p_weighed), _chance(after.p_weighed)), False
        if self.wait_months is not None:
            yield self._word("wait").format(f"{self.wait_months:g}"), False
        for side in (self.before, self.after):
            if side.p_model is not None:
                yield self._word("model").format(side.title, _chance(side.p_model)), False

    def _causes(self) -> "Table":
        table = self._table("causes", "what", "points", "log_odds", "source")
        for rule in self.rules:
            row = (say_points(rule.probability), self._word("rule"))
            table.add_row(*self._told(rule.text, rule.causes), *row, self._sourced(rule.causes))
        shown = [one for one in self.policies if self._is_worth_showing(one.probability)]
        for policy in shown:
            row = (say_points(policy.probability), say_log_odds(policy.log_odds))
            table.add_row(*self._told(policy.text, policy.causes), *row, self._sourced(policy.causes))
        weighed = sum(policy.log_odds for policy in self.policies)
        table.add_section()
        whole = say_log_odds(weighed) if len(shown) == len(self.policies) else ""
        table.add_row(self._word("whole"), say_points(self.change), whole, "")
        return table

    def _is_worth_showing(self, probability: float) -> bool:
        """Beside a rule that decided, what moved no chance says nothing."""
        return not self.rules or say_points(probability) != NO_POINTS

    def _told(self, text: str, causes: Iterable[Cause]) -> "Iterator[Any]":
        from rich.text import Text

        said = (self._word("lifted").format(one.label) if one.is_lifted else one.label for one in causes)
        yield Text("\n".join([text, *list(said)[:1]]))

    def _worth(self) -> list[FactorEffect]:
        return [one for one in self.factors if self._is_worth_showing(one.probability)]

    def _factors(self, most: int) -> "Table":
        from rich.text import Text

        table = self._table("factors", "factor", "points", "log_odds")
        worth = self._worth()
        for one in worth[:most]:
            table.add_row(Text(one.text), say_points(one.probability), say_log_odds(one.log_odds))
        rest = worth[most:]
        if rest:
            ends = (say_points(sum(one.probability for one in rest)), say_log_odds(sum(one.log_odds for one in rest)))
            table.add_row(self._word("others").format(len(rest)), *ends)
        return table

    def _entry(self) -> "Table":
        table = self._table("entry", "step", "before", "after", "source")
        for one in self.entry:
            states = (say_state(self.language, holds=holds) for holds in (one.before, one.after))
            said = say_sources(one.sources, self.language) if one.sources else ""
            table.add_row(ENTRY[one.state][0][language_place(self.language)], *states, said)
        return table

    def _table(self, title: str, *columns: str) -> "Table":
        from rich.table import Table

        table = Table(title=self._word(title), title_justify="left", show_lines=False)
        heads = {"before": self.before.title, "after": self.after.title}
        for name in columns:
            right = name in ("points", "log_odds")
            table.add_column(heads.get(name) or self._word(name), overflow="fold", no_wrap=right,
                             justify="right" if right else "left")
        return table

    def _sourced(self, causes: Iterable[Cause]) -> str:
        return say_sources((one.source for one in causes), self.language)

    def _word(self, name: str) -> str:
        return WORDS[name][language_place(self.language)]


def strongest_first(effect: PolicyEffect | FactorEffect) -> tuple[float, float]:
    """Order parts by what they do to the chance, then to the log-odds."""
    return -abs(effect.probability), -abs(effect.log_odds)


def _plain(one: Any) -> dict[str, Any]:  # noqa: ANN401  # any of the parts above
    written = asdict(one)
    for name in ("causes", "sources"):
        if name in written:
            written[name] = list(written[name])
    return written


def _chance(probability: float) -> str:
    return f"{probability:.1%}"
