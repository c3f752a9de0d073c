"""Each column's part of an additive model, scaled anew."""

import numpy as np
import pytest

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import Features
from weilidai.models.rebalancing import rebalanced
from weilidai.models.settings import InviteSettings
from weilidai.models.stumps import Stumps

FEATURES = Features(("real", "shadow"), (1, 1), {})
PEOPLE = 6000


@pytest.fixture(scope="module")
def seen() -> Labelled:
    random = np.random.default_rng(3)
    real = random.normal(size=PEOPLE)
    shadow = 0.8 * real + 0.6 * random.normal(size=PEOPLE)
    label = random.uniform(size=PEOPLE) < 1 / (1 + np.exp(-real))
    return Labelled(np.column_stack([real, shadow]).astype(np.float32), label.astype(np.float64))


def _grown(seen: Labelled) -> Stumps:
    stumps = Stumps.of(boosting.grow("binary", seen, seen, FEATURES, InviteSettings(num_iterations=40)), FEATURES)
    assert stumps is not None
    return stumps


def _rebalanced(seen: Labelled) -> Stumps:
    stumps = _grown(seen)
    return rebalanced(stumps, stumps.codes(seen.features), seen.label)


def test_the_people_are_told_better_than_before(seen: Labelled) -> None:
    def loss(stumps: Stumps) -> float:
        score = boosting.score(stumps.booster, seen.features)
        return float(np.mean(np.logaddexp(0, score) - seen.label * score))

    assert loss(_rebalanced(seen)) < loss(_grown(seen))


def test_the_mean_probability_is_the_share_of_the_label(seen: Labelled) -> None:
    score = boosting.score(_rebalanced(seen).booster, seen.features)
    assert np.mean(1 / (1 + np.exp(-score))) == pytest.approx(seen.label.mean(), abs=1e-4)


def test_scales_are_where_loss_and_belief_are_least(seen: Labelled) -> None:
    before, after = _grown(seen), _rebalanced(seen)
    parts = before.contributions(before.codes(seen.features))[:, :-1]
    # The first tree carries the shift of the mean as well.
    scales = np.array([(after.answers[1:] / before.answers[1:])[before.asked[1:] == place].mean() for place in (0, 1)])
    chance = 1 / (1 + np.exp(-boosting.score(after.booster, seen.features)))
    belief, said = np.append(10 * parts.var(axis=0), 0), np.column_stack([parts, np.ones(PEOPLE)])
    slope = said.T @ (chance - seen.label) + belief * np.append(scales - 1, 0)
    bend = said.T @ (said * (chance * (1 - chance))[:, None]) + np.diag(belief)
    assert (scales > 0).all()
    assert np.abs(np.linalg.solve(bend, slope)).max() < 1e-6  # scales are kept to six digits


def test_the_number_of_people_need_not_be_round(seen: Labelled) -> None:
    some = Labelled(seen.features[:1001], seen.label[:1001])
    score = boosting.score(_rebalanced(some).booster, some.features)
    assert np.mean(1 / (1 + np.exp(-score))) == pytest.approx(some.label.mean(), abs=1e-4)


def test_no_direction_turns(seen: Labelled) -> None:
    booster = _rebalanced(seen).booster
    line = np.linspace(-3, 3, 200)
    for column in range(2):
        matrix = np.zeros((200, 2), dtype=np.float32)
        matrix[:, column] = line
        assert (np.diff(boosting.score(booster, matrix)) >= -1e-12).all()


def test_the_trees_in_memory_are_those_that_are_written_down(seen: Labelled) -> None:
    booster = _rebalanced(seen).booster
    again = boosting.read_booster(booster.model_to_string(), FEATURES)
    assert again.model_to_string() == booster.model_to_string()
    for asked in (boosting.score, boosting.contributions):
        assert np.array_equal(asked(again, seen.features), asked(booster, seen.features))
