from types import SimpleNamespace

import lightgbm
import numpy as np
import pytest

from weilidai.models.features import Features
from weilidai.models.tree_boxes import Boxes, float32_below, read_boxes

LEVELS = ("a", "b", "c", "d")
FEATURES = Features(("x", "y", "kind"), (1, 0, 0), {"kind": LEVELS})


@pytest.fixture(scope="module")
def grown() -> SimpleNamespace:
    random = np.random.default_rng(4)
    matrix = np.stack(
        [random.normal(size=3000), random.normal(size=3000), random.integers(0, 4, 3000)], axis=1
    ).astype(np.float32)
    matrix[random.random((3000, 3)) < 0.15] = np.nan
    label = np.nan_to_num(matrix[:, 0]) + np.sin(3 * np.nan_to_num(matrix[:, 1])) + (matrix[:, 2] == 2) * 2.0
    data = lightgbm.Dataset(matrix, label, categorical_feature=[2], feature_name=list(FEATURES.names))
    knobs = {"objective": "regression", "num_leaves": 9, "verbosity": -1, "num_threads": 1, "min_data_per_group": 5,
             "cat_smooth": 1}
    return SimpleNamespace(booster=lightgbm.train(knobs, data, 8), matrix=matrix)


def leaves_of(boxes: Boxes, matrix: np.ndarray) -> np.ndarray:
    """Which leaf takes each person, by the boxes alone; shape (people,)."""
    taken = np.ones((len(matrix), len(boxes.value)), dtype=bool)
    for where, column in enumerate(boxes.columns):
        values = matrix[:, column].astype(np.float64)
        if where in boxes.categories:
            codes = np.where(np.isnan(values), len(LEVELS), np.nan_to_num(values)).astype(int)
            taken &= boxes.categories[where][:, codes].T
        else:
            inside = (boxes.low[:, where] < values[:, None]) & (values[:, None] <= boxes.high[:, where])
            taken &= np.where(np.isnan(values)[:, None], boxes.takes_missing[:, where], inside)
    assert (taken.sum(axis=1) == 1).all()
    return taken.argmax(axis=1)


def test_every_person_is_in_exactly_the_leaf_that_the_trees_say(grown: SimpleNamespace) -> None:
    trees = list(read_boxes(grown.booster.model_to_string(), FEATURES))
    said = grown.booster.predict(grown.matrix, pred_leaf=True)
    assert any(boxes.categories for boxes in trees)
    for number, boxes in enumerate(trees):
        assert (leaves_of(boxes, grown.matrix) == said[:, number]).all()


def test_the_boxes_of_a_tree_share_nobody(grown: SimpleNamespace) -> None:
    for boxes in read_boxes(grown.booster.model_to_string(), FEATURES):
        shared = boxes.overlaps().all(axis=2)
        assert (shared == np.eye(len(boxes.value), dtype=bool)).all()


def test_a_threshold_between_two_float32_moves_down_to_the_lower_one() -> None:
    below = float32_below(np.array([0.1, -0.1, 2.0, 1e-35, np.inf]))
    assert (below <= [0.1, -0.1, 2.0, 1e-35, np.inf]).all()
    assert (np.nextafter(below[:4].astype(np.float32), np.float32(np.inf)) > [0.1, -0.1, 2.0, 1e-35]).all()
