"""What can be done about outcomes that only those let in ever have: the classical answers, and exploring a little."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.evaluation.study_settings import SelectiveLabelsSettings
from weilidai.pipeline.studies.risk_learning import Outcomes, chance, learn

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Past:
    """What a lender has to learn from: all who were let in, and some of the others.

    Parameters
    ----------
    design
        Columns; shape (people, columns).
    stands_for
        How many people of the population each stands for; shape (people,). 0 for an explored person whose like are
        counted by others already.
    is_opened
        Who was let in.
    is_bad
        Who is overdue; a method may read it of those let in, and of ``is_explored``.
    is_explored
        Who of the others was let in at random.
    explored_share
        Chance of that.
    """

    design: FloatArray
    stands_for: FloatArray
    is_opened: BoolArray
    is_bad: BoolArray
    is_explored: BoolArray
    explored_share: float


Method = Callable[[Past, SelectiveLabelsSettings, np.random.Generator], Outcomes]


def none(past: Past, _settings: SelectiveLabelsSettings, _random: np.random.Generator) -> Outcomes:
    """Learn from those let in as if they were everybody."""
    seen = past.is_opened
    return Outcomes(past.design[seen], past.is_bad[seen], np.ones(int(seen.sum())))


def augmentation(past: Past, settings: SelectiveLabelsSettings, _random: np.random.Generator) -> Outcomes:
    """Let each person let in stand for all who had the same chance of it: weight 1 over that chance (Hsia, 1978)."""
    everybody = Outcomes(past.design, past.is_opened, past.stands_for)
    let_in = chance(learn(everybody), past.design)[past.is_opened]
    seen = past.is_opened
    return Outcomes(past.design[seen], past.is_bad[seen], 1 / np.maximum(let_in, settings.smallest_chance))


def parcelling(past: Past, settings: SelectiveLabelsSettings, random: np.random.Generator) -> Outcomes:
    """Give the others outcomes drawn at the bad rate of their score band among those let in, raised by prudence."""
    told = chance(learn(none(past, settings, random)), past.design)
    cuts = np.quantile(told[past.is_opened], np.arange(1, settings.parcels) / settings.parcels)
    band = np.searchsorted(cuts, told, side="right")
    opened, bad = (np.bincount(band, weights=who, minlength=settings.parcels)
                   for who in (past.is_opened, past.is_opened & past.is_bad))
    rate = np.minimum(settings.prudence * bad / np.maximum(opened, 1), 1)
    drawn = np.where(past.is_opened, past.is_bad, random.random(len(told)) < rate[band])
    return Outcomes(past.design, drawn.astype(np.bool_), past.stands_for)


def fuzzy(past: Past, settings: SelectiveLabelsSettings, random: np.random.Generator) -> Outcomes:
    """Enter each of the others twice, overdue and not, weighted by the chance the first model gives each."""
    told = chance(learn(none(past, settings, random)), past.design)[~past.is_opened]
    seen, others, each = past.is_opened, past.design[~past.is_opened], past.stands_for[~past.is_opened]
    is_bad = np.repeat([True, False], len(others))
    return Outcomes(
        np.concatenate([past.design[seen], others, others]), np.concatenate([past.is_bad[seen], is_bad]),
        np.concatenate([np.ones(int(seen.sum())), each * told, each * (1 - told)]),
    )


def exploration(past: Past, _settings: SelectiveLabelsSettings, _random: np.random.Generator) -> Outcomes:
    """Let a few of the others in at random and let each stand for all of them: weight 1 over the share explored."""
    seen = past.is_opened | past.is_explored
    weight = np.where(past.is_explored, 1 / past.explored_share, 1.0)
    return Outcomes(past.design[seen], past.is_bad[seen], weight[seen])


def exploration_unweighted(past: Past, _settings: SelectiveLabelsSettings, _random: np.random.Generator) -> Outcomes:
    """Let a few of the others in at random and count everybody whose outcome is known once."""
    seen = past.is_opened | past.is_explored
    return Outcomes(past.design[seen], past.is_bad[seen], np.ones(int(seen.sum())))


def all_outcomes(past: Past, _settings: SelectiveLabelsSettings, _random: np.random.Generator) -> Outcomes:
    """Learn from everybody's outcome, which no lender has: as well as this learner can do with so many people."""
    return Outcomes(past.design, past.is_bad, past.stands_for)


METHODS: Final[Mapping[str, Method]] = {
    "none": none, "augmentation": augmentation, "parcelling": parcelling, "fuzzy": fuzzy,
    "exploration": exploration, "exploration_unweighted": exploration_unweighted, "all_outcomes": all_outcomes,
}
"""Name -> how the outcomes to learn from are made; the last is the bound, not a method."""
