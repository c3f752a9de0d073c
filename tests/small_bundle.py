"""A real but small model on drawn people, for the tests of whatever carries, keeps or asks a model.

Nothing here is documented: the numbers only have to give models that differ from person to person.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from weilidai.columns import CATALOGUE, FEATURES, LEVELS, PERMISSIONS, Column
from weilidai.facts import Dimension, Factor, FactorCatalogue, Mark, Texts
from weilidai.models.background import choose_background
from weilidai.models.bundle import Bundle
from weilidai.models.invite import fit_invite, invite_features
from weilidai.models.quota import fit_quota, quota_features
from weilidai.models.rate import fit_rate, rate_features
from weilidai.models.settings import ExplainSettings, InviteSettings, QuotaSettings, RateSettings, TreeSettings
from weilidai.rules import Eligibility, Rule, ScoreItem, ThresholdScorecard

ROWS = 3000
TREES = {"num_iterations": 12, "num_leaves": 7, "max_depth": 3, "min_data_in_leaf": 20, "num_threads": 1}
HELPS = {"daily_open_count": 1, "licaitong_balance_cny": 1, "real_name_months": 1, "overdue_count_24m": -1}
SUMS = ("pay_score", "tencent_credit_score")
MARK_FACT = "D0.2.opens_opened"
TEXTS = Texts(
    adverse_en="You have {value}; {mark}.",
    adverse_zh="您{value}；{mark}。",
    favourable_en="You have {value}.",
    favourable_zh="您{value}。",
)


def draw_people(rows: int = ROWS, seed: int = 5) -> pd.DataFrame:
    """Draw people who keep the column contract, and what the lender did with them."""
    random = np.random.default_rng(seed)
    people = pd.DataFrame({name: _draw(c, random, rows) for name, c in CATALOGUE.items() if c.is_feature})
    people.insert(0, "person_id", np.arange(rows))
    people["real_name_months"] = np.minimum(people["real_name_months"], people["account_age_months"])
    people["bureau_inquiry_count_3m"] = np.minimum(
        people["bureau_inquiry_count_3m"], people["bureau_inquiry_count_6m"]
    )
    for name in PERMISSIONS:
        people[name] = random.random(rows) < 0.8
    for name, column in CATALOGUE.items():
        if column.is_feature and column.permission:
            people.loc[~people[column.permission], name] = np.nan
    logit = 0.1 * people["daily_open_count"] - 0.1 * people["overdue_count_24m"].fillna(0) - 2
    logit += 0.02 * people["licaitong_balance_cny"]
    chosen = (random.random(rows) < 1 / (1 + np.exp(-logit))) & policy().passes(people)
    people["is_invited"] = chosen
    people["is_opened"] = chosen & (random.random(rows) < 0.8)
    people["initial_quota_cny"] = np.round(500 * np.exp(0.05 * people["licaitong_balance_cny"]), -2) + 500
    people["daily_rate"] = 0.0002 + 0.000006 * people["debt_to_income_share"].fillna(50)
    return people


def policy() -> Eligibility:
    """Give a policy of two rules and one score, so that about two in three people pass."""
    card = ThresholdScorecard("prequalification", (ScoreItem("tenure", "real_name_months", 6.0, 1.0, "D1.2.tenure"),),
                              pass_mark=0.5, fact="D1.2.pass_mark")  # fmt: skip
    rules = (
        Rule("area", "is_covered_area", "==", 1.0, "D1.1.area"),
        Rule("overdue", "overdue_count_24m", "<=", 45.0, "D1.2.overdue"),
    )
    return Eligibility(rules, card)


def catalogue() -> FactorCatalogue:
    """Give one factor per column, one dimension per group, and a documented mark for daily opens."""
    factors = {name: _factor(CATALOGUE[name]) for name in FEATURES}
    named = {factor.dimension for factor in factors.values()}
    dimensions = {name: Dimension(id=name, label_en=name, label_zh="维度") for name in sorted(named)}
    return FactorCatalogue(dimensions=dimensions, factors=factors)


@lru_cache
def build_bundle() -> tuple[Bundle, pd.DataFrame]:
    """Train the three models on drawn people; about a second, once."""
    people, factors, rules = draw_people(), catalogue(), policy()
    train, valid, aside = people.iloc[:2000], people.iloc[2000:2500], people.iloc[2500:]
    trees = TreeSettings(**TREES).model_dump()
    invite, quota, rate = InviteSettings(**trees), QuotaSettings(**trees), RateSettings(**trees)
    invited = fit_invite(train, valid, aside, invite_features(factors, rules, invite), rules, invite)
    bundle = Bundle(
        invite=invited,
        quota=fit_quota(train, valid, aside, quota_features(factors, quota), quota),
        rate=fit_rate(train, valid, rate_features(factors, rate), {"AAA": 0.0003, "AA": 0.0005, "A": 0.0007}, rate),
        factors=factors,
        facts=[{"id": MARK_FACT, "document": "D0", "section": 2, "values": [8.0], "unit": "count_per_day"}],
        birth_certificate={"seed": 5, "made_by": "a test"},
        background=choose_background(train, invited, 200),
        explain=ExplainSettings(background_rows=200),
    )
    return bundle, people


def _draw(column: Column, random: np.random.Generator, rows: int) -> pd.Series:
    if column.kind == "category":
        return pd.Series(random.choice(LEVELS[column.name], rows), dtype="str")
    if column.kind == "flag":
        return pd.Series(random.random(rows) < 0.8)
    low = column.low or 0.0
    high = min(column.high or 50.0, low + 50.0)
    drawn = pd.Series(random.uniform(low, high, rows), dtype="float32")
    if column.kind == "count":
        drawn = np.floor(drawn)
    if column.may_be_missing and not column.permission:
        drawn[random.random(rows) < 0.2] = np.nan
    return drawn.astype("int32") if column.kind == "count" and not column.may_be_missing else drawn


def _factor(column: Column) -> Factor:
    mark = Mark(column=column.name, comparison=">=", value=8.0, unit="count_per_day", fact=MARK_FACT, document="D0",
                section=2, label_en="daily opens", label_zh="日均打开次数")  # fmt: skip
    is_opens = column.name == "daily_open_count"
    return Factor(
        id=column.name, dimension="tencent_scores" if column.name in SUMS else column.group,
        label_en=column.label_en, label_zh=column.label_zh,
        columns={column.name: HELPS.get(column.name, 0)}, is_actionable=is_opens,
        is_protected=column.name == "age_years", texts=TEXTS, marks=(mark,) if is_opens else (),
    )
