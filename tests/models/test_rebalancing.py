"""Each column's part of an additive model, scaled anew."""

import numpy as np
import pytest

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import Features
from weilidai.models.rebalancing import rebalanced
from weilidai.models.settings import InviteSettings

FEATURES = Features(("real", "shadow"), (1, 1), {})
PEOPLE = 6000


@pytest.fixture(scope="module")
def seen() -> Labelled:
    random = np.random.default_rng(3)
    real = random.normal(size=PEOPLE)
    shadow = 0.8 * real + 0.6 * random.normal(size=PEOPLE)
    label = random.uniform(size=PEOPLE) < 1 / (1 + np.exp(-real))
    return Labelled(np.column_stack([real, shadow]).astype(np.float32), label.astype(np.float64))


def _grown(seen: Labelled, **knobs: float):
    return boosting.grow("binary", seen, seen, FEATURES, InviteSettings(num_iterations=40, **knobs))


def test_the_people_are_told_better_than_before(seen: Labelled) -> None:
    def loss(booster) -> float:
        score = boosting.score(booster, seen.features)
        return float(np.mean(np.logaddexp(0, score) - seen.label * score))

    assert loss(rebalanced(_grown(seen), seen, FEATURES)) < loss(_grown(seen))


def test_the_mean_probability_is_the_share_of_the_label(seen: Labelled) -> None:
    score = boosting.score(rebalanced(_grown(seen), seen, FEATURES), seen.features)
    assert np.mean(1 / (1 + np.exp(-score))) == pytest.approx(seen.label.mean(), abs=1e-4)


def test_no_direction_turns(seen: Labelled) -> None:
    booster = rebalanced(_grown(seen), seen, FEATURES)
    line = np.linspace(-3, 3, 200)
    for column in range(2):
        matrix = np.zeros((200, 2), dtype=np.float32)
        matrix[:, column] = line
        assert (np.diff(boosting.score(booster, matrix)) >= -1e-12).all()


def test_trees_of_two_questions_stay_as_they_are(seen: Labelled) -> None:
    booster = _grown(seen, max_depth=2, num_leaves=4)
    before = booster.model_to_string()
    assert rebalanced(booster, seen, FEATURES).model_to_string() == before
