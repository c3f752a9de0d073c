import numpy as np
import pytest

from weilidai.errors import DataError
from weilidai.evaluation.learning_floor import fit_floor

ROWS = [5_000, 20_000, 50_000, 200_000, 1_000_000]


@pytest.mark.parametrize(("floor", "power"), [(0.0, 0.5), (0.002, 0.8), (0.01, 1.2)])
def test_a_curve_is_found_again_through_a_little_noise(floor: float, power: float) -> None:
    noise = np.random.default_rng(1).normal(1, 0.005, len(ROWS))
    found = fit_floor(ROWS, [(floor + 60 * rows**-power) * off for rows, off in zip(ROWS, noise, strict=True)])
    assert found.floor == pytest.approx(floor, abs=max(0.05 * floor, 0.0003))
    assert found.regret(100_000) == pytest.approx(floor + 60 * 100_000**-power, rel=0.03)


def test_a_regret_below_the_floor_is_never_reached() -> None:
    found = fit_floor(ROWS, [0.01 + 10 / rows for rows in ROWS])
    assert found.rows_for(0.005) == float("inf")
    assert found.rows_for(0.02) == pytest.approx(1000, rel=0.01)


def test_two_points_are_no_curve() -> None:
    with pytest.raises(DataError, match="three numbers of people"):
        fit_floor([1000, 2000], [0.1, 0.05])


def test_a_regret_of_nothing_is_refused() -> None:
    with pytest.raises(DataError, match="above 0"):
        fit_floor([1000, 2000, 3000], [0.1, 0.05, 0.0])
