from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.truth_scores import ChanceScores, MeanScores

RANDOM = np.random.default_rng(3)


def test_the_truth_itself_has_no_excess(known: SimpleNamespace) -> None:
    measured = ChanceScores(known.truth, known.truth).metrics()
    assert measured["excess_logloss"] == pytest.approx(0, abs=1e-12)
    assert measured["excess_brier"] == 0


def test_the_expected_auc_is_the_mean_over_draws_of_the_outcomes() -> None:
    chance, score = RANDOM.random(3000), RANDOM.random(3000)
    score += chance
    drawn = [InviteScores(RANDOM.random(3000) < chance, score).metrics()["auc"] for _ in range(200)]
    wrong_by = np.std(drawn) / np.sqrt(len(drawn))
    assert ChanceScores(chance, score).metrics()["auc"] == pytest.approx(np.mean(drawn), abs=4 * wrong_by + 1 / 3000)


def test_the_excess_is_the_difference_of_expected_losses() -> None:
    chance, score = RANDOM.uniform(0.1, 0.9, 500), RANDOM.uniform(0.1, 0.9, 500)
    expected = [-(chance * np.log(told) + (1 - chance) * np.log(1 - told)).mean() for told in (score, chance)]
    assert ChanceScores(chance, score).metrics()["excess_logloss"] == pytest.approx(expected[0] - expected[1])


def test_counting_people_twice_is_doubling_their_weight() -> None:
    chance, score = RANDOM.random(50), RANDOM.random(50)
    twice = ChanceScores(np.tile(chance, 2), np.tile(score, 2)).metrics()
    assert ChanceScores(chance, score).metrics(np.full(50, 2.0)) == pytest.approx(twice)


def test_a_score_that_is_no_probability_is_only_ranked() -> None:
    assert set(ChanceScores(RANDOM.random(9), RANDOM.normal(size=9), is_probability=False).metrics()) == {"auc"}


def test_one_outcome_alone_ranks_nobody() -> None:
    assert np.isnan(ChanceScores(np.zeros(5), RANDOM.random(5)).metrics()["auc"])


def test_the_lost_part_of_the_variance_adds_up_to_the_fall_of_r2() -> None:
    mean = RANDOM.uniform(1000, 9000, 20_000)
    actual = mean + RANDOM.normal(0, 500, 20_000)
    told = mean + RANDOM.normal(0, 300, 20_000)
    falls = np.mean((actual - told) ** 2) - np.mean((actual - mean) ** 2)
    assert MeanScores(mean, told, actual).metrics()["excess_r2"] == pytest.approx(falls / np.var(actual), rel=0.05)
