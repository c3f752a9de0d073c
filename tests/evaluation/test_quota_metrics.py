import numpy as np
import pytest
from sklearn.metrics import (
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_pinball_loss,
    r2_score,
    root_mean_squared_log_error,
)

from weilidai.evaluation.quota_metrics import QuotaScores, RateScores

RANDOM = np.random.default_rng(4)
ACTUAL = np.exp(RANDOM.normal(9, 0.5, 3000))
PREDICTED = ACTUAL * np.exp(RANDOM.normal(0.05, 0.2, 3000))
SCORES = QuotaScores(ACTUAL, PREDICTED, PREDICTED * 0.7, PREDICTED * 1.4)


@pytest.mark.parametrize("weight", [np.ones(3000), RANDOM.poisson(1, 3000).astype(np.float64)])
def test_every_metric_agrees_with_the_library_that_is_slower(weight: np.ndarray) -> None:
    measured = SCORES.metrics(weight)
    by = {"sample_weight": weight}
    assert measured["r2"] == pytest.approx(r2_score(ACTUAL, PREDICTED, **by))
    assert measured["mae_cny"] == pytest.approx(mean_absolute_error(ACTUAL, PREDICTED, **by))
    assert measured["mape"] == pytest.approx(mean_absolute_percentage_error(ACTUAL, PREDICTED, **by))
    assert measured["rmsle"] == pytest.approx(root_mean_squared_log_error(ACTUAL, PREDICTED, **by))
    low, high = (mean_pinball_loss(ACTUAL, PREDICTED * end, alpha=a, **by) for end, a in ((0.7, 0.05), (1.4, 0.95)))
    assert (measured["pinball_low_cny"], measured["pinball_high_cny"]) == pytest.approx((low, high))


def test_coverage_counts_grants_inside_the_interval_ends_included() -> None:
    scores = QuotaScores(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), np.full(4, 2.0), np.full(4, 3.0))
    assert scores.metrics()["coverage"] == 0.5
    assert scores.metrics()["width_cny"] == 1


def test_a_prediction_too_high_by_a_tenth_has_a_bias_of_a_tenth() -> None:
    assert QuotaScores(ACTUAL, ACTUAL * 1.1).metrics()["bias_share"] == pytest.approx(0.1)


def test_without_an_interval_nothing_is_said_of_one() -> None:
    assert "coverage" not in QuotaScores(ACTUAL, PREDICTED).metrics()


def test_grants_that_never_vary_have_no_explained_share() -> None:
    assert np.isnan(QuotaScores(np.full(5, 500.0), np.full(5, 500.0)).metrics()["r2"])


def test_rates_are_measured_with_their_grades() -> None:
    actual = np.array([0.0002, 0.0003, 0.0004])
    measured = RateScores(actual, actual + 0.00001, np.array([True, True, False])).metrics()
    assert measured["mae"] == pytest.approx(0.00001)
    assert measured["r2"] == pytest.approx(1 - 0.01 * 3 / 2)
    assert measured["grade_accuracy"] == pytest.approx(2 / 3)
