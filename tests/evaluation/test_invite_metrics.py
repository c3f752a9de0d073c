from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from weilidai.evaluation.invite_metrics import InviteScores, decision_metrics


@pytest.fixture(params=["probabilities", "many ties"])
def score(request: pytest.FixtureRequest, known: SimpleNamespace) -> np.ndarray:
    return known.model if request.param == "probabilities" else np.round(known.model, 1)


@pytest.fixture(params=["each once", "drawn"])
def weight(request: pytest.FixtureRequest, known: SimpleNamespace) -> np.ndarray:
    people = len(known.label)
    once = np.ones(people)
    return once if request.param == "each once" else np.random.default_rng(1).poisson(1, people).astype(np.float64)


def test_every_metric_agrees_with_the_library_that_is_slower(
    known: SimpleNamespace, score: np.ndarray, weight: np.ndarray
) -> None:
    measured = InviteScores(known.label, score).metrics(weight)
    chance = np.clip(score, 1e-15, 1 - 1e-15)
    assert measured["auc"] == pytest.approx(roc_auc_score(known.label, score, sample_weight=weight), abs=1e-12)
    assert measured["gini"] == pytest.approx(2 * measured["auc"] - 1)
    wanted = average_precision_score(known.label, score, sample_weight=weight)
    assert measured["pr_auc"] == pytest.approx(wanted, abs=1e-12)
    assert measured["brier"] == pytest.approx(brier_score_loss(known.label, score, sample_weight=weight))
    assert measured["logloss"] == pytest.approx(log_loss(known.label, chance, sample_weight=weight))


def test_drawing_people_again_is_the_same_as_repeating_their_rows(known: SimpleNamespace, score: np.ndarray) -> None:
    weight = np.random.default_rng(2).poisson(1, len(score))
    repeated = InviteScores(np.repeat(known.label, weight), np.repeat(score, weight)).metrics()
    weighed = InviteScores(known.label, score).metrics(weight.astype(np.float64))
    for name in ("auc", "ks", "pr_auc", "lift", "brier", "logloss", "mean_ratio"):
        assert weighed[name] == pytest.approx(repeated[name], rel=1e-9), name


def test_ks_is_the_largest_distance_of_two_distributions(known: SimpleNamespace, score: np.ndarray) -> None:
    wanted = ks_2samp(score[known.label], score[~known.label]).statistic
    assert InviteScores(known.label, score).metrics()["ks"] == pytest.approx(wanted, abs=1e-12)


def test_a_score_that_knows_nothing_is_worth_a_half(known: SimpleNamespace) -> None:
    measured = InviteScores(known.label, np.full(len(known.label), 0.2)).metrics()
    assert (measured["auc"], measured["ks"]) == (0.5, 0.0)
    assert measured["lift"] == pytest.approx(1)


def test_a_perfect_score_lifts_the_top_tenth_as_far_as_it_can_go() -> None:
    label = np.arange(1000) < 200
    measured = InviteScores(label, label * 1.0).metrics()
    assert (measured["auc"], measured["ks"], measured["pr_auc"]) == (1, 1, 1)
    assert measured["lift"] == pytest.approx(5)


def test_the_truth_is_calibrated_and_twice_the_truth_is_not(known: SimpleNamespace) -> None:
    honest = InviteScores(known.label, known.truth).metrics()
    doubled = InviteScores(known.label, np.minimum(known.truth * 2, 1)).metrics()
    assert honest["ece"] < 0.02
    assert doubled["ece"] > 0.1
    assert honest["mean_ratio"] == pytest.approx(1, abs=0.06)


def test_a_certain_mistake_is_costly_but_finite() -> None:
    assert InviteScores(np.array([True, False]), np.array([0.0, 0.0])).metrics()["logloss"] == pytest.approx(
        -np.log(1e-15) / 2
    )


def test_one_label_only_measures_no_ranking() -> None:
    measured = InviteScores(np.zeros(10, dtype=bool), np.linspace(0, 1, 10)).metrics()
    assert np.isnan(measured["auc"])
    assert np.isfinite(measured["brier"])


def test_a_score_that_is_no_probability_is_only_ranked(known: SimpleNamespace) -> None:
    assert set(InviteScores(known.label, known.model * 100, is_probability=False).metrics()) == {
        "auc", "gini", "ks", "pr_auc", "lift",
    }


def test_decisions_are_counted_against_the_invited() -> None:
    measured = decision_metrics(np.array([True, True, False, False]), np.array([True, False, False, False]))
    assert measured == {"coverage": 0.25, "precision": 1.0, "recall": 0.5}


def test_deciding_for_nobody_has_no_precision() -> None:
    assert np.isnan(decision_metrics(np.array([True, False]), np.array([False, False]))["precision"])
