import numpy as np
import pandas as pd
import pytest

from weilidai.evaluation.stability import column_stability, farthest_column, month_by_month, psi, score_stability

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


def test_the_column_that_moved_most_comes_first_in_every_month_and_over_all() -> None:
    before = pd.DataFrame({"still": BEFORE, "moved": BEFORE, "flag": BEFORE > 0})
    months = np.array(["2021-11", "2021-10"] * 10_000, dtype=object)
    table = column_stability(before, before.assign(moved=BEFORE + 1), ("still", "flag", "moved"), months)
    assert table["month"].tolist() == ["all"] * 3 + ["2021-10"] * 3 + ["2021-11"] * 3
    assert table.groupby("month")["column"].first().unique().tolist() == ["moved"]


def test_a_column_is_cut_by_the_people_learnt_from_in_every_month_alike() -> None:
    months = np.array(["2021-10"] * 15_000 + ["2021-11"] * 5_000, dtype=object)
    later = pd.DataFrame({"score": BEFORE + (months == "2021-11")})
    table = column_stability(pd.DataFrame({"score": BEFORE}), later, ("score",), months).set_index("month")["psi"]
    for month in ("2021-10", "2021-11"):
        assert table[month] == pytest.approx(psi(BEFORE, later.loc[months == month, "score"]))
    assert table["all"] == pytest.approx(psi(BEFORE, later["score"]))


def test_the_farthest_column_is_that_of_a_single_month() -> None:
    before = pd.DataFrame({"still": BEFORE, "once": BEFORE})
    months = np.array(["2021-10", "2021-11"] * 10_000, dtype=object)
    table = column_stability(before, before.assign(once=BEFORE + (months == "2021-11")), ("still", "once"), months)
    found = farthest_column(table)
    assert (found["column"], found["month"]) == ("once", "2021-11")
    assert farthest_column(table.head(0)) == {}


def test_months_stand_side_by_side_the_column_that_moved_most_over_all_first() -> None:
    before = pd.DataFrame({"still": BEFORE, "moved": BEFORE})
    months = np.array(["2021-10", "2021-11"] * 10_000, dtype=object)
    table = column_stability(before, before.assign(moved=BEFORE + 1), ("still", "moved"), months)
    wide = month_by_month(table)
    assert wide.columns.tolist() == ["column", "psi", "2021-10", "2021-11"]
    assert wide["column"].tolist() == ["moved", "still"]
    assert (wide.iloc[0, 1:] > wide.iloc[1, 1:]).all()
    assert month_by_month(table.head(0)).columns.tolist() == ["column", "psi"]
