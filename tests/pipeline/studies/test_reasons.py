"""The study of reasons, on few people: whether it holds together, not what it finds."""

import pytest

from weilidai.config import TrainSettings
from weilidai.pipeline.studies.running import run_study
from weilidai.progress import Silent


@pytest.mark.slow
def test_reasons_are_held_against_the_truth_for_each_way_and_each_training(settings: TrainSettings) -> None:
    study = run_study("reasons", settings, {"people": 300, "trainings": 2}, Silent())
    figures = study.tables["reasons"]
    assert set(figures["method"]) == {"interventional", "path"}
    shares = figures.loc[figures["low"].notna()]
    assert (shares["low"] <= shares["got"]).all()
    assert (shares["got"] <= shares["high"]).all()
    assert (shares["worst_model"] <= shares["got"] + 1e-12).all()
    for method in ("interventional", "path"):
        assert study.metrics[f"reasons.{method}.sum_error"] < 1e-6
        assert study.metrics[f"reasons.{method}.main_dimension"] > 0.5
    # Trees of one question share out alike either way.
    assert study.metrics["reasons.path.factor_error"] == pytest.approx(
        study.metrics["reasons.interventional.factor_error"], abs=1e-9
    )
    assert study.choices["people"] == 300
    assert "every wanted share is reached" in study.answer[0] or "not reached" in study.answer[0]
