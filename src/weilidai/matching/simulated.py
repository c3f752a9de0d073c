"""Simulated people as the moments see them: columns, and a weight for every state a person may be in.

While fitting, the weights are probabilities, so that moments move smoothly with the parameters. When the
result is checked on unseen people, they are the outcomes themselves.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.lender import LenderParameters, decide
from weilidai.lender.decisions import Decisions
from weilidai.lender.first_grant import signal
from weilidai.lender.invitation import factor_logits
from weilidai.noise import Noise
from weilidai.population import PopulationParameters, make_people

Array = npt.NDArray[Any]
Columns = Mapping[str, Array]
WEIGHTS = ("eligible", "invited", "closed", "applied", "intercepted", "reviewed", "opened", "overdue", "restricted")


@dataclass(frozen=True)
class Crowd:
    """People with the weight of each state; arrays of shape (people,)."""

    columns: Columns
    weights: Mapping[str, Array]
    logits: Mapping[str, Array]


def populate(parameters: PopulationParameters, seed: int, blocks: int) -> list[Columns]:
    """Make the people of the first ``blocks`` blocks."""
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda block: make_people(parameters, Noise(seed, block)).columns, range(blocks))
        return list(made)


def centred(parameters: LenderParameters, blocks: Sequence[Columns], seed: int) -> LenderParameters:
    """Measure what only a population can tell: factor means among the eligible, the grant signal's scale."""
    bare = replace_invitation(parameters, {})
    sums: dict[str, float] = {}
    people, weight = 0.0, 0.0
    first, second = 0.0, 0.0
    for block, columns in enumerate(blocks):
        made = decide(columns, bare, Noise(seed, block))
        eligible = made.columns["is_eligible"]
        people += eligible.sum()
        for factor, part in factor_logits(columns, bare.invitation).items():
            sums[factor] = sums.get(factor, 0.0) + float(part[eligible].sum(dtype=np.float64))
        opened = made.truth["p_open"].astype(np.float64)
        value = signal(columns, parameters.first_grant).astype(np.float64)
        weight += opened.sum()
        first += float((opened * value).sum())
        second += float((opened * value**2).sum())
    mean = first / weight
    grant = parameters.first_grant.model_copy(
        update={"signal_centre": mean, "signal_scale": float(np.sqrt(second / weight - mean**2))}
    )
    measured = replace_invitation(parameters, {factor: total / people for factor, total in sums.items()})
    return measured.model_copy(update={"first_grant": grant})


def replace_invitation(parameters: LenderParameters, centres: Mapping[str, float]) -> LenderParameters:
    """Give the invitation other factor means."""
    return parameters.model_copy(
        update={"invitation": parameters.invitation.model_copy(update={"centres": dict(centres)})}
    )


def expected_crowd(blocks: Sequence[Columns], parameters: LenderParameters, seed: int) -> Crowd:
    """Let the lender look at everyone and keep the probabilities as weights."""
    return _crowd(blocks, parameters, seed, _probabilities)


def realised_crowd(blocks: Sequence[Columns], parameters: LenderParameters, seed: int) -> Crowd:
    """Let the lender decide and keep the outcomes as weights."""
    return _crowd(blocks, parameters, seed, _outcomes)


def _crowd(blocks: Sequence[Columns], parameters: LenderParameters, seed: int, weigh: Any) -> Crowd:
    def one(numbered: tuple[int, Columns]) -> Crowd:
        block, columns = numbered
        made = decide(columns, parameters, Noise(seed, block))
        logits = {k.removeprefix("logit_"): v for k, v in made.truth.items() if k.startswith("logit_")}
        return Crowd({**columns, **made.would_get, "entry_trigger_count_1m": made.columns["entry_trigger_count_1m"],
                      "is_invited": made.columns["is_invited"]}, weigh(made, columns), logits)

    with ThreadPoolExecutor(2) as pool:
        return _joined(list(pool.map(one, enumerate(blocks))))


def _probabilities(made: Decisions, columns: Columns) -> dict[str, Array]:
    p, one = made.chances, np.float32(1)
    invited = made.truth["p_invite"]
    applied = invited * (one - p["close"]) * p["apply"]
    reviewed = applied * p["verify"] * (one - p["intercept"])
    return {
        "eligible": made.columns["is_eligible"].astype(np.float32), "invited": invited,
        "closed": invited * p["close"], "applied": applied, "intercepted": applied * p["intercept"],
        "reviewed": reviewed, "opened": reviewed * p["approve"],
        "overdue": reviewed * p["approve"] * made.truth["p_overdue"],
        "restricted": columns["restriction_chance"],
    }


def _outcomes(made: Decisions, columns: Columns) -> dict[str, Array]:
    c = made.columns
    states = {
        "eligible": c["is_eligible"], "invited": c["is_invited"], "closed": c["has_closed_entry"],
        "applied": c["has_applied"], "intercepted": c["is_intercepted"],
        "reviewed": c["is_verified"] & ~c["is_intercepted"], "opened": c["is_opened"], "overdue": c["is_overdue"],
        "restricted": columns["is_restricted"],
    }
    return {name: values.astype(np.float32) for name, values in states.items()}


def _joined(crowds: Sequence[Crowd]) -> Crowd:
    def join(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    return replace(
        crowds[0], columns=join([c.columns for c in crowds]), weights=join([c.weights for c in crowds]),
        logits=join([c.logits for c in crowds]),
    )
