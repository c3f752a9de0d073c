import re
from collections.abc import Callable

import lightgbm
import numpy as np
import pytest

from weilidai.errors import ModelError
from weilidai.models.structure import Expected, check_trees, summarise

NAMES = ("opens", "balance", "tenure", "kind")
CATEGORIES = frozenset({"kind"})


def grow(**changes: object) -> str:
    random = np.random.default_rng(1)
    people = random.normal(size=(600, 4)).astype(np.float32)
    people[:, 3] = random.integers(0, 5, 600)
    people[random.random((600, 4)) < 0.1] = np.nan
    label = (np.nan_to_num(people[:, 0]) + (people[:, 3] == 2) + 0.3 * random.normal(size=600) > 0).astype(float)
    settings = {"objective": "binary", "num_leaves": 6, "min_data_in_leaf": 5, "verbosity": -1, "num_threads": 1}
    table = lightgbm.Dataset(
        people, label, feature_name=list(NAMES), categorical_feature=[3], params={"verbosity": -1}
    )
    return lightgbm.train({**settings, **changes}, table, num_boost_round=4).model_to_string()


@pytest.fixture(scope="module")
def text() -> str:
    return grow()


def expected(text: str) -> Expected:
    trees, objective = summarise(text)
    return Expected(trees, objective, NAMES, CATEGORIES)


def refuse(changed: str, original: str) -> str:
    with pytest.raises(ModelError) as refused:
        check_trees(changed, expected(original), "invite.txt")
    return refused.value.what


def resized(text: str) -> str:
    """Write the true sizes of the trees into the header, as somebody would who knows the format."""
    body = text.partition("\n\n")[2].partition("end of trees")[0]
    sizes = [len(block) for block in re.split(r"(?=Tree=\d)", body) if block]
    return re.sub(r"tree_sizes=.*", "tree_sizes=" + " ".join(map(str, sizes)), text, count=1)


def set_number(key: str, place: int, value: str) -> Callable[[str], str]:
    """Change one number of a key of the first tree that has it."""

    def change(text: str) -> str:
        found = re.search(rf"^{key}=(\S.*)$", text, re.MULTILINE)
        assert found is not None
        numbers = found[1].split()
        numbers[place] = value
        return text[: found.start(1)] + " ".join(numbers) + text[found.end(1) :]

    return change


def test_a_text_from_lightgbm_is_sound(text: str) -> None:
    check_trees(text, expected(text), "invite.txt")


def of_any_kind(seed: int) -> str:
    """Grow a model by settings drawn from everything a LightGBM user may set."""
    random = np.random.default_rng(seed)
    objective = str(random.choice(["binary", "regression", "regression_l1", "huber", "quantile", "cross_entropy"]))
    can_be_held = objective in ("binary", "regression") and random.random() < 0.5
    return grow(
        objective=objective, monotone_constraints=[1, 0, -1, 0] if can_be_held else None,
        num_leaves=int(random.integers(2, 60)), max_depth=int(random.choice([-1, 1, 3, 8])), seed=seed,
        min_data_in_leaf=int(random.choice([1, 5, 20, 250, 600])), boosting=str(random.choice(["gbdt", "dart"])),
        feature_fraction=float(random.choice([0.25, 0.5, 1.0])), max_cat_to_onehot=int(random.choice([1, 4])),
        bagging_fraction=float(random.choice([0.5, 1.0])), bagging_freq=int(random.integers(0, 3)),
        lambda_l1=float(random.choice([0.0, 0.1])), lambda_l2=float(random.choice([0.0, 5.0])),
        max_bin=int(random.choice([2, 16, 255])), use_missing=bool(random.random() < 0.8),
        zero_as_missing=bool(random.random() < 0.2), extra_trees=bool(random.random() < 0.2),
        learning_rate=float(random.choice([1e-3, 0.1, 0.3, 1.0])), cat_smooth=float(random.choice([0.0, 10.0])),
    )  # fmt: skip


def test_texts_of_a_thousand_models_of_all_kinds_are_sound() -> None:
    for seed in range(1000):
        text = of_any_kind(seed)
        check_trees(text, expected(text), f"model {seed}")


@pytest.mark.parametrize(("damage", "told"), [
    (set_number("left_child", 0, "99"), "left_child"),
    (set_number("right_child", 0, "-99"), "right_child"),
    (set_number("left_child", 1, "0"), "hangs on none or on several"),
    (set_number("leaf_value", 0, "nan"), "leaf_value"),
    (set_number("leaf_value", 0, "1e999"), "leaf_value"),
    (set_number("split_feature", 0, "4"), "split_feature"),
    (set_number("split_feature", 0, "-1"), "split_feature"),
    (set_number("decision_type", 0, "12"), "missing values"),
    (set_number("num_leaves", 0, "99999999"), "num_leaves"),
    (set_number("internal_count", 0, "0"), "internal_count"),
    (set_number("is_linear", 0, "1"), "is_linear"),
    (set_number("cat_boundaries", 1, "7"), "cat_threshold"),
    (set_number("cat_threshold", 0, "4294967296"), "cat_threshold"),
    (lambda text: text.replace("leaf_value=", "leaf_valu=", 1), "keys"),
    (lambda text: text.replace("objective=binary sigmoid:1", "objective=regression", 1), "objective"),
    (lambda text: text.replace("version=v4", "version=v3", 1), "version"),
    (lambda text: text.replace("opens balance", "balance opens", 1), "columns"),
    (lambda text: text.replace("max_feature_idx=3", "max_feature_idx=9", 1), "max_feature_idx"),
    (lambda text: text.replace("end of trees", "end of tree", 1), "end of trees"),
    (lambda text: text.replace("label_index", "average_output", 1), "header"),
    (lambda text: text.replace("pandas_categorical:null", 'pandas_categorical:[["a"]]'), "categories"),
    (lambda text: text.replace("opens", "öpens"), "ASCII"),
    (lambda _: "", "first line"),
])  # fmt: skip
def test_a_hostile_text_is_refused(text: str, damage: Callable[[str], str], told: str) -> None:
    changed = damage(text)
    assert changed != text
    assert re.search(told, refuse(resized(changed), text))


def test_trees_that_lead_back_to_an_earlier_split_are_refused() -> None:
    cycle = "left_child=1 2 1\nright_child=-1 -2 -3"
    text = grow(num_leaves=4)
    changed = re.sub(r"left_child=.*\nright_child=.*", cycle, text, count=1)
    assert "hangs on" in refuse(resized(changed), text) or "earlier" in refuse(resized(changed), text)


def test_a_text_cut_at_a_tree_is_refused_even_without_its_sizes(text: str) -> None:
    start, stop = text.index("Tree=2"), text.index("end of trees")
    cut = resized(text[:start] + text[stop:])
    assert "number of trees" in refuse(cut, text)
    assert "header keys" in refuse(re.sub(r"tree_sizes=.*\n", "", cut), text)


def test_sizes_that_do_not_fit_the_trees_are_refused(text: str) -> None:
    assert "tree_sizes" in refuse(text.replace("Tree=1\n", "Tree=1\n\n", 1), text)
