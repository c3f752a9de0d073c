import numpy as np
import pytest

from weilidai.evaluation.calibration_floor import calibration_floor, distance_from_truth
from weilidai.evaluation.invite_metrics import InviteScores

RANDOM = np.random.default_rng(6)
TRUTH = RANDOM.beta(0.5, 1.5, 20_000)


def test_the_floor_is_what_exact_probabilities_are_measured_at_on_average() -> None:
    seen = [InviteScores(RANDOM.random(len(TRUTH)) < TRUTH, TRUTH).metrics()["ece"] for _ in range(40)]
    error = np.std(seen) / np.sqrt(len(seen))
    assert abs(np.mean(seen) - calibration_floor(TRUTH)) < 4 * error


def test_more_people_lower_the_floor() -> None:
    assert calibration_floor(np.tile(TRUTH, 4)) == pytest.approx(calibration_floor(TRUTH) / 2, rel=0.01)


def test_certain_probabilities_have_no_floor() -> None:
    assert calibration_floor(np.array([0.0, 1.0, 1.0])) == 0
    assert calibration_floor(np.empty(0)) == 0


def test_the_truth_is_at_no_distance_from_itself_and_a_shift_at_its_own() -> None:
    assert distance_from_truth(TRUTH, TRUTH) == 0
    assert distance_from_truth(TRUTH * 0.9 + 0.05, TRUTH * 0.9) == pytest.approx(0.05)


def test_chance_around_the_truth_hardly_counts() -> None:
    told = np.clip(TRUTH + 0.05 * RANDOM.normal(size=len(TRUTH)), 0, 1)
    assert distance_from_truth(told, TRUTH) < np.abs(told - TRUTH).mean() / 2
