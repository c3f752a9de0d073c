"""All challengers by name: how each is learnt, and what it says of a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.errors import ConfigError
from weilidai.models.baselines import fit_plain_quota, fit_woe_scorecard
from weilidai.models.challengers.first_grant import first_grant_rule
from weilidai.models.challengers.logistic import fit_logistic
from weilidai.models.challengers.points import points_table
from weilidai.models.conformal import conformal_factor
from weilidai.models.documented_rules import documented_rules
from weilidai.models.features import Features, numbers
from weilidai.models.fitting import Fitting
from weilidai.models.opened import opened_people
from weilidai.models.quota import LABEL
from weilidai.models.settings import InviteSettings, PointsSettings, QuotaSettings, TreeSettings
from weilidai.rules import Eligibility

if TYPE_CHECKING:
    from weilidai.facts import Book, FactorCatalogue

FloatArray = npt.NDArray[np.float64]
Trees = TypeVar("Trees", bound=TreeSettings)
Amounts = tuple[FloatArray, FloatArray, FloatArray]
"""Mean grant and the ends of its interval, yuan; shapes (people,)."""

ONE_QUESTION: Final = {"num_leaves": 2, "max_depth": 1}
"""Trees of one question each add up to one curve per column; they take twice the steps, for each says half as much."""
TWO_QUESTIONS: Final = {
    "num_leaves": 4, "max_depth": 2, "learning_rate": 0.05, "early_stopping_round": 50, "feature_fraction": 0.6,
}
"""Trees that let two columns depend on each other."""


class Guess(Protocol):
    """Says something of every person of a table."""

    def __call__(self, people: pd.DataFrame) -> FloatArray:
        """Give one number per person; shape (people,)."""
        ...


@dataclass(frozen=True)
class Material:
    """What challengers are learnt from: the people, inputs and settings of the models they challenge."""

    train: pd.DataFrame
    valid: pd.DataFrame
    calibrate: pd.DataFrame
    invite: Features
    quota: Features
    eligibility: Eligibility
    book: "Book | None"
    """The documents; None where they say nothing about the table."""
    invite_settings: InviteSettings
    quota_settings: QuotaSettings
    points: PointsSettings
    factors: "FactorCatalogue | None" = None
    """Whose factors the columns belong to, when they are not the documents'."""
    contract: Contract = DOCUMENTED
    has_amounts: bool = True
    """Whether there are grants to learn; a table of one's own may have none."""
    fitting: Fitting = field(default_factory=Fitting)
    """How trees are learnt."""


@dataclass(frozen=True)
class Challenger:
    """A learnt challenger.

    Parameters
    ----------
    chance
        Says how likely an invitation is; None when it has no opinion.
    is_probability
        Whether that is meant as a probability; if not, it only ranks.
    amounts
        Says the first grant with its interval; None when it has no opinion.
    tables
        What else is worth looking at, by name.
    """

    chance: Guess | None = None
    is_probability: bool = True
    amounts: Callable[[pd.DataFrame], Amounts] | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def learn_challengers(names: Iterable[str], material: Material) -> dict[str, Challenger]:
    """Learn the named challengers, in their order.

    Raises
    ------
    DataError
        A part has too few people of a kind.
    """
    return {name: _LEARN[name](material) for name in names}


def with_interval(mean: Guess, material: Material) -> Callable[[pd.DataFrame], Amounts]:
    """Give a mean grant an interval: the same relative width for everybody, calibrated on people set aside."""
    aside = opened_people(material.calibrate, LABEL)
    settings = material.quota_settings
    missed = np.abs(np.log(numbers(aside[LABEL]).astype(np.float64) / mean(aside)))
    ratio = float(np.exp(conformal_factor(missed, settings.interval_share)))

    def amounts(people: pd.DataFrame) -> Amounts:
        told = mean(people)
        return told, told / ratio, told * ratio

    return amounts


def _documented_rules(material: Material) -> Challenger:
    book = _documents(material)
    rules = documented_rules(material.eligibility, book.factors, material.invite.names)
    grant = first_grant_rule(book)
    return Challenger(rules.score, is_probability=False, amounts=with_interval(grant.mean_cny, material))


def _documents(material: Material) -> "Book":
    if material.book is None:
        raise ConfigError("no document speaks of this table", where="model.challengers", cure="leave it out")
    return material.book


def _woe_scorecard(material: Material) -> Challenger:
    card = fit_woe_scorecard(material.train, material.invite, material.eligibility)
    factors = material.factors or _documents(material).factors
    table = points_table(card, factors, material.points, material.contract)
    return Challenger(card.probability, tables={"scorecard_points": table})


def _logistic(material: Material) -> Challenger:
    return Challenger(fit_logistic(material.train, material.invite, material.eligibility).probability)


def _plain_quota(material: Material) -> Challenger:
    plain = fit_plain_quota(material.train, material.quota)
    return Challenger(amounts=with_interval(plain.mean_cny, material))


def _additive(material: Material) -> Challenger:
    """Grow trees of one question beside models that ask more."""
    return _trees(
        replace(
            material,
            invite_settings=_of_one_question(material.invite_settings),
            quota_settings=_of_one_question(material.quota_settings),
        ),
        has_chance=not _asks_once(material.invite_settings), has_amounts=not _asks_once(material.quota_settings),
    )


def _interactions(material: Material) -> Challenger:
    """Grow trees of two questions beside models that ask only one."""
    return _trees(
        replace(
            material,
            invite_settings=material.invite_settings.model_copy(update=TWO_QUESTIONS),
            quota_settings=material.quota_settings.model_copy(update=TWO_QUESTIONS),
        ),
        has_chance=_asks_once(material.invite_settings), has_amounts=_asks_once(material.quota_settings),
    )


def _unconstrained(material: Material) -> Challenger:
    """Grow the models in use without their directions."""
    return _trees(replace(material, invite=_free(material.invite), quota=_free(material.quota)))


def _trees(material: Material, *, has_chance: bool = True, has_amounts: bool = True) -> Challenger:
    return Challenger(
        _chance(material) if has_chance else None,
        amounts=_tree_amounts(material) if has_amounts and material.has_amounts else None,
    )


def _chance(material: Material) -> Guess:
    parts = (material.train, material.valid, material.calibrate)
    return material.fitting.invite(*parts, material.invite, material.eligibility, material.invite_settings).probability


def _tree_amounts(material: Material) -> Callable[[pd.DataFrame], Amounts]:
    # The interval's calibration is the model's own; a challenger gets by with the people set aside.
    settings = material.quota_settings.model_copy(update={"interval_folds": 0})
    quota = material.fitting.quota(material.train, material.valid, material.calibrate, material.quota, settings)

    def amounts(people: pd.DataFrame) -> Amounts:
        told = quota.predict(people)
        low, high = (told[name].to_numpy(dtype=np.float64) for name in ("quota_low_cny", "quota_high_cny"))
        return quota.mean_cny(people), low, high

    return amounts


def _asks_once(settings: TreeSettings) -> bool:
    return settings.max_depth == 1 or settings.num_leaves == 2  # noqa: PLR2004  (the two sides of one question)


def _of_one_question(settings: Trees) -> Trees:
    return settings.model_copy(update={**ONE_QUESTION, "learning_rate": min(2 * settings.learning_rate, 1.0)})


def _free(features: Features) -> Features:
    return Features(features.names, (0,) * len(features.names), features.levels)


_LEARN: Final[Mapping[str, Callable[[Material], Challenger]]] = {
    "documented_rules": _documented_rules,
    "woe_scorecard": _woe_scorecard,
    "logistic": _logistic,
    "plain_quota": _plain_quota,
    "additive": _additive,
    "interactions": _interactions,
    "unconstrained": _unconstrained,
}
