import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import DataError
from weilidai.facts import FactorCatalogue
from weilidai.models.quota import QuotaModel, fit_quota, quota_features
from weilidai.models.settings import QuotaSettings


@pytest.fixture(scope="module")
def opened(parts: SimpleNamespace) -> pd.DataFrame:
    return parts.test[parts.test["is_opened"]]


def test_the_interval_holds_what_it_promises(quota: QuotaModel, opened: pd.DataFrame) -> None:
    bounds = quota.predict(opened)
    inside = opened["initial_quota_cny"].between(bounds["quota_low_cny"], bounds["quota_high_cny"])
    assert inside.mean() > 0.9 - 4 * np.sqrt(0.09 / len(opened))


def test_the_interval_is_narrower_where_grants_vary_less(quota: QuotaModel, opened: pd.DataFrame) -> None:
    bounds = quota.predict(opened)
    width = np.log(bounds["quota_high_cny"] / bounds["quota_low_cny"])
    steady = opened["uses_vpn"]
    assert width[steady].median() < 0.7 * width[~steady].median()


def test_the_mean_grant_is_unbiased_in_yuan(quota: QuotaModel, opened: pd.DataFrame) -> None:
    actual = opened["initial_quota_cny"]
    error = actual.std() / np.sqrt(len(actual))
    assert abs(quota.mean_cny(opened).mean() - actual.mean()) < 4 * error


def test_grants_are_whole_hundreds_within_their_bounds_and_interval(quota: QuotaModel, parts: SimpleNamespace) -> None:
    told = quota.predict(parts.test)
    assert (told.to_numpy() % 100 == 0).all()
    assert told["quota_low_cny"].min() >= 500
    assert told["quota_high_cny"].max() <= 30_000
    assert (told["quota_low_cny"] <= told["quota_cny"]).all()
    assert (told["quota_cny"] <= told["quota_high_cny"]).all()


def test_no_grant_is_told_above_the_largest_one_seen(quota: QuotaModel, parts: SimpleNamespace) -> None:
    seen = pd.concat([parts.train, parts.valid, parts.calibrate])["initial_quota_cny"].max()
    assert quota.grants.maximum_cny == seen
    assert quota.mean_cny(parts.test.assign(monthly_spend_cny=np.float32(1e6))).max() <= seen


def test_spending_more_never_lowers_the_grant(quota: QuotaModel, parts: SimpleNamespace) -> None:
    steps = [quota.mean_cny(parts.test.assign(monthly_spend_cny=np.float32(value))) for value in np.linspace(0, 50, 20)]
    assert (np.diff(steps, axis=0) >= 0).all()
    assert (steps[-1] > steps[0]).any()


def test_one_person_and_a_batch_are_granted_the_same_to_the_last_digit(
    quota: QuotaModel, parts: SimpleNamespace
) -> None:
    batch, means = quota.predict(parts.test), quota.mean_cny(parts.test)
    for place in range(0, len(parts.test), 97):
        person = parts.test.iloc[[place]]
        assert quota.predict(person).equals(batch.iloc[[place]])
        assert quota.mean_cny(person)[0] == means[place]


def test_contributions_add_up_to_the_logarithm_of_the_mean(quota: QuotaModel, parts: SimpleNamespace) -> None:
    means = np.exp(quota.contributions(parts.test).sum(axis=1))
    assert quota.grants.bound(means) == pytest.approx(quota.mean_cny(parts.test), rel=1e-9)


def test_taking_the_model_apart_and_together_changes_no_digit(quota: QuotaModel, parts: SimpleNamespace) -> None:
    texts, state = quota.to_parts()
    again = QuotaModel.from_parts(texts, json.loads(json.dumps(state)))
    assert again.predict(parts.test).equals(quota.predict(parts.test))
    assert again.to_parts() == quota.to_parts()


@pytest.mark.parametrize("grant", [np.nan, np.inf, 0.0, -1.0])
def test_a_grant_that_cannot_be_is_counted_and_refused(
    parts: SimpleNamespace, factors: FactorCatalogue, grant: float
) -> None:
    broken = parts.train.copy()
    broken.loc[broken.index[broken["is_opened"]][:2], "initial_quota_cny"] = grant
    features = quota_features(factors, QuotaSettings())
    with pytest.raises(DataError, match=r"initial_quota_cny: .* for 2 of"):
        fit_quota(broken, parts.valid, parts.calibrate, features, QuotaSettings())


def test_nobody_who_opened_is_nothing_to_learn_from(parts: SimpleNamespace, factors: FactorCatalogue) -> None:
    closed = parts.train.assign(is_opened=False)
    features = quota_features(factors, QuotaSettings())
    with pytest.raises(DataError, match="none of 2500 people opened"):
        fit_quota(closed, parts.valid, parts.calibrate, features, QuotaSettings())


def test_people_held_out_in_turn_calibrate_the_interval_too(parts: SimpleNamespace, factors: FactorCatalogue) -> None:
    knobs = {"num_iterations": 20, "min_data_in_leaf": 20, "interval_group_minimum": 20}
    told = {}
    for folds, wanted in ((0, 6000), (4, 6000), (4, 0)):
        settings = QuotaSettings(**knobs, interval_folds=folds, interval_people=wanted)
        features = quota_features(factors, settings)
        told[folds, wanted] = fit_quota(parts.train, parts.valid, parts.calibrate, features, settings)
    assert told[0, 6000].reach == told[4, 0].reach
    assert told[0, 6000].reach.overall != told[4, 6000].reach.overall
    assert set(told[0, 6000].reach.by_group) < set(told[4, 6000].reach.by_group) | {""}
    assert told[0, 6000].booster.model_to_string() == told[4, 6000].booster.model_to_string()


def test_an_interval_without_groups_reaches_equally_far_for_all(
    parts: SimpleNamespace, factors: FactorCatalogue
) -> None:
    settings = QuotaSettings(num_iterations=20, min_data_in_leaf=20, interval_groups=None, interval_folds=2)
    model = fit_quota(parts.train, parts.valid, parts.calibrate, quota_features(factors, settings), settings)
    assert model.reach.column is None
    assert len(set(model.reach.of(parts.test).tolist())) == 1


def test_groups_that_the_model_does_not_read_are_no_groups(parts: SimpleNamespace, factors: FactorCatalogue) -> None:
    settings = QuotaSettings(num_iterations=20, min_data_in_leaf=20, excluded_columns=("user_type",), interval_folds=0)
    model = fit_quota(parts.train, parts.valid, parts.calibrate, quota_features(factors, settings), settings)
    assert model.reach.column is None
    assert len(model.predict(parts.test.drop(columns="user_type"))) == len(parts.test)
