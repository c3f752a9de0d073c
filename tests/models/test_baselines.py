from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from weilidai.errors import DataError
from weilidai.facts import FactorCatalogue
from weilidai.models.baselines import fit_plain_quota, fit_woe_scorecard
from weilidai.models.features import Features
from weilidai.models.quota import quota_features
from weilidai.models.settings import QuotaSettings
from weilidai.rules import Eligibility


def test_the_scorecard_ranks_the_eligible_and_rules_out_the_others(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    card = fit_woe_scorecard(parts.train, features, policy)
    eligible = policy.passes(parts.test)
    chance = card.probability(parts.test)
    assert (chance[~eligible] == 0).all()
    assert roc_auc_score(parts.test["is_invited"][eligible], chance[eligible]) > 0.7
    assert chance[eligible].mean() == pytest.approx(parts.test["is_invited"][eligible].mean(), abs=0.06)


def test_missing_values_carry_their_own_evidence(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    train = parts.train.copy()
    train.loc[train["is_invited"], "wallet_balance_cny"] = np.nan
    card = fit_woe_scorecard(train, features, policy)
    evidence = card.evidence[features.names.index("wallet_balance_cny")]
    assert evidence.weights[-1] > 3
    assert evidence.bins(np.array([np.nan, -1e9, 1e9])).tolist() == [
        len(evidence.weights) - 1, 0, len(evidence.weights) - 2,
    ]


def test_a_column_that_never_varies_says_nothing(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    card = fit_woe_scorecard(parts.train.assign(complaint_count_12m=0.0), features, policy)
    weights = card.evidence[features.names.index("complaint_count_12m")].weights
    assert np.abs(weights).max() < 0.5


def test_a_scorecard_of_one_outcome_is_refused(
    parts: SimpleNamespace, features: Features, policy: Eligibility
) -> None:
    with pytest.raises(DataError, match="all have the same label"):
        fit_woe_scorecard(parts.train.assign(is_invited=True), features, policy)


def test_the_plain_quota_explains_grants_without_bias(parts: SimpleNamespace, factors: FactorCatalogue) -> None:
    plain = fit_plain_quota(parts.train, quota_features(factors, QuotaSettings()))
    opened = parts.test[parts.test["is_opened"]]
    predicted = plain.mean_cny(opened)
    assert r2_score(opened["initial_quota_cny"], predicted) > 0.2
    assert predicted.mean() == pytest.approx(opened["initial_quota_cny"].mean(), rel=0.1)
