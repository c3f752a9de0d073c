"""Simulating the people whose moments are compared with the documents."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.facts import Book
from weilidai.lender import LenderParameters, decide, policy
from weilidai.lender.decisions import Decisions
from weilidai.lender.first_grant import signal
from weilidai.lender.invitation import Meeting, factor_logits, meeting_sums, neutral_sums
from weilidai.matching.crowd import Crowd, joined, outcome_weights
from weilidai.matching.moments import FACT_MARKS, MARKS, OPTIONAL_MARKS
from weilidai.noise import Noise
from weilidai.parameters import Parameters
from weilidai.population import PopulationParameters, make_people

Array = npt.NDArray[Any]
Columns = Mapping[str, Array]
Weigh = Callable[[Decisions, Columns], dict[str, Array]]
THREADS: Final = 2
SHOWN: Final = (
    "entry_trigger_count_1m", "entry_shown_hours", "face_check_seconds", "phone_check_seconds",
    "identity_card_seconds", "verification_failed_element", "verification_failure_cause",
    "quota_approval_seconds", "payout_seconds", "is_zombie", "limit_display", "finds_quota_opaque",
    "dislikes_reminders", "prequalification_score", "inquiry_wait_months", "passes_bureau_track",
    "passes_tencent_track", "security_action", "entry_event", "entry_day_of_month", "hours_to_act", "is_requeued",
    "is_entry_available", "entry_channel", "has_passed_first_checks", "verification_attempt_count",
    "verification_wait_hours", "has_cooled_down", "interception_kind", "cool_down_hours", "has_appealed",
    "is_appeal_upheld", "journey_step_count", "largest_transfer_cny", "has_transfer_alert", "has_second_check",
    "reminder_channel", "is_reminded", "has_left", "chosen_alternative",
)
"""Columns of the journey and of the account that moments look at."""


def marks_of(parameters: Parameters, book: Book) -> dict[str, float]:
    """Look up the documented values that divide people in the moments."""
    inside = {name: float(parameters.numbers[path].value) for name, path in MARKS.items()}  # type: ignore[arg-type]  # all numbers
    numbers = parameters.numbers
    inside |= {n: float(numbers[p].value) if p in numbers else 0.0 for n, p in OPTIONAL_MARKS.items()}  # type: ignore[arg-type]  # numbers too
    return inside | {name: book.fact(fact).values[0] for name, fact in FACT_MARKS.items()}


def populate(parameters: PopulationParameters, seed: int, blocks: int) -> list[Columns]:
    """Make the people of the first ``blocks`` blocks."""
    with ThreadPoolExecutor(THREADS) as pool:
        made = pool.map(lambda block: make_people(parameters, Noise(seed, block)).columns, range(blocks))
        return list(made)


def centred(parameters: LenderParameters, blocks: Sequence[Columns], seed: int) -> LenderParameters:
    """Measure what only a population can tell: factor means among the eligible, the grant signal's scale."""
    bare = _with_centres(_with_neutral(parameters, blocks), {})

    def sums(numbered: tuple[int, Columns]) -> dict[str, float]:
        block, columns = numbered
        made = decide(columns, bare, Noise(seed, block))
        eligible = made.columns["is_eligible"]
        opened = made.truth["p_open"].astype(np.float64)
        value = signal(columns, parameters.first_grant).astype(np.float64)
        parts = factor_logits(columns, bare.invitation)
        return {
            "people": float(eligible.sum()), "weight": float(opened.sum()),
            "first": float((opened * value).sum()), "second": float((opened * value**2).sum()),
            **{f"factor.{name}": float(part[eligible].sum(dtype=np.float64)) for name, part in parts.items()},
        }

    with ThreadPoolExecutor(THREADS) as pool:
        rows = list(pool.map(sums, enumerate(blocks)))
    total = {name: sum(row[name] for row in rows) for name in rows[0]}
    mean = total["first"] / total["weight"]
    spread = float(np.sqrt(total["second"] / total["weight"] - mean**2))
    grant = parameters.first_grant.model_copy(update={"signal_centre": mean, "signal_scale": spread})
    centres = {
        name.removeprefix("factor."): value / total["people"]
        for name, value in total.items() if name.startswith("factor.")
    }
    return _with_centres(bare, centres).model_copy(update={"first_grant": grant})


def _with_neutral(parameters: LenderParameters, blocks: Sequence[Columns]) -> LenderParameters:
    """Measure what terms say on average of the eligible people: where a column is seen, and where two meet."""
    eligible, terms = policy(parameters.eligibility), parameters.invitation.terms

    def sums(columns: Columns) -> tuple[dict[str, tuple[float, int]], dict[str, tuple[float, float]], int]:
        who = eligible.passes(columns)
        return neutral_sums(columns, terms, who), meeting_sums(columns, terms, who), int(who.sum())

    with ThreadPoolExecutor(THREADS) as pool:
        rows = list(pool.map(sums, blocks))
    people = max(sum(row[2] for row in rows), 1)
    neutral = {
        name: sum(row[0][name][0] for row in rows) / max(sum(row[0][name][1] for row in rows), 1)
        for name in rows[0][0]
    }
    meetings = {
        name: Meeting(
            own=sum(row[1][name][0] for row in rows) / people,
            strengthening=sum(row[1][name][1] for row in rows) / people,
        )
        for name in rows[0][1]
    }
    invitation = parameters.invitation.model_copy(update={"neutral": neutral, "meetings": meetings})
    return parameters.model_copy(update={"invitation": invitation})


def _with_centres(parameters: LenderParameters, centres: Mapping[str, float]) -> LenderParameters:
    invitation = parameters.invitation.model_copy(update={"centres": dict(centres)})
    return parameters.model_copy(update={"invitation": invitation})


def expected_crowd(
    blocks: Sequence[Columns], parameters: LenderParameters, seed: int, marks: Mapping[str, float]
) -> Crowd:
    """Let the lender look at everyone and keep the probabilities as weights."""
    return _crowd(blocks, parameters, seed, marks, _probabilities)


def unseen_crowd(parameters: Parameters, seed: int, numbers: range, marks: Mapping[str, float]) -> Crowd:
    """Make the people of some blocks, let the lender decide and keep the outcomes as weights."""
    population = parameters.part("population", PopulationParameters)
    lender = parameters.part("lender", LenderParameters)

    def one(number: int) -> Crowd:
        noise = Noise(seed, number)
        columns = make_people(population, noise).columns
        return _decided(decide(columns, lender, noise), columns, marks, _outcomes)

    return joined([one(number) for number in numbers])


def realised_crowd(
    blocks: Sequence[Columns], parameters: LenderParameters, seed: int, marks: Mapping[str, float]
) -> Crowd:
    """Let the lender decide and keep the outcomes as weights."""
    return _crowd(blocks, parameters, seed, marks, _outcomes)


def _crowd(
    blocks: Sequence[Columns], parameters: LenderParameters, seed: int, marks: Mapping[str, float], weigh: Weigh
) -> Crowd:
    def one(numbered: tuple[int, Columns]) -> Crowd:
        block, columns = numbered
        return _decided(decide(columns, parameters, Noise(seed, block)), columns, marks, weigh)

    with ThreadPoolExecutor(THREADS) as pool:
        return joined(list(pool.map(one, enumerate(blocks))))


def _decided(made: Decisions, columns: Columns, marks: Mapping[str, float], weigh: Weigh) -> Crowd:
    logits = {k.removeprefix("logit_"): v for k, v in made.truth.items() if k.startswith("logit_")}
    shown = {name: made.columns[name] for name in SHOWN}
    return Crowd({**columns, **made.would_get, **shown}, weigh(made, columns), logits, marks)


def _outcomes(made: Decisions, columns: Columns) -> dict[str, Array]:
    return outcome_weights({**columns, **made.columns})


def _probabilities(made: Decisions, columns: Columns) -> dict[str, Array]:
    p, one = made.chances, np.float32(1)
    invited = made.truth["p_invite"]
    tried = invited * (one - p["close"]) * p["reach"] * p["apply"]
    applied = tried * p["in_time"]
    reviewed = applied * p["verify"] * (one - p["intercept"])
    opened = reviewed * p["approve"]
    return {
        "eligible": made.columns["is_eligible"].astype(np.float32),
        "invited": invited, "shown": made.columns["is_invited"].astype(np.float32),
        "closed": invited * p["close"], "tried": tried, "applied": applied, "intercepted": applied * p["intercept"],
        "reviewed": reviewed, "opened": opened, "overdue": opened * made.truth["p_overdue"],
        "increased": opened * p["increase"],
        "restricted": columns["restriction_chance"],
    }
