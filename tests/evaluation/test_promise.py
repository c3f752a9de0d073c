import numpy as np
import pandas as pd
import pytest

from weilidai.evaluation.promise import interval_slices
from weilidai.evaluation.quota_metrics import QuotaScores

PEOPLE = 2000
RANDOM = np.random.default_rng(9)
TABLE = pd.DataFrame({
    "age_years": 30, "city_tier": np.repeat(["tier1", "tier2"], PEOPLE // 2), "region": "other",
    "user_type": "student", "has_bureau_record": np.arange(PEOPLE) % 10 > 0,
})
ACTUAL = np.full(PEOPLE, 8_000.0)


def scores(inside: np.ndarray) -> QuotaScores:
    return QuotaScores(ACTUAL, ACTUAL, np.where(inside, 7_000.0, 9_000.0), np.full(PEOPLE, 9_500.0), 0.9)


def test_a_group_that_is_let_down_stands_out_beyond_chance() -> None:
    inside = RANDOM.random(PEOPLE) < np.where(TABLE["city_tier"] == "tier1", 0.75, 0.9)
    table = interval_slices(TABLE, scores(inside), minimum=200).set_index(["slice", "group"])
    assert table.loc[("city_tier", "tier1"), "beyond_chance"] > 0.08
    assert table.loc[("city_tier", "tier2"), "beyond_chance"] < 0.02
    assert table.loc[("city_tier", "tier1"), "coverage"] == pytest.approx(inside[TABLE["city_tier"] == "tier1"].mean())


def test_thin_files_and_tiers_of_the_predicted_grant_are_groups_too() -> None:
    table = interval_slices(TABLE, scores(np.ones(PEOPLE, dtype=bool)), minimum=200)
    named = set(zip(table["slice"], table["group"], strict=True))
    assert {("bureau_file", "thin file"), ("predicted_quota", "5,000 to 10,000")} <= named
    assert table.loc[table["slice"] == "bureau_file", "people"].tolist() == [1800, 200]


def test_small_groups_are_left_out_and_no_interval_makes_no_table() -> None:
    assert "thin file" not in interval_slices(TABLE, scores(np.ones(PEOPLE, dtype=bool)), minimum=201)["group"].tolist()
    assert interval_slices(TABLE, QuotaScores(ACTUAL, ACTUAL), minimum=200).empty


def test_where_the_truth_is_known_a_group_is_judged_without_the_chance_of_one_draw() -> None:
    held = np.where(TABLE["city_tier"] == "tier1", 0.85, 0.93)
    drawn = scores(RANDOM.random(PEOPLE) < held)
    known = QuotaScores(drawn.actual, drawn.predicted, drawn.low, drawn.high, 0.9, held)
    table = interval_slices(TABLE, known, minimum=200).set_index(["slice", "group"])["true_gap"]
    assert table["city_tier", "tier1"] == pytest.approx(-0.05)
    assert table["city_tier", "tier2"] == pytest.approx(0.03)
    assert known.metrics()["coverage_true"] == pytest.approx(0.89)
    assert interval_slices(TABLE, drawn, minimum=200)["true_gap"].isna().all()
