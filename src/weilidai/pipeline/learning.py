"""From tables of people to grown models: the three students and the simpler models they must beat."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.config import TrainSettings
from weilidai.dataset.contract import require
from weilidai.dataset.split import Split, split
from weilidai.errors import ConfigError
from weilidai.evaluation.slices import DOCUMENTED_SLICES, Slices
from weilidai.facts import FactorCatalogue, load_book
from weilidai.models.boosting import OnIteration
from weilidai.models.challengers.catalogue import Challenger, Material, learn_challengers
from weilidai.models.features import Features
from weilidai.models.invite import InviteModel, invite_features
from weilidai.models.quota import QuotaModel, quota_features
from weilidai.models.rate import RateModel, rate_features
from weilidai.models.settings import InviteSettings, QuotaSettings, RateSettings
from weilidai.own_table import GRANT, OwnTable
from weilidai.pipeline.learnt_before import LearntBefore
from weilidai.progress import Progress
from weilidai.rules import Eligibility

_DOCUMENTS_NEEDED: Final = frozenset({"documented_rules"})
_AMOUNTS_NEEDED: Final = frozenset({"plain_quota"})
"""Challengers that say nothing about a table without documents, or without amounts."""

S = TypeVar("S", InviteSettings, QuotaSettings, RateSettings)


@dataclass(frozen=True)
class Lender:
    """What is public inside the lender: its policy, its grades, its drivers, and what its table looks like."""

    policy: Eligibility
    grade_rates: Mapping[str, float]
    """Grade -> documented daily rate, a fraction."""
    factors: FactorCatalogue
    contract: Contract = DOCUMENTED
    slices: Slices = field(default_factory=lambda: DOCUMENTED_SLICES)
    own_table: OwnTable | None = None
    """What the columns mean when the table is one's own; the documents say nothing about it then."""

    @property
    def has_amounts(self) -> bool:
        """Whether there are grants to learn."""
        return GRANT in self.contract.labels

    @property
    def has_rates(self) -> bool:
        """Whether there are daily rates to learn."""
        return "daily_rate" in self.contract.labels


@dataclass(frozen=True)
class Inputs:
    """What each model reads."""

    invite: Features
    quota: Features
    rate: Features

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns read, each once."""
        return tuple(dict.fromkeys((*self.invite.names, *self.quota.names, *self.rate.names)))


@dataclass(frozen=True)
class Tables:
    """People by what they are for, and the split they come from."""

    train: pd.DataFrame
    valid: pd.DataFrame
    calibrate: pd.DataFrame
    test: pd.DataFrame
    split: Split


@dataclass(frozen=True)
class Students:
    """The three models, and the challengers beside them; None where the table has no label for a model."""

    invite: InviteModel
    quota: QuotaModel | None
    rate: RateModel | None
    challengers: Mapping[str, Challenger]


def choose_inputs(lender: Lender, settings: TrainSettings) -> Inputs:
    """Choose what each model reads.

    Raises
    ------
    ConfigError
        A setting excludes a column or dimension that does not exist, or everything; or a challenger is named that
        has nothing to learn from in a table of one's own.
    """
    protected, model, contract = settings.evaluation.protected, settings.model, lender.contract
    challengers_of(lender, settings)
    invite = model.invite
    if lender.own_table is not None and "excluded_dimensions" not in invite.model_fields_set:
        invite = invite.model_copy(update={"excluded_dimensions": ()})  # the default names a documented one
    return Inputs(
        invite_features(lender.factors, lender.policy, _protecting(invite, protected), contract),
        quota_features(lender.factors, _protecting(model.quota, protected), contract),
        rate_features(lender.factors, _protecting(model.rate, protected), contract),
    )


def challengers_of(lender: Lender, settings: TrainSettings) -> Sequence[str]:
    """Name the challengers that can be learnt: all that the settings name, or of the default ones all that apply.

    Raises
    ------
    ConfigError
        The settings name one that needs documents or amounts, and there are none.
    """
    beyond = (frozenset() if lender.own_table is None else _DOCUMENTS_NEEDED) | (
        frozenset() if lender.has_amounts else _AMOUNTS_NEEDED
    )
    asked = settings.model.challengers
    unable = [name for name in asked if name in beyond]
    if unable and "challengers" in settings.model.model_fields_set:
        raise ConfigError(
            f"a table of one's own has nothing to learn {', '.join(unable)} from", where="model.challengers",
            cure="leave it out: model.challengers=[woe_scorecard,logistic,additive,unconstrained]",
        )
    return [name for name in asked if name not in beyond]


def _protecting(settings: S, protected: tuple[str, ...]) -> S:
    """Keep protected columns from a model, on top of those its own settings exclude."""
    return settings.model_copy(update={"excluded_columns": (*settings.excluded_columns, *protected)})


def prepare(
    applicants: pd.DataFrame, inputs: Inputs, lender: Lender, settings: TrainSettings, progress: Progress
) -> Tables:
    """Hold the table against the contract and split it by person and time.

    Raises
    ------
    DataError
        The table breaks the contract, or too few people are left for a part.
    """
    columns = dict.fromkeys((*inputs.columns, *lender.policy.columns))
    for warning in require(applicants, columns, "train", settings.data.limits, lender.contract):
        progress.say(f"warning: {warning}")
    parts = split(applicants, settings.data)
    train, valid, calibrate, test = (
        applicants.iloc[rows] for rows in (parts.train, parts.valid, parts.calibrate, parts.test)
    )
    return Tables(train, valid, calibrate, test, parts)


def learn(
    tables: Tables, inputs: Inputs, lender: Lender, settings: TrainSettings, progress: Progress,
    before: LearntBefore | None = None,
) -> Students:
    """Learn the three models and their challengers.

    Parameters
    ----------
    tables
        People by what they are for.
    inputs
        What each model reads.
    lender, settings, progress
        Whose decisions are learnt, how, and where to report to.
    before
        What grows the trees, and what was learnt before and need not be learnt again; left out, everything is
        grown, in this process as the challengers always are.

    Raises
    ------
    DataError
        A part has too few people of a kind.
    """
    train, valid, calibrate, model = tables.train, tables.valid, tables.calibrate, settings.model
    before = before or LearntBefore(None)
    own = before.fitting()
    with _growing("learning who is invited", progress) as told:
        invite = own.invite(train, valid, calibrate, inputs.invite, lender.policy, model.invite, told)
    quota, rate = None, None
    if lender.has_amounts:
        with _growing("learning the first grant", progress) as told:
            quota = own.quota(train, valid, calibrate, inputs.quota, model.quota, told)
    if lender.has_rates:
        with _growing("learning the daily rate", progress) as told:
            rate = own.rate(train, valid, inputs.rate, lender.grade_rates, model.rate, told)
    book = load_book() if lender.own_table is None else None
    material = Material(
        train, valid, calibrate, inputs.invite, inputs.quota, lender.policy, book, model.invite, model.quota,
        model.points, lender.factors, lender.contract, lender.has_amounts, before.fitting_of_challengers(),
    )
    with progress.stage("learning the challengers"):
        return Students(invite, quota, rate, learn_challengers(challengers_of(lender, settings), material))


@contextmanager
def _growing(name: str, progress: Progress) -> Iterator[OnIteration]:
    with progress.stage(name, total=100) as advance:
        yield lambda trees, planned, _loss: advance(100 * trees // planned)
