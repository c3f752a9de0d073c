"""Contributions by factor and dimension, and what they are made of."""

import itertools
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ConfigError, ModelError
from weilidai.explain.attributions import by_factor, credit_missing, gather_dimensions, seen_averages, shares
from weilidai.facts import FactorCatalogue
from weilidai.models.features import encode
from weilidai.models.invite import InviteModel


def test_a_factor_is_the_sum_of_its_columns(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    summed = by_factor(drawn.values, drawn.features, catalogue)
    place = list(catalogue.factors).index("bureau_inquiries")
    own = [drawn.features.index(name) for name in ("bureau_inquiry_count_3m", "bureau_inquiry_count_6m")]
    np.testing.assert_allclose(summed[:, place], drawn.values[:, own].sum(axis=1))


def test_nothing_is_lost_or_counted_twice(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    factors = by_factor(drawn.values, drawn.features, catalogue)
    for summed in (factors, gather_dimensions(factors, catalogue)):
        np.testing.assert_allclose(summed.sum(axis=1), drawn.values.sum(axis=1))


def test_the_mean_that_contributions_are_counted_from_is_left_out(
    drawn: SimpleNamespace, catalogue: FactorCatalogue
) -> None:
    with_base = np.column_stack([drawn.values, np.full(len(drawn.values), 99.0)])
    np.testing.assert_array_equal(
        by_factor(with_base, drawn.features, catalogue), by_factor(drawn.values, drawn.features, catalogue)
    )


def test_the_order_of_the_features_does_not_matter(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    turned = by_factor(drawn.values[:, ::-1], drawn.features[::-1], catalogue)
    np.testing.assert_allclose(turned, by_factor(drawn.values, drawn.features, catalogue))


def test_a_factor_without_a_feature_contributes_nothing(catalogue: FactorCatalogue) -> None:
    summed = by_factor(np.ones((2, 1)), ["daily_open_count"], catalogue)
    assert summed[:, list(catalogue.factors).index("app_activity")].tolist() == [1, 1]
    assert summed.sum() == 2


def test_contributions_that_are_not_one_per_feature_are_refused(catalogue: FactorCatalogue) -> None:
    with pytest.raises(ModelError, match="do not belong to 1 features"):
        by_factor(np.ones((2, 3)), ["daily_open_count"], catalogue)


def test_a_feature_of_no_factor_is_refused_with_the_near_name(catalogue: FactorCatalogue) -> None:
    with pytest.raises(ConfigError, match="did you mean 'daily_open_count'"):
        by_factor(np.ones((2, 1)), ["daily_open"], catalogue)


def test_shares_are_mean_sizes_of_the_sums(catalogue: FactorCatalogue) -> None:
    contributions = np.array([[1.0, -1.0, 2.0], [3.0, -3.0, -2.0]])
    features = ["bureau_inquiry_count_3m", "bureau_inquiry_count_6m", "daily_open_count"]
    found = shares(contributions, features, catalogue)
    assert found["app_activity"] == 1.0
    assert found["bureau_inquiries"] == 0.0, "the two columns cancel for each person"


def test_a_dimension_is_summed_before_it_is_sized(catalogue: FactorCatalogue) -> None:
    contributions = np.array([[1.0, -1.0, 2.0]])
    features = ["overdue_count_24m", "credit_card_count", "friend_count"]
    found = shares(contributions, features, catalogue, "dimension")
    assert (found["bureau"], found["social_behaviour"]) == (0.0, 1.0)


def test_shares_add_up_to_one_and_nobody_makes_none(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    assert math.isclose(shares(drawn.values, drawn.features, catalogue).sum(), 1)
    assert shares(drawn.values[:0], drawn.features, catalogue).sum() == 0


@pytest.mark.filterwarnings("ignore:The set_:PendingDeprecationWarning")  # shap's, on import
def test_our_contributions_are_those_of_shap(model: InviteModel, people: pd.DataFrame) -> None:
    import shap

    some = people.head(200)
    explained = shap.TreeExplainer(model.booster)
    matrix = encode(some, model.features)
    wanted = explained(matrix).values * model.calibration.slope
    np.testing.assert_allclose(model.contributions(some)[:, :-1], wanted, rtol=0, atol=1e-6)


def test_contributions_add_up_to_the_log_odds(model: InviteModel, people: pd.DataFrame) -> None:
    np.testing.assert_allclose(model.contributions(people).sum(axis=1), model.log_odds(people), rtol=0, atol=1e-6)


def test_contributions_are_shapley_values_of_the_trees(people: pd.DataFrame) -> None:
    """Counted out over every set of columns, without any library for it."""
    import lightgbm

    names = ["daily_open_count", "licaitong_months", "bureau_inquiry_count_6m"]
    matrix = people[names].to_numpy(dtype=np.float32)
    settings = {"objective": "binary", "num_leaves": 6, "num_threads": 1, "verbosity": -1, "min_data_in_leaf": 30}
    booster = lightgbm.train(settings, lightgbm.Dataset(matrix, people["is_invited"]), num_boost_round=4)
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    shown = matrix[:25].astype(np.float64)
    found = booster.predict(shown, pred_contrib=True)
    for row, person in zip(found, shown, strict=True):
        np.testing.assert_allclose(row[:-1], [shapley(trees, person, place) for place in range(3)], atol=1e-9)


def shapley(trees: list[dict[str, Any]], person: np.ndarray, place: int) -> float:
    others = [other for other in range(len(person)) if other != place]
    total = 0.0
    for size in range(len(person)):
        weight = math.factorial(size) * math.factorial(len(others) - size) / math.factorial(len(person))
        for known in itertools.combinations(others, size):
            total += weight * sum(expected(t, person, {*known, place}) - expected(t, person, {*known}) for t in trees)
    return total


def expected(node: dict[str, Any], person: np.ndarray, known: set[int]) -> float:
    """Give what a tree expects of a person of whom only some columns are known."""
    if "leaf_value" in node:
        return float(node["leaf_value"])
    left, right = node["left_child"], node["right_child"]
    if node["split_feature"] in known:
        value = person[node["split_feature"]]
        if np.isnan(value):
            goes_left = node["default_left"] if node["missing_type"] == "NaN" else node["threshold"] >= 0
        else:
            goes_left = value <= node["threshold"]
        return expected(left if goes_left else right, person, known)
    counts = [child.get("internal_count", child.get("leaf_count")) for child in (left, right)]
    both = (expected(left, person, known) * counts[0] + expected(right, person, known) * counts[1]) / sum(counts)
    return float(both)


def test_what_a_missing_value_contributes_goes_to_what_makes_it_missing() -> None:
    people = pd.DataFrame({"has_bureau_record": [False, True], "overdue_count_24m": [np.nan, 2.0], "friend_count": 3})
    features = ["has_bureau_record", "overdue_count_24m", "friend_count"]
    contributions = np.array([[-0.5, -0.25, 0.1, 9.0], [0.2, -0.7, 0.1, 9.0]])
    moved = credit_missing(people, contributions, features)
    assert moved.tolist() == [[-0.75, 0.0, 0.1, 9.0], [0.2, -0.7, 0.1, 9.0]]
    assert contributions[0, 1] == -0.25


def test_a_missing_value_counts_from_the_average_of_those_who_have_it() -> None:
    people = pd.DataFrame({"has_bureau_record": [False, True, True], "overdue_count_24m": [np.nan, 2.0, 0.0]})
    features = ["has_bureau_record", "overdue_count_24m"]
    contributions = np.array([[-0.5, -0.25], [0.2, -0.7], [0.2, 0.3]])
    averages = seen_averages(people, contributions, features)
    assert averages == {"overdue_count_24m": pytest.approx(-0.2)}
    moved = credit_missing(people, contributions, features, averages=averages)
    np.testing.assert_allclose(moved, [[-0.75, 0.0], [0.0, -0.5], [0.0, 0.5]], atol=1e-12)
    np.testing.assert_allclose(moved.sum(axis=1), contributions.sum(axis=1), atol=1e-12)
