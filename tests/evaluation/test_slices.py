from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import LEVELS
from weilidai.evaluation.invite_metrics import InviteScores
from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.evaluation.slices import (
    age_band,
    groups,
    invite_extremes,
    invite_slices,
    quota_extremes,
    quota_slices,
    slice_intervals,
    slice_values,
)


@pytest.fixture(scope="module")
def table(known: SimpleNamespace) -> pd.DataFrame:
    return invite_slices(known.people, known.label, known.model, known.model > 0.5, known.is_eligible, minimum=50)


def test_every_documented_group_has_its_row(table: pd.DataFrame) -> None:
    assert set(table["slice"]) == {"age_band", "city_tier", "region", "user_type", "bureau_file"}
    for name in ("city_tier", "region", "user_type"):
        assert set(table.loc[table["slice"] == name, "group"]) == set(LEVELS[name])


def test_the_groups_of_a_slice_add_up_to_everybody(table: pd.DataFrame, known: SimpleNamespace) -> None:
    assert (table.groupby("slice")["people"].sum() == len(known.label)).all()


@pytest.mark.parametrize(
    ("age", "band"), [(17, "under 18"), (24, "18-24"), (25, "25-34"), (54, "45-54"), (90, "55 and over")]
)
def test_an_age_belongs_to_its_band(age: int, band: str) -> None:
    assert age_band(pd.Series([age])).tolist() == [band]


def test_a_group_too_small_to_hide_in_is_not_reported(known: SimpleNamespace) -> None:
    people = known.people.copy()
    people["region"] = np.where(np.arange(len(people)) < 19, "northeast", "other")
    assert "northeast" not in {group for name, group, _ in groups(people) if name == "region"}


def test_a_small_group_is_counted_but_not_judged(known: SimpleNamespace) -> None:
    few = invite_slices(known.people, known.label, known.model, known.model > 0.5, known.is_eligible, 10_000)
    assert few["auc"].isna().all()
    assert few["selected_share"].notna().all()


def test_a_group_the_policy_rules_out_altogether_is_no_impact_of_the_model(known: SimpleNamespace) -> None:
    people = known.people.assign(age_years=np.where(known.is_eligible, 30, 15))
    table = invite_slices(people, known.label, known.model, known.model > 0.5, known.is_eligible, minimum=50)
    minors = table.set_index("group").loc["under 18"]
    assert (minors["eligible"], minors["selected_share"]) == (0, 0)
    assert np.isnan(minors["impact_ratio"])


def test_groups_are_ranked_among_the_eligible(table: pd.DataFrame, known: SimpleNamespace) -> None:
    chosen = known.is_eligible & (known.people["region"] == "northeast").to_numpy()
    wanted = InviteScores(known.label[chosen], known.model[chosen]).metrics()["auc"]
    assert table.set_index("group").loc["northeast", "auc"] == wanted


def test_a_bias_against_one_group_is_found(known: SimpleNamespace) -> None:
    is_retired = (known.people["user_type"] == "retired").to_numpy()
    unfair = np.where(is_retired, known.model * 0.3, known.model)
    table = invite_slices(known.people, known.label, unfair, unfair > 0.5, known.is_eligible, minimum=50)
    worst = table.loc[table["impact_ratio"].idxmin()]
    assert (worst["group"], worst["impact_ratio"]) == ("retired", 0)
    assert table.loc[table["calibration_gap"].idxmin(), "group"] == "retired"
    assert invite_extremes(table)["slice_impact_ratio_min"] == 0
    assert invite_extremes(table)["slice_gap_max"] == pytest.approx(-table["calibration_gap"].min())


def test_a_grant_too_high_for_one_group_is_found(known: SimpleNamespace) -> None:
    actual = np.full(len(known.label), 1000.0)
    too_high = np.where(known.people["city_tier"] == "tier1", 1200.0, 1000.0)
    scores = QuotaScores(actual, too_high, too_high - 100, too_high + 100)
    table = quota_slices(known.people, scores, minimum=200)
    worst = table.loc[table["bias_share"].idxmax()]
    assert worst["group"] == "tier1"
    assert quota_extremes(table) == {"slice_bias_max": pytest.approx(0.2), "slice_coverage_min": 0.0}


def test_thin_files_are_a_group_of_their_own(known: SimpleNamespace) -> None:
    values = slice_values(known.people, "bureau_file")
    assert ((values == "thin file") == ~known.people["has_bureau_record"].to_numpy()).all()


def test_any_metric_is_given_by_group_with_an_interval_around_it(known: SimpleNamespace) -> None:
    settings = EvaluationSettings(replicates=40, slice_minimum=100)
    table = slice_intervals(known.people, lambda who: InviteScores(known.label[who], known.model[who]), settings)
    assert set(table["slice"]) == {"age_band", "city_tier", "region", "user_type", "bureau_file"}
    ranked = table.loc[table["metric"] == "auc"]
    assert ((ranked["low"] <= ranked["value"]) & (ranked["value"] <= ranked["high"])).all()
    who = (known.people["region"] == "other").to_numpy()
    expected = InviteScores(known.label[who], known.model[who]).metrics()["auc"]
    assert ranked.set_index("group").loc["other", "value"] == pytest.approx(expected)
