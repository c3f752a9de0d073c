from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from weilidai.evaluation.bootstrap import Interval
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.report import Report
from weilidai.models.monotonicity import Proof, Verdict
from weilidai.pipeline.judging import Judgement, Seen

PEOPLE = 4000
RANDOM = np.random.default_rng(12)
TRUTH = RANDOM.beta(1, 3, PEOPLE)
MOVED = pd.DataFrame(
    [("friends", "all", 0.5), ("friends", "2021-10", 0.1), ("friends", "2021-11", 0.2), ("income", "2021-11", 0.3)],
    columns=["column", "month", "psi"],
)
IS_ELIGIBLE = np.arange(PEOPLE) % 3 == 0


def judgement(metrics: dict[str, float], proofs: dict[str, Proof], gaps: list[float]) -> Judgement:
    chances = {"test": np.clip(TRUTH + 0.02, 0, 1), "ceiling": TRUTH}
    seen = Seen(pd.DataFrame(), RANDOM.random(PEOPLE) < TRUTH, chances, IS_ELIGIBLE, pd.DataFrame(),
                cast("dict[str, QuotaScores]", {}))
    gains = {"gain.plain.invite.auc": Interval(0.1, 0.05, 0.15)}
    interval = pd.DataFrame({"gap": gaps, "beyond_chance": np.abs(gaps) / 2, "true_gap": np.array(gaps) / 3})
    return Judgement(
        seen, Report(metrics, gains), Report({}, {"gain.plain.quota.r2": Interval(0.0, -0.1, 0.1)}), Report({}, {}),
        pd.DataFrame({"psi": [0.01, 0.02]}), MOVED, interval, proofs,
    )


def proof(*outcomes: str) -> Proof:
    return Proof(tuple(cast("Verdict", SimpleNamespace(outcome=outcome)) for outcome in outcomes))


def test_the_model_with_the_least_proved_decides_and_the_price_is_what_freedom_would_gain() -> None:
    proofs = {"invite": proof("proved", "refuted"), "quota": proof("proved")}
    metrics = judgement({"gain.unconstrained.invite.auc": -0.002}, proofs, []).metrics
    assert metrics["monotone.invite.proved_share"] == 0.5
    assert metrics["monotone.quota.proved_share"] == metrics["monotone.proved_share"] * 2 == 1
    assert metrics["monotone.price.invite.auc"] == 0.002
    assert "monotone.price.quota.r2" not in metrics


def test_a_shift_of_all_probabilities_is_the_distance_from_the_truth() -> None:
    metrics = judgement({}, {}, []).metrics
    for name in ("invite", "invite_eligible"):
        assert metrics[f"test.{name}.ece_true"] == pytest.approx(0.02, abs=0.002)
    assert metrics["test.invite.ece_floor"] < metrics["test.invite_eligible.ece_floor"]


def test_the_group_furthest_from_the_promise_is_told() -> None:
    metrics = judgement({}, {}, [0.01, -0.06]).metrics
    assert metrics["test.quota.slice_coverage_gap_max"] == 0.06
    assert metrics["test.quota.slice_coverage_beyond_chance"] == 0.03
    assert metrics["test.quota.slice_coverage_true_gap_max"] == pytest.approx(0.02)
    assert judgement({}, {}, []).metrics["test.quota.slice_coverage_gap_max"] == 0


def test_score_and_columns_are_followed_by_the_number_of_the_month() -> None:
    metrics = judgement({}, {}, []).metrics
    assert [metrics[f"test.invite.psi.month_{number}"] for number in (1, 2)] == [0.01, 0.02]
    assert metrics["test.invite.psi_max"] == 0.02
    assert [metrics[f"test.columns.csi_max.month_{number}"] for number in (1, 2)] == [0.1, 0.3]
    assert metrics["test.columns.csi_max"] == 0.3


def test_where_no_truth_is_known_no_figure_claims_it() -> None:
    metrics = judgement({}, {}, [0.01, np.nan]).metrics
    assert metrics["test.quota.slice_coverage_gap_max"] == 0.01
    assert "test.quota.slice_coverage_true_gap_max" not in judgement({}, {}, [np.nan]).metrics


def test_challengers_of_all_models_stand_in_one_table() -> None:
    table = judgement({}, {}, []).challengers
    assert table[["subject", "wins"]].to_numpy().tolist() == [["invite", "model"], ["quota", "undecided"]]
