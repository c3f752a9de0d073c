"""The model that is measured: learnt from simulated people with the settings of the project."""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from benchmarks.sizes import Size
from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.lender import policy as eligibility
from weilidai.matching import load_parameters
from weilidai.models.background import choose_background
from weilidai.models.bundle import Bundle
from weilidai.models.features import Features
from weilidai.models.invite import fit_invite, invite_features
from weilidai.models.quota import fit_quota, quota_features
from weilidai.models.rate import fit_rate, rate_features
from weilidai.models.settings import ExplainSettings, InviteSettings, QuotaSettings, RateSettings
from weilidai.pipeline.simulate import simulate
from weilidai.rules import Eligibility

SEED = 21


@dataclass(frozen=True)
class Material:
    """What the invite model learns from."""

    parts: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
    features: Features
    rules: Eligibility
    settings: InviteSettings


@lru_cache
def material(size: Size) -> Material:
    parameters = load_parameters()
    people, _ = simulate(parameters, size.learning_people, SEED)
    cuts = int(len(people) * 0.8), int(len(people) * 0.9)
    parts = people.iloc[: cuts[0]], people.iloc[cuts[0] : cuts[1]], people.iloc[cuts[1] :]
    rules = eligibility(parameters.part("lender", LenderParameters).eligibility)
    settings = InviteSettings(num_iterations=size.trees, num_threads=size.threads)
    return Material(parts, invite_features(load_book().factors, rules, settings), rules, settings)


@lru_cache
def learnt(size: Size) -> Bundle:
    made, factors = material(size), load_book().factors
    parameters = load_parameters()
    trees = {"num_iterations": min(size.trees, 1500), "num_threads": size.threads}
    quota, rate, explain = QuotaSettings(**trees, interval_folds=0), RateSettings(**trees), ExplainSettings()
    grades = dict(parameters.part("lender", LenderParameters).pricing.grade_rate)
    invite = fit_invite(*made.parts, made.features, made.rules, made.settings)
    return Bundle(
        invite=invite, quota=fit_quota(*made.parts, quota_features(factors, quota), quota),
        rate=fit_rate(*made.parts[:2], rate_features(factors, rate), grades, rate), factors=factors, facts=[],
        birth_certificate={"regime": parameters.regime, "made_by": "a benchmark"},
        background=choose_background(made.parts[0], invite, explain.background_rows), explain=explain,
    )


@lru_cache
def new_people(count: int) -> pd.DataFrame:
    return simulate(load_parameters(), count, SEED + 1)[0]
