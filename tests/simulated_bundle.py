"""A small but real model that learnt from people of the simulator, for tests that need documented directions."""

from functools import lru_cache

import pandas as pd

from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.lender import policy as eligibility
from weilidai.matching import load_parameters
from weilidai.models.background import choose_background
from weilidai.models.bundle import Bundle
from weilidai.models.invite import fit_invite, invite_features
from weilidai.models.quota import fit_quota, quota_features
from weilidai.models.rate import fit_rate, rate_features
from weilidai.models.settings import ExplainSettings, InviteSettings, QuotaSettings, RateSettings
from weilidai.pipeline.simulate import simulate

SEED = 77
PEOPLE = 32_768
NEW_PEOPLE = 16_384
TREES = {"num_iterations": 60, "learning_rate": 0.25, "num_threads": 1}


@lru_cache
def learnt() -> Bundle:
    """Learn the three models from simulated people; a few seconds, once."""
    parameters = load_parameters()
    lender, factors = parameters.part("lender", LenderParameters), load_book().factors
    people, _ = simulate(parameters, PEOPLE, SEED)
    parts = (people.iloc[:24_000], people.iloc[24_000:28_000], people.iloc[28_000:])
    rules, grades = eligibility(lender.eligibility), dict(lender.pricing.grade_rate)
    invite, quota, rate = InviteSettings(**TREES), QuotaSettings(**TREES, interval_folds=0), RateSettings(**TREES)
    model = fit_invite(*parts, invite_features(factors, rules, invite), rules, invite)
    return Bundle(
        invite=model,
        quota=fit_quota(*parts, quota_features(factors, quota), quota),
        rate=fit_rate(*parts[:2], rate_features(factors, rate), grades, rate),
        factors=factors, facts=[], birth_certificate={"regime": parameters.regime, "made_by": "a test"},
        background=choose_background(parts[0], model, 50), explain=ExplainSettings(background_rows=50),
    )


@lru_cache
def new_people() -> pd.DataFrame:
    """Give people of another seed, whom the model has not seen."""
    people: pd.DataFrame = simulate(load_parameters(), NEW_PEOPLE, SEED + 1)[0]
    return people


@lru_cache
def refused(count: int) -> pd.DataFrame:
    """Give some of them whom the model does not invite."""
    people = new_people()
    chosen = people.loc[~learnt().invite.is_invited(people)].sample(count, random_state=3)
    return chosen.reset_index(drop=True)
