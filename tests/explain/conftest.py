"""The documented factors, the lender's rules and drawn people, of whom nothing but the columns matters."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE, FEATURES, LEVELS, PERMISSIONS, Column
from weilidai.facts import FactorCatalogue, load_book
from weilidai.models.invite import InviteModel, fit_invite, invite_features
from weilidai.models.settings import InviteSettings
from weilidai.rules import Eligibility, Rule, ScoreItem, ThresholdScorecard

ROWS = 3000


def draw(column: Column, random: np.random.Generator) -> Any:
    if column.kind == "category":
        return pd.Series(random.choice(LEVELS[column.name], ROWS), dtype="str")
    if column.kind == "flag":
        return random.random(ROWS) < 0.8
    low = column.low or 0.0
    drawn = random.uniform(low, min(column.high or 50.0, low + 50.0), ROWS).astype("float32")
    if column.may_be_missing and column.permission is None:
        drawn[random.random(ROWS) < 0.2] = np.nan
    return np.floor(drawn) if column.kind == "count" else drawn


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    random = np.random.default_rng(3)
    table = pd.DataFrame({name: draw(CATALOGUE[name], random) for name in FEATURES})
    for name in PERMISSIONS:
        hidden = [column for column in FEATURES if CATALOGUE[column].permission == name]
        table.loc[~table[name], hidden] = np.nan
    logit = 0.1 * table["daily_open_count"] + 0.05 * table["licaitong_months"] - table["bureau_inquiry_count_6m"] / 20
    table["is_invited"] = random.random(ROWS) < 1 / (1 + np.exp(3 - logit.fillna(0)))
    return table


@pytest.fixture(scope="session")
def catalogue() -> FactorCatalogue:
    return load_book().factors


@pytest.fixture(scope="session")
def policy() -> Eligibility:
    rules = (
        Rule("covered_area", "is_covered_area", "==", 1, "D0.4.not_everywhere"),
        Rule("adult", "age_years", ">=", 18, "D2.5.minors_excluded"),
        Rule("real_name", "real_name_months", ">=", 1, "D3.1.real_name_required"),
        Rule("debit_card", "debit_card_count", ">=", 1, "D3.1.debit_cards_least"),
        Rule("unrestricted", "is_restricted", "==", 0, "D0.6.tampering_blacklist"),
        Rule("inquiries", "bureau_inquiry_count_6m", "<=", 40, "D4.2.inquiries_initial"),
        Rule("debt", "debt_to_income_share", "<=", 2.9, "D4.2.debt_ratio_initial"),
    )
    items = (
        ScoreItem("account_history", "account_age_months", 12, 0.25, "D1.1.mark_account_age"),
        ScoreItem("payment_frequency", "daily_payment_count", 10, 0.3, "D1.1.mark_payments"),
        ScoreItem("credit_link", "credit_card_count", 2, 0.2, "D1.1.mark_credit_cards"),
    )
    return Eligibility(rules, ThresholdScorecard("prequalification", items, 0.6, "D1.1.dynamic_score"))


@pytest.fixture(scope="session")
def always_open() -> Eligibility:
    rule = Rule("adult", "age_years", ">=", 0, "D2.5.minors_excluded")
    item = ScoreItem("account_history", "account_age_months", 12, 1.0, "D1.1.mark_account_age")
    return Eligibility((rule,), ThresholdScorecard("prequalification", (item,), 0.0, "D1.1.dynamic_score"))


@pytest.fixture(scope="session")
def model(people: pd.DataFrame, catalogue: FactorCatalogue, always_open: Eligibility) -> InviteModel:
    settings = InviteSettings(
        num_iterations=20, num_leaves=7, max_depth=3, min_data_in_leaf=20, num_threads=1, coverage=0.3
    )
    train, valid, aside = people.iloc[:2000], people.iloc[2000:2500], people.iloc[2500:]
    return fit_invite(train, valid, aside, invite_features(catalogue, always_open, settings), always_open, settings)


@pytest.fixture(scope="session")
def drawn(people: pd.DataFrame) -> SimpleNamespace:
    """Contributions of every feature, drawn without any model."""
    values = np.random.default_rng(4).normal(size=(len(people), len(FEATURES)))
    return SimpleNamespace(values=values, features=FEATURES)
