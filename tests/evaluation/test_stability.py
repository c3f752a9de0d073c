import numpy as np
import pandas as pd
import pytest

from weilidai.evaluation.stability import column_stability, psi, score_stability

RANDOM = np.random.default_rng(9)
BEFORE = pd.Series(RANDOM.normal(size=20_000))


def test_the_same_population_is_stable() -> None:
    assert psi(BEFORE, pd.Series(RANDOM.normal(size=20_000))) < 0.005


@pytest.mark.parametrize(("shift", "low", "high"), [(0.2, 0.02, 0.1), (0.5, 0.2, 0.4), (1.0, 0.9, 1.3)])
def test_a_moved_population_shows_as_far_as_it_moved(shift: float, low: float, high: float) -> None:
    assert low < psi(BEFORE, BEFORE + shift) < high


def test_values_that_went_missing_count_as_a_move() -> None:
    gone = BEFORE.where(RANDOM.random(len(BEFORE)) < 0.7)
    assert psi(BEFORE, gone) > 1


def test_categories_are_their_own_bins_new_ones_included() -> None:
    before = pd.Series(["a", "b"] * 500, dtype="str")
    assert psi(before, before) == pytest.approx(0)
    assert psi(before, pd.Series(["a", "c"] * 500, dtype="str")) > 1
    assert psi(before, pd.Series(["a", None] * 500, dtype="str")) > 1


def test_two_shares_give_the_index_of_the_textbook() -> None:
    before, after = (pd.Series([0] * zeros + [1] * (100_000 - zeros)) for zeros in (50_000, 40_000))
    assert psi(before, after) == pytest.approx(0.1 * np.log(0.6 / 0.5) - 0.1 * np.log(0.4 / 0.5), abs=1e-4)


def test_a_score_is_followed_month_by_month() -> None:
    months = np.array(["2021-11"] * 10_000 + ["2021-10"] * 10_000, dtype=object)
    later = BEFORE.to_numpy() + (months == "2021-11")
    table = score_stability(BEFORE.to_numpy(), later, months)
    assert table["month"].tolist() == ["2021-10", "2021-11"]
    assert table["psi"].iloc[0] < 0.01
    assert table["psi"].iloc[1] > 0.5
    assert table["people"].tolist() == [10_000, 10_000]


def test_the_column_that_moved_most_comes_first() -> None:
    before = pd.DataFrame({"still": BEFORE, "moved": BEFORE, "flag": BEFORE > 0})
    later = before.assign(moved=BEFORE + 1)
    assert column_stability(before, later, ("still", "flag", "moved"))["column"].iloc[0] == "moved"
