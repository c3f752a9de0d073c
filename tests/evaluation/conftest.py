"""People whose true chance is known, a model that sees most of it, and one that sees nothing."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from weilidai.columns import LEVELS

PEOPLE = 4000


@pytest.fixture(scope="session")
def known() -> SimpleNamespace:
    random = np.random.default_rng(5)
    signal = random.normal(size=PEOPLE)
    is_eligible = random.random(PEOPLE) < 0.4
    truth = np.where(is_eligible, expit(1.5 * signal), 0.0)
    model = np.where(is_eligible, expit(1.5 * signal + 0.7 * random.normal(size=PEOPLE)), 0.0)
    label = random.random(PEOPLE) < truth
    people = pd.DataFrame({name: random.choice(LEVELS[name], PEOPLE) for name in ("city_tier", "region", "user_type")})
    people["age_years"] = random.integers(18, 80, PEOPLE)
    people["has_bureau_record"] = random.random(PEOPLE) < 0.7
    return SimpleNamespace(
        people=people, label=label, truth=truth, model=model, noise=random.random(PEOPLE), is_eligible=is_eligible
    )
