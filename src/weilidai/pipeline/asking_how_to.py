"""What one person can do for an invitation or a higher quota: searched in the model, checked in the simulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from weilidai.columns import FEATURES
from weilidai.explain.asking import completed
from weilidai.explain.obstacles import obstacles_for
from weilidai.explain.recourse.advice import (
    SHOWN,
    Advice,
    Aim,
    Answered,
    Barrier,
    Change,
    Effect,
    HowTo,
    Proof,
    Step,
    change_of,
)
from weilidai.explain.recourse.board import Board, Rows
from weilidai.explain.recourse.goals import Goal, InvitationGoal, Models, QuotaGoal
from weilidai.explain.recourse.options import Option, Person, options_for, passed, read_person
from weilidai.explain.recourse.search import Certificate, Found, Plan, search
from weilidai.explain.rule_reasons import failures
from weilidai.explain.verdict import recorded_of, verdict_on
from weilidai.explain.words import language_place, plain_value, say_bar, say_value
from weilidai.facts import Book, load_book
from weilidai.facts.amounts import Language
from weilidai.lender import LenderParameters
from weilidai.pipeline.asking import asked_person, parameters_of, placed
from weilidai.pipeline.citing import cite
from weilidai.pipeline.growth_habits import growth_habits
from weilidai.pipeline.trying_out import Trial, Truth, trial_of

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

SECONDS: Final = 5.0
GAIN_SHARE: Final = 0.2
NO_GAIN: Final = 1e-6
"""Smallest true gain that is one, relative to what is there."""
MOST_BARRIERS: Final = 8


def ask_how_to(
    model: str, file: Path, person_id: str | None, language: Literal["en", "zh"], tracking_uri: str | None = None,
    *, aim: Aim = "invitation", seconds: float = SECONDS, gain_share: float = GAIN_SHARE,
) -> HowTo:
    """Answer what a person can do, with every advice tried in the simulator.

    Parameters
    ----------
    model, file, person_id, language, tracking_uri
        As for :func:`weilidai.pipeline.asking.ask_why_not`.
    aim
        An invitation, or a higher first grant.
    seconds
        Time for searching three and more actions at once.
    gain_share
        How much higher a grant is wanted, as a share of the present one.

    Raises
    ------
    DataError
        The file holds no such person, or not one.
    """
    decider, row = asked_person(model, file, person_id, tracking_uri)
    with placed(file):
        verdict = verdict_on(decider, row)
    book, recorded = load_book(), recorded_of(row)
    case = Case.of(decider.bundle, row, book)
    goal = case.goal(aim, gain_share)
    has_it = aim == "invitation" and recorded is not None
    found = Found("already", (), None, 0.0) if has_it else search(case.board, goal, seconds)
    parameters = parameters_of(decider)
    trial = trial_of(file, case.person, row, parameters)
    tried = case.advice(found.plans, trial, aim, language)
    tricks = () if found.state == "already" else _tricks(
        Case.of(decider.bundle, row, book, with_tricks=True), trial, aim, language, gain_share)
    grown = growth_habits(row, parameters.part("lender", LenderParameters), case.book, language)
    return HowTo(
        aim=aim, verdict=verdict, state=_state(found, tried),
        advice=tuple(one for one in tried if one.holds),
        set_aside=(*(one for one in tried if not one.holds), *tricks),
        proof=None if found.certificate is None else case.proof(found.certificate, goal, aim, language),
        growth=grown if aim == "quota" else (), checked=trial.checked, seconds=found.seconds, language=language,
        obstacles=obstacles_for(completed(row, decider.bundle), decider.bundle, case.book, language),
        recorded=recorded, largest_grant_cny=decider.bundle.grants.grants.maximum_cny,
    )


def _tricks(case: "Case", trial: Trial, aim: Aim, language: Language, gain_share: float) -> tuple[Advice, ...]:
    """Try the cheapest one or two actions with a trick among them, to be named as what is not advised."""
    found = search(case.board, case.goal(aim, gain_share), 0.0)
    plans = tuple(plan for plan in found.plans if plan.is_gaming)
    return case.advice(plans[:1], trial, aim, language)


def _state(found: Found, tried: tuple[Advice, ...]) -> Answered:
    if found.state == "found" and not any(one.holds for one in tried):
        return "unconfirmed"
    return found.state


@dataclass(frozen=True)
class Case:
    """One person, the model, and what the person could do."""

    person: Person
    row: pd.DataFrame
    models: Models
    board: Board
    book: Book

    @classmethod
    def of(cls, bundle: "Bundle", row: pd.DataFrame, book: Book, *, with_tricks: bool = False) -> "Case":
        """Lay out what one person could do; what only makes figures look better is left out unless asked for."""
        row = row[[name for name in row.columns if name in FEATURES]].reset_index(drop=True)
        person = read_person(row)
        models = Models(bundle, person)
        actions = {name: one for name, one in book.actions.items() if with_tricks or not one.is_gaming}
        options = options_for(person, actions, book.factors, book.until)
        board = Board(person, options, book.passing, models.columns, models.direction)
        return cls(person, row, models, board, book)

    def goal(self, aim: Aim, gain_share: float = GAIN_SHARE) -> Goal:
        """Give the judge of what is aimed at."""
        present = self.board.present
        if aim == "invitation":
            return InvitationGoal(self.models, present)
        return QuotaGoal(self.models, present, gain_share)

    def changes(self, plan: Plan) -> dict[str, float]:
        """Give every column that a plan, or the time it takes, changes, with its value afterwards."""
        timed = passed(self.person, plan.months, self.book.passing)
        acted = {name: value for level in plan.levels for name, value in level.changes.items()}
        after = dict(zip(self.board.columns, self.row_of(plan)[0].tolist(), strict=True))
        return {name: after.get(name, value) for name, value in {**timed, **acted}.items()}

    def row_of(self, plan: Plan) -> Rows:
        """Give the person after a plan; shape (1, columns)."""
        return self.board.rows(np.array([plan.steps], dtype=np.int64))

    def advice(self, plans: tuple[Plan, ...], trial: Trial, aim: Aim, language: Language) -> tuple[Advice, ...]:
        """Try plans in the simulator in their order, until as many hold as are shown, and put them into words."""
        tried: list[Advice] = []
        before = trial.ask({}) if plans else None
        for plan in plans:
            if before is None or sum(one.holds for one in tried) == SHOWN:
                break
            tried.append(self._advice(plan, before, trial, aim, language))
        return tuple(tried)

    def _advice(self, plan: Plan, before: Truth, trial: Trial, aim: Aim, language: Language) -> Advice:
        changes = self.changes(plan)
        effect = self._effect(plan, before, trial.ask(changes, plan.unknown))
        scale = before.p_invite if aim == "quota" else before.quota_cny
        acted = {name for level in plan.levels for name in level.changes}
        pairs = zip(plan.options, plan.levels, strict=True)
        return Advice(
            steps=tuple(self._step(option, changes, level.changes, plan, language) for option, level in pairs),
            meanwhile=tuple(
                self._change(name, value, language) for name, value in changes.items() if name not in acted
            ),
            months=plan.months, cost=round(plan.cost, 2), effect=effect,
            improves=effect.gain(aim) > NO_GAIN, harms_other=effect.harm(aim) > NO_GAIN * scale,
            is_gaming=plan.is_gaming,
        )

    def _effect(self, plan: Plan, before: Truth, after: Truth) -> Effect:
        now, then = self.board.present, self.row_of(plan)
        models = self.models
        return Effect(
            p_model_before=float(models.probability(now)[0]), p_model_after=float(models.probability(then)[0]),
            p_true_before=before.p_invite, p_true_after=after.p_invite,
            quota_model_before_cny=float(models.quota_cny(now)[0]),
            quota_model_after_cny=float(models.quota_cny(then)[0]),
            quota_true_before_cny=before.quota_cny, quota_true_after_cny=after.quota_cny,
        )

    def _step(
        self, option: Option, changes: Mapping[str, float], acted: Mapping[str, float], plan: Plan, language: Language
    ) -> Step:
        action = option.action
        level = plan.levels[plan.options.index(option)]
        return Step(
            action=action.id, factor=action.factor, dimension=self.book.factors.factors[action.factor].dimension,
            text=action.label_en if language == "en" else action.label_zh, months=level.months,
            is_gaming=action.is_gaming,
            changes=tuple(
                self._change(name, changes[name], language, is_unknown=name in level.unknown) for name in acted
            ),
            sources=cite(self.book, action.facts),
        )

    def _change(self, name: str, value: float, language: Language, *, is_unknown: bool = False) -> Change:
        before = plain_value(name, self.person.get(name))
        return change_of(name, before, plain_value(name, value), language, is_unknown=is_unknown)

    def proof(self, certificate: Certificate, goal: Goal, aim: Aim, language: Language) -> Proof:
        """Put a certificate into words: what stays unmet whatever is done."""
        steps = np.array([certificate.best_steps], dtype=np.int64)
        rows = self.board.rows(steps)
        barriers = self._barriers(rows, language) if aim == "invitation" else ()
        return Proof(certificate.kind, certificate.best_value, goal.wanted, certificate.tried, barriers)

    def _barriers(self, rows: Rows, language: Language) -> tuple[Barrier, ...]:
        policy = self.models.bundle.invite.eligibility
        failed = policy.failed(self.models.policy_columns(rows))
        after = dict(zip(self.board.columns, rows[0].tolist(), strict=True))
        best = self.row.assign(**{name: after[name] for name in self.models.policy_columns(rows)})
        place = language_place(language)
        told = []
        for one in failures(best, failed, policy, MOST_BARRIERS)[0]:
            value = say_value(one.column, plain_value(one.column, best[one.column].iloc[0]), language)
            (source,) = cite(self.book, [one.fact]) if one.fact in self.book.facts else (None,)
            document, section = (source.document, source.section) if source else (None, None)
            mark = one.required[place] + say_bar(one.column, one.comparison, one.bar, language, brief=True)
            text = one.words[place].format(value=value, mark=mark)
            told.append(Barrier(one.rule, text, document, section))
        return tuple(told)
