from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.errors import ConfigError
from weilidai.evaluation.quota_metrics import QuotaScores, RateScores
from weilidai.evaluation.report import Report, report_invite, report_quota, report_rate
from weilidai.evaluation.settings import EvaluationSettings

SETTINGS = EvaluationSettings(replicates=40)


@pytest.fixture(scope="module")
def invite_report(known: SimpleNamespace) -> Report:
    scores = {
        "test": known.model, "ceiling": known.truth, "baseline.woe_scorecard": known.model * 0.9,
        "baseline.documented_rules": known.noise,
    }
    return report_invite(known.people, known.label, scores, known.model > 0.5, known.is_eligible, SETTINGS)


def test_metrics_carry_their_fixed_names(invite_report: Report) -> None:
    assert {
        "test.invite.auc", "test.invite.ks", "test.invite.logloss", "test.invite.coverage", "test.invite.auc_low",
        "test.invite_eligible.auc", "ceiling.invite.auc", "ceiling.invite_eligible.logloss",
        "baseline.woe_scorecard.invite.auc", "baseline.documented_rules.invite_eligible.auc",
        "regret.invite.auc", "regret.invite_eligible.logloss", "share_of_ceiling.invite_eligible.auc",
        "gain.woe_scorecard.invite.auc", "gain.documented_rules.invite_eligible.auc_low",
        "test.invite.slice_auc_min", "test.invite.slice_gap_max", "test.invite.slice_impact_ratio_min",
    } <= set(invite_report.metrics)


def test_ranking_the_eligible_is_harder_than_ranking_everybody(invite_report: Report) -> None:
    for who in ("test", "ceiling"):
        assert invite_report.metrics[f"{who}.invite_eligible.auc"] < invite_report.metrics[f"{who}.invite.auc"] - 0.05


def test_rules_that_are_no_probability_are_only_ranked(invite_report: Report) -> None:
    assert "baseline.documented_rules.invite.logloss" not in invite_report.metrics
    assert "baseline.woe_scorecard.invite.logloss" in invite_report.metrics


def test_every_logged_value_is_finite_and_inside_its_range(invite_report: Report) -> None:
    assert np.isfinite(list(invite_report.metrics.values())).all()
    for name, interval in invite_report.intervals.items():
        assert interval.low <= interval.value <= interval.high, name
        assert invite_report.metrics[name] == interval.value


def test_what_could_not_be_measured_is_said_and_not_logged(known: SimpleNamespace) -> None:
    nobody = np.zeros(len(known.label), dtype=bool)
    report = report_invite(known.people, nobody, {"test": known.model}, nobody, known.is_eligible, SETTINGS)
    assert "test.invite.auc" in report.unmeasured
    assert "test.invite.auc" not in report.metrics


def test_the_same_seed_gives_the_same_report(known: SimpleNamespace) -> None:
    scores = {"test": known.model, "ceiling": known.truth}
    arguments = (known.people, known.label, scores, known.model > 0.5, known.is_eligible, SETTINGS)
    assert report_invite(*arguments).metrics == report_invite(*arguments).metrics


def test_without_draws_values_are_logged_and_ranges_are_not(known: SimpleNamespace) -> None:
    settings = EvaluationSettings(replicates=0)
    decision = known.model > 0.5
    report = report_invite(known.people, known.label, {"test": known.model}, decision, known.is_eligible, settings)
    assert "test.invite.auc" in report.metrics
    assert "test.invite.auc_low" not in report.metrics


def test_the_quota_report_sets_the_model_against_truth_and_baseline(known: SimpleNamespace) -> None:
    random = np.random.default_rng(1)
    truth = np.exp(9 + random.normal(size=len(known.label)))
    actual = truth * np.exp(0.1 * random.normal(size=len(truth)))
    scores = {
        "test": QuotaScores(actual, truth * 1.05, truth * 0.8, truth * 1.3),
        "ceiling": QuotaScores(actual, truth),
        "baseline.plain_quota": QuotaScores(actual, np.full(len(truth), truth.mean())),
    }
    metrics = report_quota(known.people, scores, SETTINGS).metrics
    assert metrics["regret.quota.r2"] > 0
    assert metrics["regret.quota.mae_cny"] > 0
    assert metrics["gain.plain_quota.quota.r2_low"] > 0
    assert metrics["test.quota.coverage"] > 0.9
    assert metrics["test.quota.slice_bias_max"] < 0.1
    assert metrics["ceiling.quota.r2"] > metrics["test.quota.r2"] > 0.8


def test_the_rate_report_names_its_three_figures() -> None:
    rates = np.array([0.0002, 0.0003, 0.0004])
    metrics = report_rate(RateScores(rates, rates, np.ones(3, dtype=bool)), SETTINGS).metrics
    assert {"test.rate.r2", "test.rate.mae", "test.rate.grade_accuracy"} <= set(metrics)


def test_a_report_without_the_model_itself_is_refused(known: SimpleNamespace) -> None:
    with pytest.raises(ConfigError, match="wanted under 'test'"):
        report_quota(known.people, {"ceiling": QuotaScores(known.truth + 1, known.truth + 1)}, SETTINGS)


def test_a_gain_is_what_the_model_is_better_by_also_where_less_is_better(invite_report: Report) -> None:
    metrics = invite_report.metrics
    for metric, sign in (("auc", 1), ("ks", 1), ("pr_auc", 1), ("logloss", -1), ("brier", -1)):
        better = metrics[f"test.invite.{metric}"] - metrics[f"baseline.woe_scorecard.invite.{metric}"]
        assert metrics[f"gain.woe_scorecard.invite.{metric}"] == pytest.approx(sign * better)
