"""Every study from end to end, on few people."""

import numpy as np
import pytest

from weilidai.config import TrainSettings
from weilidai.errors import ConfigError, ResourceError
from weilidai.evaluation.causes import CAUSES
from weilidai.evaluation.study_settings import LearningCurveSettings
from weilidai.pipeline.studies.learning_curve import takes
from weilidai.pipeline.studies.outcome import Study
from weilidai.pipeline.studies.reject_inference import METHODS
from weilidai.pipeline.studies.running import run_study
from weilidai.progress import Silent


def has_interval(study: Study, *metrics: str) -> None:
    """Hold that each figure lies inside the interval that is logged beside it."""
    for name in metrics:
        low, value, high = (study.metrics[f"{name}{end}"] for end in ("_low", "", "_high"))
        assert low <= value <= high, name


def test_a_study_nobody_knows_is_refused_with_the_near_name(settings: TrainSettings) -> None:
    with pytest.raises(ConfigError, match="stability"):
        run_study("stabilty", settings, {}, Silent())


def test_a_setting_out_of_range_is_refused_before_anything_is_made(settings: TrainSettings) -> None:
    with pytest.raises(ConfigError, match=r"fairness\.rows"):
        run_study("fairness", settings, {"rows": 10}, Silent())


def test_a_hidden_column_must_be_a_feature(settings: TrainSettings) -> None:
    with pytest.raises(ConfigError, match="overdue_count_24m"):
        run_study("selective_labels", settings, {"hidden_columns": ("overdue_count_24",)}, Silent())


def test_the_causes_of_the_gap_add_up_for_invite_and_grant(settings: TrainSettings) -> None:
    study = run_study("gap", settings, {"rows": 20_000}, Silent())
    for name in ("invite_logloss", "invite_auc", "quota_r2"):
        table = study.tables[name].set_index("cause")["value"]
        assert table[list(CAUSES)].sum() == pytest.approx(table["total"])
        assert table["total"] > 0
    noise = study.tables["noise"].set_index("what")
    assert noise.loc["invite, AUC", "model"] < noise.loc["invite, AUC", "ceiling"] < 1
    has_interval(study, "gap.invite_auc.total", "gap.quota_r2.calibration")


def test_more_people_bring_the_regret_down(settings: TrainSettings) -> None:
    given = {"rows": (5_000, 10_000, 30_000), "populations": 1, "test_rows": 20_000}
    study = run_study("learning_curve", settings, given, Silent())
    curve = study.tables["curve"].set_index(["measure", "rows"])["mean"]
    assert curve["invite.excess_logloss", 30_000] < curve["invite.excess_logloss", 5_000]
    assert set(study.steps) == {5_000, 10_000, 30_000}
    assert study.steps[30_000]["curve.invite.excess_logloss"] == curve["invite.excess_logloss", 30_000]


def test_a_model_is_followed_into_other_regimes_and_told_to_be_learnt_anew(settings: TrainSettings) -> None:
    study = run_study("stability", settings, {"rows": 15_000, "used_in": ("optimisation",)}, Silent())
    regimes = study.tables["regimes"].set_index("regime")
    assert regimes.loc["expansion", "gain"] == 0
    assert regimes.loc["optimisation", "auc_anew"] > regimes.loc["optimisation", "auc"]
    assert len(study.tables["months"]) == 3 + 12
    assert np.isfinite(regimes["stability_score"]).all()
    has_interval(study, "stability.optimisation.gain")
    moved = study.tables["columns"]
    assert moved.groupby("regime")["month"].nunique().to_dict() == {"expansion": 1 + 3, "optimisation": 1 + 12}


def test_groups_are_compared_and_protection_has_its_price(settings: TrainSettings) -> None:
    study = run_study("fairness", settings, {"rows": 40_000, "resamples": 20}, Silent())
    reads = study.tables["protection"].set_index("features")["reads"]
    assert reads.to_dict() == {"with": "age_years, region", "as_configured": "region", "without": "-"}
    assert set(study.tables["decisions"]["slice"]) >= {"age_band", "region", "bureau_file"}
    assert (study.tables["prices"]["detectable_bp"] > 0).all()
    has_interval(study, "fairness.reached_gap_max", "fairness.price_gap_bp_max", "fairness.auc_gain.without")


def test_too_few_people_to_compare_prices_are_told_as_such(settings: TrainSettings) -> None:
    large = settings.model_copy(update={"evaluation": settings.evaluation.model_copy(update={"slice_minimum": 500})})
    study = run_study("fairness", large, {"rows": 8_000, "resamples": 20}, Silent())
    assert study.tables["prices"].empty
    assert "lender_gap_bp" in study.tables["prices"]
    assert any("too few people opened" in said and "fairness.rows" in said for said in study.answer)
    assert np.isnan(study.metrics["fairness.price_gap_bp_max"])


def test_every_method_is_judged_on_everybody_in_both_views(settings: TrainSettings) -> None:
    given = {"rows": 60_000, "populations": 2, "test_rows": 6_000, "others_kept": 2_500}
    study = run_study("selective_labels", settings, given, Silent())
    has_interval(study, "selective_labels.sees_all.none.auc", "selective_labels.sees_less.fuzzy.auc_gain")
    table = study.tables["methods"]
    for _, part in table.groupby("view"):
        auc = part.set_index("method")["auc"]
        assert set(auc.index) == {*METHODS, "truth"}
        assert auc.max() == auc["truth"]
        assert auc["all_outcomes"] > auc["none"]


def test_a_curve_says_beforehand_what_it_takes() -> None:
    said = takes(LearningCurveSettings())
    assert "16 points up to 1,000,000 people" in said
    assert "minutes" in said
    assert "GB of memory" in said
    few = takes(LearningCurveSettings(rows=(5_000, 10_000, 20_000), populations=1))
    assert "3 points" in few
    assert "seconds" in few


def test_a_curve_that_cannot_fit_into_memory_is_refused_before_anything_is_made(settings: TrainSettings) -> None:
    with pytest.raises(ResourceError, match="GB of memory"):
        run_study("learning_curve", settings, {"rows": (5_000, 10_000, 10**12)}, Silent())
