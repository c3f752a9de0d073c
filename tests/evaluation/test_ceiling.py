from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.evaluation.bootstrap import Measured, measure
from weilidai.evaluation.ceiling import regrets, share_of_ceiling, share_of_r2
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.quota_metrics import QuotaScores


@pytest.fixture(scope="module")
def measured(known: SimpleNamespace) -> Measured:
    scored = {
        "test.invite": InviteScores(known.label, known.model),
        "ceiling.invite": InviteScores(known.label, known.truth),
        "noise.invite": InviteScores(known.label, known.noise),
    }
    return measure(scored, len(known.label), replicates=100, level=0.95, seed=3)


def test_a_worse_model_has_a_positive_regret_in_every_metric(measured: Measured) -> None:
    found = regrets(measured, "invite")
    assert set(found) == {"auc", "ks", "pr_auc", "brier", "logloss"}
    assert all(regret.value > 0 for regret in found.values())
    assert found["auc"].low > 0


def test_the_truth_has_no_regret_and_all_of_its_own_ceiling(measured: Measured) -> None:
    assert {regret.value for regret in regrets(measured, "invite", model="ceiling").values()} == {0}
    assert share_of_ceiling(measured, "invite", model="ceiling").value == 1


def test_noise_reaches_nothing_of_the_ceiling(measured: Measured) -> None:
    share = share_of_ceiling(measured, "invite", model="noise")
    assert abs(share.value) < 0.1
    assert share.low < share.value < share.high


def test_nothing_is_said_of_what_was_not_measured(measured: Measured) -> None:
    assert regrets(measured, "quota") == {}


def test_the_share_of_r2_is_the_ratio_to_the_true_mean() -> None:
    random = np.random.default_rng(2)
    mean = random.uniform(6_000, 14_000, 3_000)
    actual = mean + random.normal(0, 1_000, 3_000)
    scored = {"test.quota": QuotaScores(actual, mean + random.normal(0, 500, 3_000)),
              "ceiling.quota": QuotaScores(actual, mean)}
    measured = measure(scored, 3_000, replicates=50, level=0.95, seed=1)
    share = share_of_r2(measured, "quota")
    assert share.value == pytest.approx(measured.values["test.quota.r2"] / measured.values["ceiling.quota.r2"])
    assert share.low < share.value < share.high < 1
