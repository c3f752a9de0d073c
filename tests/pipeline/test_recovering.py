"""What several populations agree on about the weights."""

import pandas as pd
import pytest

from weilidai.facts import load_book
from weilidai.pipeline.recovering import of_seed, over_seeds, seed_agreement, seed_metrics
from weilidai.pipeline.weighing import documented_weights, recovery_metrics, weighting_of


def _table(difference: float) -> pd.DataFrame:
    return pd.DataFrame({
        "dimension": ["bureau", "region"], "documented_weight": [0.4, float("nan")], "oracle_share": [0.4, 0.5],
        "model_share": [0.4 + difference, 0.5], "difference": [difference, 0.0],
    })


def test_seeds_give_a_mean_an_interval_and_the_worst() -> None:
    tables = [_table(d).assign(seed=n) for n, d in enumerate((-0.02, 0.0, 0.01))]
    table = over_seeds(pd.concat(tables)).set_index("dimension")
    assert table.loc["bureau", "difference"] == pytest.approx(-0.01 / 3)
    assert table.loc["bureau", "difference_low"] < -0.01 / 3 < table.loc["bureau", "difference_high"]
    assert table.loc["bureau", "worst_difference"] == pytest.approx(0.02)
    metrics = seed_metrics(table.reset_index())
    assert metrics["weight.seeds.worst_difference"] == pytest.approx(0.02)
    assert metrics["weight.region.seeds.model"] == 0.5


def test_the_worst_seed_says_how_far_people_agree_with_the_truth() -> None:
    tables = pd.concat([of_seed(_table(0.0), {"main_factor": share}, n) for n, share in enumerate((0.9, 0.8))])
    assert seed_agreement(tables) == {
        "explain.agreement.main_factor.seeds.mean": pytest.approx(0.85),
        "explain.agreement.main_factor.seeds.worst": 0.8,
    }


def test_one_seed_has_no_interval_and_no_metric_of_one() -> None:
    assert "weight.bureau.seeds.difference_low" not in seed_metrics(over_seeds(_table(0.01).assign(seed=1)))


def test_metrics_have_stable_names_and_the_worst_is_of_documented_dimensions() -> None:
    metrics = recovery_metrics(_table(-0.03).assign(difference_low=-0.04))
    assert metrics["weight.bureau.documented"] == 0.4
    assert metrics["weight.bureau.model"] == pytest.approx(0.37)
    assert metrics["weight.bureau.difference_low"] == -0.04
    assert metrics["weight.worst_difference"] == pytest.approx(0.03)


def test_the_composite_lender_is_weighed_by_dimension_and_a_named_policy_by_its_parts() -> None:
    factors = load_book().factors
    assert weighting_of("composite", factors).documented == documented_weights()
    named = weighting_of("application_risk", factors)
    assert list(named.parts) == ["social_ties", "payment_behaviour", "credit_history", "device_fingerprint", "others"]
    assert sum(named.documented.values()) == pytest.approx(1)
