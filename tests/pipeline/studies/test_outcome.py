import json
from pathlib import Path

import pytest

from weilidai.errors import ResourceError
from weilidai.pipeline.studies.outcome import Study, keep_study, records, write_study
from weilidai.tracking.settings import TrackingSettings


def test_a_study_is_written_as_json_that_says_it_is_synthetic(study: Study, tmp_path: Path) -> None:
    write_study(study, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "learning_curve.json").read_text(encoding="utf-8"))
    assert "synthetic" in told["statement"]
    assert told["answer"] == ["it falls"]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"learning_curve.json", "curve.csv", "curve.png"}


def test_what_is_not_a_number_becomes_null(study: Study) -> None:
    assert records(study.tables["curve"])[1] == {"what": "b", "value": None}
    assert study.to_dict()["metrics"]["curve.nothing"] is None


def test_a_folder_that_holds_something_is_left_alone(study: Study, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(ResourceError):
        write_study(study, tmp_path)


def test_a_study_is_kept_as_a_run_with_its_curve_by_people(study: Study, tmp_path: Path) -> None:
    tracking = TrackingSettings(uri=f"sqlite:///{tmp_path}/store.db")
    run_id = keep_study(study, tracking)
    from weilidai.tracking.store import open_store

    client = open_store(tracking).client
    kept = client.get_run(run_id)
    assert kept.data.tags["kind"] == "study learning_curve"
    assert kept.data.metrics["curve.floor"] == pytest.approx(0.1)
    assert [(one.step, one.value) for one in client.get_metric_history(run_id, "curve.regret")] == [(10, 0.5)]
    assert [one.path for one in client.list_artifacts(run_id, "study/learning_curve")]
