"""The probability from which a policy invites."""

import numpy as np
import pytest

from weilidai.models.coverage import coverage_threshold, exact_at


def test_a_coverage_beyond_the_eligible_still_invites_nobody_else() -> None:
    assert coverage_threshold(np.array([0.4]), places=3) > 0


def test_at_least_one_person_is_invited() -> None:
    assert coverage_threshold(np.array([0.1, 0.4]), places=0) == 0.4


@pytest.mark.parametrize("places", [1, 7, 500, 1000])
def test_whoever_holds_the_place_by_near_scores_has_the_exact_score(places: int) -> None:
    random = np.random.default_rng(4)
    exact = random.normal(size=1000).round(2)  # many share a score
    near = exact + random.uniform(-1e-8, 1e-8, 1000)
    asked: list[int] = []

    def exactly(some: np.ndarray) -> np.ndarray:
        asked.extend(some)
        return exact[some]

    found = np.sort(exact_at(places, near, exactly))[-places]
    assert found == np.sort(exact)[-places]
    assert len(asked) < 50


def test_nobody_is_scored_anew_for_a_place_beyond_the_last() -> None:
    near = np.array([1.0, 2.0])
    assert np.array_equal(exact_at(3, near, lambda some: some * np.nan), near)
