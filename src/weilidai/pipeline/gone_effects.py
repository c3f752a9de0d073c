"""The parts of a changed chance in words: rules, policies and factors, each with the documents behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from weilidai.columns import NEEDS
from weilidai.explain.gone_words import GENERAL_LEVEL, WORDS, Bar, say_policy, say_rule, say_score
from weilidai.explain.regime_difference import Split, Standing
from weilidai.explain.why_gone import Cause, FactorEffect, PolicyEffect, RuleEffect, strongest_first
from weilidai.explain.words import Value, language_place, plain_value, say_value
from weilidai.facts import Book, Factor
from weilidai.facts.amounts import Language, spell_values
from weilidai.pipeline.citing import cite
from weilidai.pipeline.regime_changes import RegimeChange
from weilidai.pipeline.two_lives import Life, Lives
from weilidai.pipeline.weighing_changes import TENURE, Weighing

NOTHING: Final = 1e-12
"""Log-odds below this are rounding."""
_DATED: Final = ("year", "year_month", "year_quarter")


@dataclass(frozen=True)
class Teller:
    """Puts the parts of one person's changed chance into words.

    Parameters
    ----------
    book
        Facts and factors.
    lives
        The person before the two regimes.
    standings
        What the two regimes make of the person.
    split
        The parts.
    changes
        What the second regime does differently, rules included.
    weighing
        The person's log-odds by factor.
    language
        ``en`` or ``zh``.
    """

    book: Book
    lives: Lives
    standings: tuple[Standing, Standing]
    split: Split
    changes: tuple[RegimeChange, ...]
    weighing: Weighing
    language: Language

    def rules(self) -> tuple[RuleEffect, ...]:
        """Tell the rules that changed their mind, in the order in which the lender meets them."""
        return tuple(self._rule(name, part) for name, part in self.split.rules.items())

    def policies(self) -> tuple[PolicyEffect, ...]:
        """Tell the changes of the weighing, the strongest first."""
        told = [self._policy(change) for change in self.weighing.changes]
        return tuple(sorted(told, key=strongest_first))

    def factors(self) -> tuple[FactorEffect, ...]:
        """Tell the same change by factor, rules counted with the factor of their column."""
        by_rule: dict[str, float] = {}
        for one in self.rules():
            by_rule[one.factor] = by_rule.get(one.factor, 0.0) + one.probability
        before = dict(zip(self.weighing.names, self.weighing.none.tolist(), strict=True))
        after = dict(zip(self.weighing.names, self.weighing.all.tolist(), strict=True))
        told = [
            self._factor(name, (before.get(name, 0.0), after.get(name, 0.0)), by_rule.get(name, 0.0))
            for name in dict.fromkeys((*self.weighing.names, *by_rule))
        ]
        moved = (one for one in told if abs(one.log_odds) > NOTHING or one.probability)
        return tuple(sorted(moved, key=strongest_first))

    def _rule(self, name: str, part: float) -> RuleEffect:
        before, after = (self._bar(life, name) for life in (self.lives.before, self.lives.after))
        is_met = self.standings[1].rules.get(name, True)
        if name == self.lives.after.policy.scorecard.name:
            column, text = self._score()
        else:
            column = next(bar.column for bar in ((before, after) if is_met else (after, before)) if bar)
            text = say_rule(before, after, self.language, is_ended=not is_met)
        return RuleEffect(name, self.book.factors.of_column(column).id, is_met, part, text, self._causes_of_rule(name))

    def _bar(self, life: Life, name: str) -> Bar | None:
        rule = next((one for one in life.policy.rules if one.name == name), None)
        if rule is None:
            return None
        return Bar(rule.column, rule.comparison, rule.value, self._held(life, rule.column))

    def _score(self) -> tuple[str, str]:
        """Give the column whose line of the scorecard moved most, and the sentence about the score."""
        sides = (self.lives.before, self.lives.after)
        before, after = (float(life.policy.scorecard.score(life.columns)[0]) for life in sides)
        card = self.lives.after.policy.scorecard
        moved = [
            abs(float(np.nan_to_num(sides[1].columns[item.column][0])) - float(
                np.nan_to_num(sides[0].columns[item.column][0]))) / item.mark * item.weight
            for item in card.items
        ]
        return card.items[int(np.argmax(moved))].column, say_score(before, after, card.pass_mark, self.language)

    def _causes_of_rule(self, name: str) -> tuple[Cause, ...]:
        own = next((one for one in self.changes if one.kind == "rule" and name in one.subjects), None)
        if own is not None:
            return self._causes(own)
        # The rule is the same, so what changed is how long the person can have used a product.
        policy = self.lives.after.policy
        stored = {rule.name: rule.fact for rule in policy.rules} | {policy.scorecard.name: policy.scorecard.fact}
        facts = (fact for one in self.changes if one.kind == TENURE for fact in (*one.facts, *one.lifted))
        named = [fact for fact in (stored[name], *facts) if fact in self.book.facts]
        return self._cited(named, is_lifted=False)

    def _policy(self, change: RegimeChange) -> PolicyEffect:
        parts = self.split.log_odds[change.name]
        by_factor = {
            name: float(part) for name, part in zip(self.weighing.names, parts, strict=True) if abs(part) > NOTHING
        }
        log_odds = float(parts.sum())
        text = WORDS["joined"][language_place(self.language)].join(self._said(change))
        probability = log_odds * self.split.probability_per_log_odds
        return PolicyEffect(change.name, text, log_odds, probability, by_factor, self._causes(change))

    def _said(self, change: RegimeChange) -> Iterator[str]:
        for member in change.name.split("+"):
            kind, _, subject = member.partition(".")
            yield say_policy(kind, self._subject(kind, subject), self._ratio(kind, subject), self.language)

    def _subject(self, kind: str, subject: str) -> str:
        factors = self.book.factors
        if kind == "weight":
            found = factors.dimensions.get(subject)
            return subject if found is None else self._label(found.label_en, found.label_zh)
        sides = (self.lives.after, self.lives.before)
        terms = [life.invitation.terms[subject].factor for life in sides if subject in life.invitation.terms]
        factor = factors.factors.get(terms[0] if terms else subject)
        return "" if factor is None else self._label(factor.label_en, factor.label_zh)

    def _ratio(self, kind: str, subject: str) -> float | None:
        """Give a weight as a multiple of what it was; None when it was nothing, or is no weight."""
        old, new = (life.invitation.scales.get(subject, 0.0) for life in (self.lives.before, self.lives.after))
        return new / old if kind == "weight" and old else None

    def _factor(self, name: str, log_odds: tuple[float, float], by_rule: float) -> FactorEffect:
        step = log_odds[1] - log_odds[0]
        probability = step * self.split.probability_per_log_odds + by_rule
        if name == GENERAL_LEVEL:
            text = say_policy(GENERAL_LEVEL, "", None, self.language)
            return FactorEffect(name, None, text, None, *log_odds, step, probability)
        factor = self.book.factors.factors[name]
        column = self._column(factor)
        label = self._label(factor.label_en, factor.label_zh)
        held = self._held(self.lives.after, column)
        text = WORDS["factor_value"][language_place(self.language)].format(label, held)
        return FactorEffect(
            name, factor.dimension, text, self._value(self.lives.after, column), *log_odds, step, probability
        )

    def _column(self, factor: Factor) -> str:
        """Name the column that stands for a factor: what a changed rule or the weighing reads of it first."""
        turned = [
            rule.column for life in (self.lives.after, self.lives.before) for rule in life.policy.rules
            if rule.name in self.split.rules
        ]
        read = [*turned, *(term.column for term in self.lives.after.invitation.terms.values())]
        return next((column for column in read if column in factor.columns), next(iter(factor.columns)))

    def _held(self, life: Life, column: str) -> str:
        value = self._value(life, column)
        flags = [] if value is not None else [name for name in life.cells if name in set(NEEDS.values())]
        return say_value(column, value, self.language, seen={name: self._value(life, name) for name in flags})

    def _value(self, life: Life, column: str) -> Value:
        return plain_value(column, life.cells.get(column))

    def _causes(self, change: RegimeChange) -> tuple[Cause, ...]:
        now = self._cited(change.facts, is_lifted=False)
        return (*now, *self._cited(change.lifted, is_lifted=True)) if change.kind == "rule" or not now else now

    def _cited(self, facts: Iterable[str], *, is_lifted: bool) -> tuple[Cause, ...]:
        return tuple(Cause(one, self._fact(one.fact), is_lifted) for one in cite(self.book, facts))

    def _fact(self, name: str) -> str:
        fact = self.book.fact(name)
        label = self._label(fact.label_en, fact.label_zh)
        if not fact.values or fact.unit in _DATED:
            return label
        figures = spell_values(fact.values, fact.unit, self.language)
        return WORDS["factor_value"][language_place(self.language)].format(label, figures)

    def _label(self, english: str, chinese: str) -> str:
        return english if self.language == "en" else chinese
