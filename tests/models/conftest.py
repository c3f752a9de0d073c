"""A small population with a known invitation, grant and rate, drawn column by column from the catalogue."""

from itertools import pairwise
from types import SimpleNamespace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from weilidai.columns import CATALOGUE, FEATURES, LEVELS, Column
from weilidai.facts.factors import Dimension, Factor, FactorCatalogue
from weilidai.models.features import Features
from weilidai.models.invite import InviteModel, fit_invite, invite_features
from weilidai.models.quota import QuotaModel, fit_quota, quota_features
from weilidai.models.rate import RateModel, fit_rate, rate_features
from weilidai.models.settings import InviteSettings, QuotaSettings, RateSettings
from weilidai.rules import Eligibility, Rule, ScoreItem, ThresholdScorecard

ROWS = 5000
DIRECTIONS = {"daily_open_count": 1, "debt_to_income_share": -1, "monthly_spend_cny": 1, "has_salary_card": 1}
DIMENSIONS = {"pay_score": "tencent_scores", "tencent_credit_score": "tencent_scores"}
SMALL = {"num_iterations": 60, "early_stopping_round": 10, "min_data_in_leaf": 20, "learning_rate": 0.1,
         "num_threads": 1}
MARKS = {"AAA": 0.00023, "AA": 0.00035, "A": 0.00045}


def draw(column: Column) -> pd.Series:
    random = np.random.default_rng(crc32(column.name.encode()))
    if column.kind == "category":
        return pd.Series(random.choice(LEVELS[column.name], ROWS), dtype="str")
    if column.kind == "flag":
        return pd.Series(random.random(ROWS) < 0.7)
    low = column.low or 0.0
    high = min(column.high or 50.0, low + 50.0)
    numbers = random.uniform(low, high, ROWS)
    return pd.Series(np.floor(numbers) if column.kind == "count" else numbers, dtype="float32")


def log_odds(people: pd.DataFrame) -> np.ndarray:
    burden = people["debt_to_income_share"].fillna(1.5)
    student = people["user_type"] == "student"
    signal = people["daily_open_count"] * 0.08 - burden * 1.5 + people["has_salary_card"] * 1.0 - student * 1.0
    return signal.to_numpy(dtype=np.float64) - 1.0


@pytest.fixture(scope="session")
def policy() -> Eligibility:
    rules = (
        Rule("covered", "is_covered_area", "==", 1.0, "A.covered"),
        Rule("adult", "age_years", ">=", 18.0, "A.adult"),
    )
    friends = ScoreItem("friends", "friend_count", 10, 1.0, "A.friends")
    return Eligibility(rules, ThresholdScorecard("prequalified", (friends,), 0.5, "A.card"))


@pytest.fixture(scope="session")
def factors() -> FactorCatalogue:
    owned = {
        name: Factor(
            id=f"factor_of_{name}", dimension=DIMENSIONS.get(name, "rest"), label_en=name, label_zh="因素",
            columns={name: DIRECTIONS.get(name, 0)}, is_actionable=True, is_protected=name == "age_years",
        )
        for name in FEATURES
    }
    dimensions = {name: Dimension(id=name, label_en=name, label_zh="维度") for name in ("rest", "tencent_scores")}
    return FactorCatalogue(dimensions=dimensions, factors={factor.id: factor for factor in owned.values()})


@pytest.fixture(scope="session")
def people(policy: Eligibility) -> pd.DataFrame:
    random = np.random.default_rng(8)
    table = pd.DataFrame({name: draw(CATALOGUE[name]) for name in FEATURES})
    table.loc[random.random(ROWS) < 0.2, "debt_to_income_share"] = np.nan
    chance = np.where(policy.passes(table), expit(log_odds(table)), 0)
    table["true_chance"] = chance
    table["is_invited"] = random.random(ROWS) < chance
    table["is_opened"] = table["is_invited"]
    spread = np.where(table["uses_vpn"], 0.1, 0.4)
    logs = 9 + 0.02 * (table["monthly_spend_cny"] - 25) + spread * random.normal(size=ROWS)
    table["initial_quota_cny"] = np.clip(np.round(np.exp(logs), -2), 500, 30_000).where(table["is_opened"])
    rate = 0.0004 - 0.000004 * table["housing_fund_months"] + 0.00001 * random.normal(size=ROWS)
    table["daily_rate"] = np.clip(rate, 0.0002, 0.0005).where(table["is_opened"])
    return table


@pytest.fixture(scope="session")
def parts(people: pd.DataFrame) -> SimpleNamespace:
    cuts = (0, 2500, 3250, 4000, ROWS)
    names = ("train", "valid", "calibrate", "test")
    return SimpleNamespace(**{n: people.iloc[a:b] for n, (a, b) in zip(names, pairwise(cuts), strict=True)})


@pytest.fixture(scope="session")
def features(factors: FactorCatalogue, policy: Eligibility) -> Features:
    return invite_features(factors, policy, InviteSettings())


@pytest.fixture(scope="session")
def invite(parts: SimpleNamespace, features: Features, policy: Eligibility) -> InviteModel:
    settings = InviteSettings(**SMALL)
    return fit_invite(parts.train, parts.valid, parts.calibrate, features, policy, settings)


@pytest.fixture(scope="session")
def quota(parts: SimpleNamespace, factors: FactorCatalogue) -> QuotaModel:
    settings = QuotaSettings(**SMALL)
    return fit_quota(parts.train, parts.valid, parts.calibrate, quota_features(factors, settings), settings)


@pytest.fixture(scope="session")
def rate(parts: SimpleNamespace, factors: FactorCatalogue) -> RateModel:
    settings = RateSettings(**SMALL)
    return fit_rate(parts.train, parts.valid, rate_features(factors, settings), MARKS, settings)
