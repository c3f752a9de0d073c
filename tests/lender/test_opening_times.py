import numpy as np
import pytest

from weilidai.lender import decide
from weilidai.noise import Noise


def test_every_reviewed_application_is_approved_in_ten_to_thirty_seconds(everyone) -> None:
    seconds = everyone.columns["quota_approval_seconds"]
    reviewed = everyone.columns["is_verified"] & ~everyone.columns["is_intercepted"]
    assert np.array_equal(~np.isnan(seconds), reviewed)
    assert np.nanmin(seconds) == pytest.approx(10, abs=0.1)
    assert np.nanmax(seconds) == pytest.approx(30, abs=0.1)


def test_money_takes_two_minutes_on_average_and_one_at_the_fastest(everyone) -> None:
    seconds = everyone.columns["payout_seconds"][everyone.columns["is_opened"]].astype(np.float64)
    assert seconds.min() >= 60
    assert abs(seconds.mean() - 120) < 4 * seconds.std() / np.sqrt(seconds.size)


def test_the_journey_is_its_parts(everyone) -> None:
    c = everyone.columns
    parts = c["verification_seconds"] * c["verification_attempt_count"] + c["quota_approval_seconds"]
    np.testing.assert_allclose(c["journey_seconds"], parts + c["payout_seconds"], atol=0.1)
    assert np.array_equal(~np.isnan(c["journey_seconds"]), c["is_opened"])


def test_no_step_is_gone_before_the_one_in_front_of_it(everyone) -> None:
    steps, c = everyone.columns["journey_step_count"], everyone.columns
    assert np.array_equal(steps == 5, c["is_opened"])
    assert np.array_equal(steps >= 3, c["is_verified"])
    assert np.array_equal(steps >= 2, c["has_applied"])
    assert np.array_equal(c["has_passed_first_checks"], c["is_verified"])


def test_the_redesign_adds_a_sixth_step_behind_the_usual_checks(one, contracted) -> None:
    c = decide(one.people, contracted, Noise(5, 0)).columns
    steps = c["journey_step_count"]
    assert np.array_equal(steps == 6, c["is_opened"])
    assert np.array_equal(steps >= 4, c["is_verified"])
    assert np.array_equal(steps >= 3, c["has_passed_first_checks"])
    assert (steps == 3).any()
