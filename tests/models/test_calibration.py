import numpy as np
import pytest
from scipy.special import expit

from weilidai.errors import DataError
from weilidai.models.calibration import Calibration, fit_calibration

RANDOM = np.random.default_rng(2)
SCORE = RANDOM.normal(size=20_000)


def test_the_line_is_found_again() -> None:
    label = (RANDOM.random(len(SCORE)) < expit(1.7 * SCORE - 0.6)).astype(np.float64)
    line = fit_calibration(SCORE, label)
    assert line.slope == pytest.approx(1.7, abs=0.1)
    assert line.offset == pytest.approx(-0.6, abs=0.1)


def test_after_calibration_the_mean_probability_is_the_share_invited() -> None:
    label = (RANDOM.random(len(SCORE)) < expit(0.5 * SCORE + 1)).astype(np.float64)
    probability = expit(fit_calibration(SCORE, label).apply(SCORE))
    assert probability.mean() == pytest.approx(label.mean(), abs=0.01)


def test_a_score_that_ranks_the_wrong_way_round_is_refused() -> None:
    label = (RANDOM.random(len(SCORE)) < expit(-SCORE)).astype(np.float64)
    with pytest.raises(DataError, match="calibration on 20000 people"):
        fit_calibration(SCORE, label)


def test_a_score_that_never_varies_is_only_shifted() -> None:
    label = np.array([1.0, 0.0, 0.0, 0.0] * 10_000)
    line = fit_calibration(np.zeros(len(label)), label)
    assert line.slope == 1
    assert expit(line.offset) == pytest.approx(0.25, abs=0.005)


def test_few_people_hardly_move_a_line_that_many_would() -> None:
    label = (RANDOM.random(len(SCORE)) < expit(1.7 * SCORE)).astype(np.float64)
    few, many = fit_calibration(SCORE[:50], label[:50]), fit_calibration(SCORE, label)
    assert 0.9 < few.slope < 1.2
    assert many.slope > 1.6


def test_contributions_still_add_up_to_the_calibrated_log_odds() -> None:
    shared = RANDOM.normal(size=(50, 4))
    line = Calibration(1.3, -0.4)
    assert line.share_out(shared).sum(axis=1) == pytest.approx(line.apply(shared.sum(axis=1)), abs=1e-12)
