"""Interventional Shapley values: equal to shap, to woodelf, and to counting out."""

import itertools
import math

import lightgbm
import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ModelError
from weilidai.explain.interventional import Interventional, Table
from weilidai.models import boosting
from weilidai.models.features import Features, Matrix, encode
from weilidai.models.invite import InviteModel

NUMBERS = ("daily_open_count", "licaitong_months", "bureau_inquiry_count_6m", "debt_to_income_share", "friend_count")
WITH_CATEGORY = Features(("daily_open_count", "user_type", "debt_to_income_share"), (0, 0, 0), {})


def grown(people: pd.DataFrame, features: Features, leaves: int, depth: int, trees: int = 30) -> lightgbm.Booster:
    data = lightgbm.Dataset(
        encode(people, features), people["is_invited"], feature_name=list(features.names),
        categorical_feature=features.categorical_indices, free_raw_data=False,
    )
    settings = {"objective": "binary", "num_leaves": leaves, "max_depth": depth, "min_data_in_leaf": 20,
                "num_threads": 1, "verbosity": -1, "min_data_per_group": 10, "cat_smooth": 1}
    return boosting.read_booster(lightgbm.train(settings, data, trees).model_to_string(), features)


def plain(names: tuple[str, ...]) -> Features:
    return Features(names, (0,) * len(names), {})


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("leaves", "depth"), [(2, 1), (4, 2), (8, 3), (15, 5)])
def test_they_are_those_of_shap_with_every_row_of_the_background(people: pd.DataFrame, leaves: int, depth: int) -> None:
    import shap

    features = plain(NUMBERS)
    booster, matrix = grown(people, features, leaves, depth), encode(people, features)
    background, some = matrix[:400], matrix[1000:1040]
    # Given a bare matrix shap would keep a hundred rows of it without a word.
    masker = shap.maskers.Independent(background.astype(np.float64), max_samples=len(background))
    explainer = shap.TreeExplainer(booster, masker, feature_perturbation="interventional")
    wanted = explainer.shap_values(some.astype(np.float64))
    found = Interventional(booster.model_to_string(), features, background).contributions(some)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_they_are_those_of_woodelf(people: pd.DataFrame) -> None:
    import woodelf

    features = plain(NUMBERS)
    booster, matrix = grown(people, features, 8, 3), encode(people, features)
    background, some = matrix[:400], matrix[1000:1300]
    explainer = woodelf.WoodelfExplainer(booster, pd.DataFrame(background, columns=list(NUMBERS)))
    wanted = explainer.shap_values(pd.DataFrame(some, columns=list(NUMBERS)), verbose=False)
    found = Interventional(booster.model_to_string(), features, background).contributions(some)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("leaves", "depth"), [(2, 1), (6, 3)])
def test_they_are_counted_out_where_trees_split_by_category(
    people: pd.DataFrame, model: InviteModel, leaves: int, depth: int
) -> None:
    levels = {name: words for name, words in model.features.levels.items() if name == "user_type"}
    features = Features(WITH_CATEGORY.names, WITH_CATEGORY.directions, levels)
    choosy = people.assign(is_invited=people["is_invited"] & (people["user_type"] != "student"))
    booster, matrix = grown(choosy, features, leaves, depth), encode(people, features)
    assert "num_cat=1" in booster.model_to_string()
    background, some = matrix[:30], matrix[1000:1012].copy()
    some[0, 1] = np.nan  # a kind of user nobody knew
    found = Interventional(booster.model_to_string(), features, background).contributions(some)
    for row, person in zip(found, some, strict=True):
        np.testing.assert_allclose(row, counted_out(booster, person, background), rtol=0, atol=1e-9)


def counted_out(booster: lightgbm.Booster, person: Matrix, background: Matrix) -> list[float]:
    """Average over all orders in which the person's values can replace those of each of the others."""
    width = len(person)

    def worth(known: frozenset[int]) -> float:
        mixed = background.copy()
        mixed[:, list(known)] = person[list(known)]
        return float(boosting.score(booster, mixed).mean())

    worths = {
        frozenset(known): worth(frozenset(known))
        for size in range(width + 1) for known in itertools.combinations(range(width), size)
    }
    parts = [0.0] * width
    for order in itertools.permutations(range(width)):
        for place, column in enumerate(order):
            before = frozenset(order[:place])
            parts[column] += (worths[before | {column}] - worths[before]) / math.factorial(width)
    return parts


@pytest.mark.parametrize(("leaves", "depth"), [(2, 1), (4, 2), (15, 4)])
def test_they_add_up_to_the_score_against_the_background(people: pd.DataFrame, leaves: int, depth: int) -> None:
    features = plain(NUMBERS)
    booster, matrix = grown(people, features, leaves, depth, trees=100), encode(people, features)
    found = Interventional(booster.model_to_string(), features, matrix[:500]).contributions(matrix)
    wanted = boosting.score(booster, matrix) - boosting.score(booster, matrix[:500]).mean()
    np.testing.assert_allclose(found.sum(axis=1), wanted, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found[:500].mean(axis=0), 0, atol=1e-9)


def test_one_person_alone_is_told_the_same_to_the_last_bit(model: InviteModel, people: pd.DataFrame) -> None:
    matrix = encode(people, model.features)
    shares = Interventional(model.booster.model_to_string(), model.features, matrix[:200])
    together = shares.contributions(matrix[:100])
    alone = np.vstack([shares.contributions(matrix[[row]]) for row in range(100)])
    assert np.array_equal(together, alone)


def test_a_step_takes_its_upper_end_and_a_missing_value_has_its_own() -> None:
    table = Table(np.array([1.0, 2.0], dtype=np.float32), np.array([10.0, 20.0, 30.0, 99.0]))
    assert table.of(np.array([0.5, 1.0, 1.5, 2.0, 3.0, np.nan], dtype=np.float32)).tolist() == [10, 10, 20, 20, 30, 99]


def test_nobody_to_compare_with_is_refused(model: InviteModel, people: pd.DataFrame) -> None:
    nobody = encode(people.head(0), model.features)
    with pytest.raises(ModelError, match="nobody to explain against"):
        Interventional(model.booster.model_to_string(), model.features, nobody)
