"""Uploading what a silent store did not take: through the gates, measured on what is sealed in the model."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from small_bundle import build_bundle
from weilidai.errors import StoreError, StoreSilentError
from weilidai.evaluation.gates import GateResult
from weilidai.inference.loading import load_model
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.pipeline.doctoring import examine
from weilidai.pipeline.syncing import _judge, sync
from weilidai.progress import Silent
from weilidai.stores import prepare_mlflow
from weilidai.tracking import runs
from weilidai.tracking.champion import standing
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import spooled
from weilidai.tracking.store import open_store
from weilidai.tracking.uploading import upload

AUC = "test.invite_eligible.auc"
ASKED = {"evaluation": {"gates": {"ranking": {"metric": AUC, "at_least": 0.7, "why": "it must rank"}}}}
Train = Callable[..., None]


@pytest.fixture
def tracking(tmp_path: Path) -> TrackingSettings:
    prepare_mlflow()
    return TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")


@pytest.fixture
def train(tracking: TrackingSettings, tmp_path: Path) -> Train:
    """Train while the store does not answer."""

    def silent(*_: object) -> None:
        raise StoreSilentError("the store is down")

    def train(auc: float = 0.8, tags: dict[str, str] | None = None, **born: object) -> None:
        bundle, people = build_bundle()
        sealed = replace(bundle, birth_certificate={"metrics": {AUC: auc}, "settings": ASKED} | born)
        folder = tmp_path / str(len(list(tmp_path.iterdir()))) / "bundle"
        folder.parent.mkdir()
        save_bundle(sealed, folder, people)
        with (
            pytest.MonkeyPatch.context() as patch,
            pytest.raises(StoreError, match="the store is down"),
            training_run(tracking, "a training", tags) as run,
        ):
            patch.setattr(runs, "send", silent)
            run.log_metrics({AUC: auc})
            hand_in(run, folder, packaging(sealed, people), [GateResult("ranking", AUC, auc, passed=True, why="told")])

    return train


def test_a_spooled_training_becomes_the_champion_its_gates_make_it(train: Train, tracking: TrackingSettings) -> None:
    train()
    assert [one.state for one in examine(tracking) if one.what == "spool"] == ["note"]
    (one,) = sync(tracking, Silent())
    assert one.is_done
    assert "models:/weilidai/1 is champion: the first model that passed its gates" in one.says
    assert load_model("models:/weilidai@champion", tracking_uri=tracking.resolved_uri).columns
    assert sync(tracking, Silent()) == []
    assert not [one for one in examine(tracking) if one.what == "spool"]


def test_the_gates_are_measured_anew_on_what_is_sealed(train: Train, tracking: TrackingSettings) -> None:
    train(0.6)
    (one,) = sync(tracking, Silent())
    assert one.says.endswith("is challenger: gates failed: ranking")
    assert standing(tracking).champion is None


def test_figures_somebody_changed_are_refused_and_the_rest_goes_on(train: Train, tracking: TrackingSettings) -> None:
    train(0.6)
    train(0.8)
    (file,) = spooled(tracking)[0].folder.glob("*-metrics.json")
    told = json.loads(file.read_text(encoding="utf-8"))
    told["entries"][0][1] = 0.9
    file.write_text(json.dumps(told), encoding="utf-8")
    wrong, fine = sync(tracking, Silent())
    assert (wrong.is_done, wrong.is_wrong, fine.is_done) == (False, True, True)
    assert "not those sealed in its model" in wrong.says
    assert len(spooled(tracking)) == 1
    assert standing(tracking).champion == "1"


def test_a_tag_that_is_not_what_the_model_holds_is_refused(train: Train, tracking: TrackingSettings) -> None:
    told = {"facts_digest": "f", "parameters_digest": "p", "regime": "optimisation"}
    lived = ASKED | {"data": {"policy": "composite", "readings": {}}}
    for _ in range(3):
        train(0.8, told | {"policy": "composite", "readings": "default"}, settings=lived, **told)
    changed, shortened, _ = spooled(tracking)
    tags = dict(changed.begun.tags)
    change(changed.folder / "run.json", tags=tags | {"parameters_digest": "q", "policy": "another"}, is_known=False)
    change(shortened.folder / "run.json", tags={k: v for k, v in tags.items() if k != "facts_digest"}, is_known=False)
    one, other, fine = sync(tracking, Silent())
    assert "2 tags of the run are not those sealed in its model: parameters_digest, policy" in one.says
    assert "1 tags of the run are not those sealed in its model: facts_digest" in other.says
    assert (one.is_wrong, other.is_wrong, fine.is_done) == (True, True, True)
    assert standing(tracking).champion == "1"


def change(file: Path, **pages: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | pages), encoding="utf-8")


@pytest.mark.parametrize(("page", "told"), [
    ("run.json", {"format": 9}), ("run.json", {"tracking": 5}), ("run.json", {"tracking": {"champion_margin": "x"}}),
    ("run.json", {"started": "x"}), ("0001-metrics.json", {"kind": "boo"}), ("0001-metrics.json", {"entries": [["a"]]}),
    ("0001-metrics.json", {"entries": {"a": 1}}), ("model.json", {"figures": 5}),
])  # fmt: skip
def test_a_page_that_was_changed_is_told_and_holds_nobody_up(
    train: Train, tracking: TrackingSettings, page: str, told: dict[str, object]
) -> None:
    train()
    train()
    broken = spooled(tracking)[0].folder
    change(broken / page, **told)
    found = sync(tracking, Silent())
    assert sorted((one.is_done, one.is_wrong) for one in found) == [(False, True), (True, False)]
    assert str(broken) in next(one.says for one in found if one.is_wrong)
    assert broken.is_dir()
    assert standing(tracking).champion == "1"


def test_a_page_that_cannot_be_read_is_found_by_a_look_around(train: Train, tracking: TrackingSettings) -> None:
    train()
    train()
    (spooled(tracking)[0].folder / "run.json").write_text("{", encoding="utf-8")
    assert [one.state for one in examine(tracking) if one.what == "spool"] == ["wrong", "note"]


def test_of_two_who_upload_at_once_the_second_leaves_the_run_as_it_is(train: Train, tracking: TrackingSettings) -> None:
    train()
    (one,) = spooled(tracking)
    assert upload(tracking, one, _judge) is not None
    assert upload(tracking, one, _judge) is None
    assert open_store(tracking).client.get_run(one.begun.id).info.status == "FINISHED"


def test_uncommitted_code_is_held_back_after_an_upload_too(train: Train, tracking: TrackingSettings) -> None:
    train()
    train(0.9, commit=f"{'a' * 40}-dirty")
    _, held = sync(tracking, Silent())
    assert "is challenger: trained from uncommitted changes" in held.says
    assert standing(tracking).champion == "1"


def test_untested_libraries_are_held_back_after_an_upload_too(train: Train, tracking: TrackingSettings) -> None:
    train(versions={"lightgbm": "3.3.5"})
    (held,) = sync(tracking, Silent())
    assert "is challenger: libraries where it was made are outside the tested range: lightgbm" in held.says
    assert standing(tracking).champion is None


def test_runs_of_another_store_are_left_where_they_are(train: Train, tmp_path: Path) -> None:
    train()
    other = TrackingSettings(uri=f"sqlite:///{tmp_path / 'other.db'}", spool=str(tmp_path / "mlflow.db.spool"))
    (one,) = sync(other, Silent())
    assert (one.is_done, one.is_wrong) == (False, False)
    assert "belongs to another store" in one.says
    assert not (tmp_path / "other.db").exists()
