"""How many people advice is found for, how long that takes, and whether it is good for them in truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from weilidai.explain.recourse.advice import Advice, Aim
from weilidai.explain.recourse.search import Found, State, search
from weilidai.facts import Book
from weilidai.noise import BLOCK
from weilidai.pipeline.asking_how_to import Case
from weilidai.pipeline.simulate import Simulator
from weilidai.pipeline.trying_out import SamePerson
from weilidai.progress import Progress

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

NO_TIME: Final = 0.0
"""Seconds for three and more actions in a training: none, so that its figures do not depend on the machine."""
MILLISECONDS: Final = 1_000


@dataclass(frozen=True)
class Sought:
    """What was found for one person, and what the first advice does in truth.

    Parameters
    ----------
    row
        The person, a table of one row.
    case, found
        What the person could do, and what the search says.
    milliseconds
        Processor time from the person's columns to the answer.
    first
        The cheapest plan as the simulator tells of it; None where there is no plan.
    shown
        The advice that is shown first: the cheapest plan that holds in the simulator; None where none does.
    """

    row: pd.DataFrame
    case: Case
    found: Found
    milliseconds: float
    first: Advice | None
    shown: Advice | None

    @property
    def state(self) -> State:
        """What the search says."""
        return self.found.state

    @property
    def has_advice(self) -> bool:
        """Whether some plan holds in the simulator."""
        return self.shown is not None

    @property
    def actions(self) -> int:
        """Number of actions of the first plan; 0 where there is none."""
        return len(self.found.plans[0].options) if self.found.plans else 0


def seek(
    bundle: "Bundle", people: pd.DataFrame, simulator: Simulator, seed: int, book: Book, progress: Progress, *,
    aim: Aim = "invitation", seconds: float = NO_TIME,
) -> list[Sought]:
    """Look for advice for each of some people and try it on the same people in the simulator.

    Parameters
    ----------
    bundle
        The model.
    people
        Generated people, one row each, with ``person_id``; those of one block of the simulator together.
    simulator, seed
        What made them.
    book
        Declared actions and factors.
    progress
        Where to report to.
    aim
        An invitation, or a higher first grant.
    seconds
        Time for searching three and more actions at once, per person.
    """
    with progress.stage(f"seeking advice for {len(people):,} people", len(people)) as advance:
        told = []
        for one in _each(bundle, people, simulator, seed, book, aim, seconds):
            told.append(one)
            advance(len(told))
    return told


def _each(
    bundle: "Bundle", people: pd.DataFrame, simulator: Simulator, seed: int, book: Book, aim: Aim, seconds: float
) -> Iterator[Sought]:
    trial: SamePerson | None = None
    for place, number in enumerate(people["person_id"].tolist()):
        row = people.iloc[[place]]
        start = process_time()
        case = Case.of(bundle, row, book)
        found = search(case.board, case.goal(aim), seconds)
        took = MILLISECONDS * (process_time() - start)
        tried: list[Advice] = []
        if found.plans:
            trial = SamePerson(simulator, seed, number) if trial is None else trial.of(number)
        for plan in found.plans:
            if trial is None or any(one.holds for one in tried):
                break
            tried += case.advice((plan,), trial, aim, "en")
        yield Sought(row, case, found, took, tried[0] if tried else None, _held(tried))


def _held(tried: list[Advice]) -> Advice | None:
    return next((one for one in tried if one.holds), None)


def rates(sought: list[Sought]) -> dict[str, float]:
    """Give the shares under their fixed names; of the first advice only where somebody has one."""
    firsts = [one.first for one in sought if one.first is not None]
    shares = {
        f"{state}_share": float(np.mean([one.state == state for one in sought]))
        for state in ("found", "none", "undecided")
    }
    if not firsts:
        return shares
    return shares | {
        "true_improvement_share": float(np.mean([one.improves for one in firsts])),
        "harms_other_share": float(np.mean([one.harms_other for one in firsts])),
        "advised_share": float(np.mean([one.has_advice for one in sought if one.first is not None])),
    }


def rates_in_test(
    bundle: "Bundle", test: pd.DataFrame, simulator: Simulator, seed: int, count: int, book: Book, progress: Progress
) -> dict[str, float]:
    """Measure a few refused test people, all of one block of the simulator so that it is cheap; {} if there are none.

    Only one and two actions are searched; who may need more counts as undecided.
    The few with the smallest numbers stand for all: people are made independently of their number.
    """
    near = test.loc[test["person_id"] // BLOCK == test["person_id"].min() // BLOCK].sort_values("person_id")
    refused = near.loc[~bundle.invite.is_invited(near)].head(count)
    if refused.empty:
        return {}
    return {"people": float(len(refused))} | rates(seek(bundle, refused, simulator, seed, book, progress))
