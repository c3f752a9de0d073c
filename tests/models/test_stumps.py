"""Trees of one question, looked up instead of walked."""

import numpy as np
import pytest

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import Features
from weilidai.models.settings import InviteSettings
from weilidai.models.stumps import Stumps

FEATURES = Features(("number", "count", "kind"), (1, 0, 0), {"kind": ("a", "b", "c", "d")})
PEOPLE = 5000


@pytest.fixture(scope="module")
def seen() -> Labelled:
    random = np.random.default_rng(8)
    number, count = random.normal(size=PEOPLE), random.integers(0, 6, PEOPLE).astype(np.float64)
    kind = random.integers(0, 4, PEOPLE).astype(np.float64)
    label = random.uniform(size=PEOPLE) < 1 / (1 + np.exp(-number - 0.3 * count + (kind == 2)))
    matrix = np.column_stack([number, count, kind]).astype(np.float32)
    matrix[random.uniform(size=matrix.shape) < 0.1] = np.nan
    return Labelled(matrix, label.astype(np.float64))


@pytest.fixture(scope="module", params=[63, 1000], ids=["few kinds", "many kinds"])
def stumps(seen: Labelled, request: pytest.FixtureRequest) -> Stumps:
    trees = 120 if request.param == 63 else 600
    settings = InviteSettings(
        num_iterations=trees, early_stopping_round=trees, min_data_in_leaf=1, max_bin=request.param
    )
    read = Stumps.of(boosting.grow("binary", seen, seen, FEATURES, settings), FEATURES)
    assert read is not None
    return read


def edges(stumps: Stumps) -> np.ndarray:
    """People on every cut, one step to either side of it, and beyond all of them."""
    rows = []
    for place, kinds in enumerate(stumps.kinds):
        is_number = FEATURES.names[place] not in FEATURES.levels
        with np.errstate(over="ignore"):  # a cut between numbers and missing values lies beyond every number
            on = kinds[:-2].astype(np.float32)
            beside = [np.nextafter(on, np.float32(side)) for side in (-np.inf, np.inf)] if is_number else []
        beyond = [np.array([-np.inf, np.inf, -0.0, 1e-38, np.nan] if is_number else [np.nan], dtype=np.float32)]
        values = np.concatenate([on, *beside, *beyond])
        rows += [[value if column == place else 0.0 for column in range(3)] for value in values]
    return np.array(rows, dtype=np.float32)


def test_scores_are_those_of_lightgbm_to_the_last_bit(seen: Labelled, stumps: Stumps) -> None:
    for matrix in (seen.features, edges(stumps)):
        assert np.array_equal(stumps.score(stumps.codes(matrix)), boosting.score(stumps.booster, matrix))


def test_shares_are_those_of_lightgbm_to_the_last_bit(seen: Labelled, stumps: Stumps) -> None:
    for matrix in (seen.features, edges(stumps)):
        looked_up = stumps.contributions(stumps.codes(matrix))
        assert np.array_equal(looked_up, boosting.contributions(stumps.booster, matrix))


def test_near_scores_differ_from_scores_in_their_last_digits_only(seen: Labelled, stumps: Stumps) -> None:
    codes = stumps.codes(seen.features)
    assert np.abs(stumps.near_score(codes) - stumps.score(codes)).max() < 1e-12


def test_scaling_changes_the_booster_and_what_is_looked_up_alike(seen: Labelled) -> None:
    settings = InviteSettings(num_iterations=30, min_data_in_leaf=20)
    before = Stumps.of(boosting.grow("binary", seen, seen, FEATURES, settings), FEATURES)
    assert before is not None
    codes = before.codes(seen.features)
    parts, scales = before.contributions(codes)[:, :-1], np.array([2.0, 0.5, 0.0])
    after = before.scaled(scales, level=-0.25)
    assert after.contributions(codes) == pytest.approx(np.column_stack([parts * scales, np.full(PEOPLE, -0.25)]))
    assert np.array_equal(after.score(codes), boosting.score(after.booster, seen.features))


@pytest.mark.parametrize("knobs", [{"max_depth": 2, "num_leaves": 4}, {"min_data_in_leaf": PEOPLE}])
def test_trees_that_ask_more_or_nothing_are_no_stumps(seen: Labelled, knobs: dict[str, int]) -> None:
    booster = boosting.grow("binary", seen, seen, FEATURES, InviteSettings(num_iterations=10, **knobs))
    assert Stumps.of(booster, FEATURES) is None
