"""From tables of people to grown models: the three students and the plain models they must beat."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from weilidai.config import TrainSettings
from weilidai.dataset.contract import require
from weilidai.dataset.split import Split, split
from weilidai.facts import FactorCatalogue
from weilidai.models.baselines import PlainQuota, WoeScorecard, fit_plain_quota, fit_woe_scorecard
from weilidai.models.boosting import OnIteration
from weilidai.models.documented_rules import DocumentedRules, documented_rules
from weilidai.models.features import Features
from weilidai.models.invite import InviteModel, fit_invite, invite_features
from weilidai.models.quota import QuotaModel, fit_quota, quota_features
from weilidai.models.rate import RateModel, fit_rate, rate_features
from weilidai.progress import Progress
from weilidai.rules import Eligibility


@dataclass(frozen=True)
class Lender:
    """What is public inside the lender: its policy, its grades, the documented drivers."""

    policy: Eligibility
    grade_rates: Mapping[str, float]
    """Grade -> documented daily rate, a fraction."""
    factors: FactorCatalogue


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
    """The three models, and the plain ones beside them."""

    invite: InviteModel
    quota: QuotaModel
    rate: RateModel
    rules: DocumentedRules
    scorecard: WoeScorecard
    plain_quota: PlainQuota


def choose_inputs(lender: Lender, settings: TrainSettings) -> Inputs:
    """Choose what each model reads.

    Raises
    ------
    ConfigError
        A setting excludes a column or dimension that does not exist, or everything.
    """
    return Inputs(
        invite_features(lender.factors, lender.policy, settings.model.invite),
        quota_features(lender.factors, settings.model.quota),
        rate_features(lender.factors, settings.model.rate),
    )


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
    for warning in require(applicants, columns, "train", settings.data.limits):
        progress.say(f"warning: {warning}")
    parts = split(applicants, settings.data)
    train, valid, calibrate, test = (
        applicants.iloc[rows] for rows in (parts.train, parts.valid, parts.calibrate, parts.test)
    )
    return Tables(train, valid, calibrate, test, parts)


def learn(tables: Tables, inputs: Inputs, lender: Lender, settings: TrainSettings, progress: Progress) -> Students:
    """Grow the three models and the plain ones.

    Raises
    ------
    DataError
        A part has too few people of a kind.
    """
    train, valid, calibrate, model = tables.train, tables.valid, tables.calibrate, settings.model
    with _growing("learning who is invited", progress) as told:
        invite = fit_invite(train, valid, calibrate, inputs.invite, lender.policy, model.invite, told)
    with _growing("learning the first grant", progress) as told:
        quota = fit_quota(train, valid, calibrate, inputs.quota, model.quota, told)
    with _growing("learning the daily rate", progress) as told:
        rate = fit_rate(train, valid, inputs.rate, lender.grade_rates, model.rate, told)
    with progress.stage("learning the plain models"):
        return Students(
            invite, quota, rate,
            documented_rules(lender.policy, lender.factors, inputs.invite.names),
            fit_woe_scorecard(train, inputs.invite, lender.policy),
            fit_plain_quota(train, inputs.quota),
        )


@contextmanager
def _growing(name: str, progress: Progress) -> Iterator[OnIteration]:
    with progress.stage(name, total=100) as advance:
        yield lambda trees, planned, _loss: advance(100 * trees // planned)
