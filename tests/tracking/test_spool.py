"""A store that breaks off loses nothing: what it did not take is kept, and uploaded later as the same run."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from failing_server import FailingServer, failing_server  # type: ignore[import-not-found]
from weilidai.errors import DataError, StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import Packaging
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import FAILURE, PARENT, Run, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import spooled
from weilidai.tracking.store import open_store
from weilidai.tracking.uploading import SPOOLED, belongs, upload

AUC = "test.invite_eligible.auc"
STEPS = (1, 2, 3, 5, 8, 12, 16, 20)
"""Requests of a small training at which the server breaks off; the slow test takes all."""
Kept = tuple[Path, Packaging]


def gates(metrics: Mapping[str, float]) -> list[GateResult]:
    return [GateResult("ranking", AUC, metrics[AUC], passed=metrics[AUC] > 0.7, why="told")]


def judge(_bundle: Path, metrics: Mapping[str, float]) -> tuple[list[GateResult], Origin]:
    return gates(metrics), Origin()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingServer]:
    with pytest.MonkeyPatch.context() as patch, failing_server(tmp_path_factory.mktemp("server"), patch) as told:
        yield told


@pytest.fixture
def remote(server: FailingServer, tmp_path: Path, request: pytest.FixtureRequest) -> TrackingSettings:
    """Give names of its own to each test, so that one store serves all."""
    server.heal()
    name = f"m{abs(hash(request.node.nodeid))}"
    settings = TrackingSettings(uri=server.uri, experiment=name, registered_model=name, spool=str(tmp_path / "spool"))
    open_store(settings)
    return settings


@pytest.fixture
def model(bundle_folder: Path, packed: Packaging) -> Kept:
    return bundle_folder, packed


def train(settings: TrackingSettings, model: Kept, auc: float = 0.8) -> None:
    """Write one thing of each kind."""
    with training_run(settings, "a training", {"regime": "optimisation"}) as run:
        run.log_params({"data": {"rows": 3000}})
        run.log_metrics({AUC: auc, "test.invite.auc": 0.9})
        run.note("what came out")
        log_dataset(run, pd.DataFrame({"a": [1, 2]}), "people", "test", {"seed": "1"})
        run.log_text("a report", "report/page.txt")
        with run.child("a part", {"kind": "part"}) as part:
            part.log_metrics({"loss": 0.5})
        hand_in(run, *model, gates({AUC: auc}))


def trained(settings: TrackingSettings, model: Kept) -> StoreError | None:
    """Train, and give what was said when the store did not take everything."""
    try:
        train(settings, model)
    except StoreError as refused:
        return refused
    return None


def state(settings: TrackingSettings) -> dict[str, Any]:
    """Tell what a store has of the training and of its model, and how often."""
    client = open_store(settings, create=False).client
    experiment = client.get_experiment_by_name(settings.experiment)
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    run, part = runs["a training"], runs["a part"]
    versions = client.search_model_versions(f"name = '{settings.registered_model}'")
    kept = [one for one in client.search_logged_models([experiment.experiment_id]) if str(one.status) == "READY"]
    return {
        "runs": len(client.search_runs([experiment.experiment_id])),
        "status": (run.info.status, part.info.status),
        "params": run.data.params,
        "metrics": (run.data.metrics, part.data.metrics),
        "history": len(client.get_metric_history(run.info.run_id, AUC)),
        "note": run.data.tags["mlflow.note.content"],
        "tables": [one.dataset.name for one in run.inputs.dataset_inputs],
        "files": [file.path for file in client.list_artifacts(run.info.run_id, "report")],
        "is_below": part.data.tags[PARENT] == run.info.run_id,
        "models": [(one.source_run_id == run.info.run_id, {m.key: m.value for m in one.metrics}) for one in kept],
        "versions": [(one.run_id == run.info.run_id, one.source == f"models:/{kept[0].model_id}") for one in versions],
        "champion": client.get_registered_model(settings.registered_model).aliases,
    }


def wanted() -> dict[str, Any]:
    metrics = {AUC: 0.8, "test.invite.auc": 0.9}
    return {
        "runs": 2, "status": ("FINISHED", "FINISHED"), "params": {"data.rows": "3000"},
        "metrics": (metrics, {"loss": 0.5}), "history": 1, "note": "what came out", "tables": ["people"],
        "files": ["report/page.txt"], "is_below": True, "models": [(True, metrics)], "versions": [(True, True)],
        "champion": {"champion": "1"},
    }  # fmt: skip


def broken_then_uploaded(server: FailingServer, settings: TrackingSettings, model: Kept, at: int) -> bool:
    """Break off at a request, upload afterwards, and tell whether the training got that far at all."""
    server.break_at(at)
    refused = trained(settings, model)
    server.heal()
    if refused is None:
        return False
    assert refused.exit_code == 5
    assert str(settings.spool) in refused.where
    assert "doctor --sync" in refused.cure
    for one in spooled(settings):
        upload(settings, one, judge)
    assert spooled(settings) == ()
    assert state(settings) == wanted()
    return True


def test_a_store_that_answers_leaves_no_spool(remote: TrackingSettings, model: Kept) -> None:
    train(remote, model)
    assert spooled(remote) == ()
    assert state(remote) == wanted()


@pytest.mark.parametrize("at", STEPS)
def test_a_server_that_breaks_off_at_any_request_loses_nothing(
    server: FailingServer, remote: TrackingSettings, model: Kept, at: int
) -> None:
    assert broken_then_uploaded(server, remote, model, at)


@pytest.mark.slow
def test_a_server_that_breaks_off_at_each_request_loses_nothing(
    server: FailingServer, remote: TrackingSettings, model: Kept
) -> None:
    at = 1
    while broken_then_uploaded(server, remote.model_copy(update={"experiment": f"{remote.experiment} {at}",
                               "registered_model": f"{remote.registered_model}_{at}"}), model, at):  # fmt: skip
        at += 1
    assert at > max(STEPS)


def test_a_server_that_is_down_from_the_beginning_does_not_stop_the_work(tmp_path: Path, model: Kept) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        down = TrackingSettings(uri="http://ann:secret@127.0.0.1:9", spool=str(tmp_path / "spool"))
        with pytest.raises(StoreError, match="the run is whole, but not in its store"):
            train(down, model)
    run, part = spooled(down)
    assert (run.begun.is_known, part.begun.is_known) == (False, False)
    assert [write.kind for write in run.writes()] == ["params", "metrics", "tags", "table", "files", "end"]
    assert part.begun.tags[PARENT] == run.begun.id
    text = "".join(file.read_text(errors="replace") for file in tmp_path.rglob("*.json"))
    assert "secret" not in text


@pytest.mark.parametrize("at", [2, 6, 11, 17])
def test_an_upload_that_breaks_off_is_repeated_and_nothing_is_there_twice(
    server: FailingServer, remote: TrackingSettings, model: Kept, at: int
) -> None:
    server.break_at(1)
    with pytest.raises(StoreError):
        train(remote, model)
    server.break_at(at)
    with pytest.raises(StoreError):
        upload(remote, spooled(remote)[0], judge)
    assert len(spooled(remote)) == 2
    server.heal()
    for one in spooled(remote):
        upload(remote, one, judge)
    assert state(remote) == wanted()


def test_an_upload_moves_the_champion_through_the_gates_only(
    server: FailingServer, remote: TrackingSettings, model: Kept
) -> None:
    train(remote, model)
    server.break_at(4)
    with pytest.raises(StoreError):
        train(remote, model, auc=0.6)
    server.heal()
    registered = next(filter(None, [upload(remote, one, judge) for one in spooled(remote)]))
    assert (registered.alias, registered.why) == ("challenger", "gates failed: ranking")


def test_a_failing_training_keeps_its_own_error_and_its_reason_is_uploaded(
    server: FailingServer, remote: TrackingSettings
) -> None:
    with pytest.raises(DataError) as told, training_run(remote, "fails") as run:
        server.break_at(1)
        raise DataError("a column is missing")
    assert str(run.spool.folder) in "".join(told.value.__notes__)
    server.heal()
    upload(remote, spooled(remote)[0], judge)
    found = run.store.client.get_run(run.id)
    assert (found.info.status, found.data.tags[FAILURE]) == ("FAILED", "data: a column is missing")


def test_a_spool_that_cannot_be_written_does_not_hide_why_a_training_failed(
    server: FailingServer, remote: TrackingSettings, tmp_path: Path
) -> None:
    (tmp_path / "spool").write_bytes(b"a file stands where the folder should")
    with pytest.raises(DataError, match="a column is missing") as told, training_run(remote, "fails"):
        server.break_at(1)
        raise DataError("a column is missing")
    assert "could not be marked FAILED" in "".join(told.value.__notes__)


def test_a_run_spooled_by_a_process_that_was_shot_is_killed_when_it_is_uploaded(
    server: FailingServer, remote: TrackingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.break_at(1)
    with pytest.raises(StoreError), training_run(remote, "shot") as run:
        run.log_metrics({"a": 1.0})
    server.heal()
    for end in run.spool.folder.glob("*-end.json"):
        end.unlink()
    (one,) = spooled(remote)
    assert one.is_live
    monkeypatch.setattr("weilidai.tracking.spool.is_gone", lambda _process: True)
    assert not one.is_live
    upload(remote, one, judge)
    client = open_store(remote).client
    (found,) = client.search_runs([open_store(remote).experiment_id])
    assert (found.info.status, found.data.tags[SPOOLED]) == ("KILLED", run.id)


def test_what_the_store_refuses_for_good_is_not_spooled(remote: TrackingSettings) -> None:
    with pytest.raises(StoreError, match="refused"), training_run(remote, "changes its mind") as run:
        run.log_params({"rows": 1})
        run.log_params({"rows": 2})
    assert spooled(remote) == ()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_deleted_meanwhile_goes_on_and_becomes_another_that_names_it(
    remote: TrackingSettings, model: Kept, when: str
) -> None:
    with (
        pytest.raises(StoreError, match="somebody deleted the run while it went on"),
        training_run(remote, "a training", {"regime": "optimisation"}) as run,
    ):
        run.log_params({"data": {"rows": 3000}})
        run.log_metrics({AUC: 0.8, "test.invite.auc": 0.9})
        run.log_text("a report", "report/page.txt")
        if when == "before":
            run.store.client.delete_run(run.id)
        run.note("what came out")
        log_dataset(run, pd.DataFrame({"a": [1, 2]}), "people", "test", {"seed": "1"})
        with run.child("a part", {"kind": "part"}) as part:
            part.log_metrics({"loss": 0.5})
        if when == "after":
            run.store.client.delete_run(run.id)
        hand_in(run, *model, gates({AUC: 0.8}))
    for one in spooled(remote):
        upload(remote, one, judge)
    assert spooled(remote) == ()
    found = state(remote)
    assert found == wanted() | {"is_below": found["is_below"]}
    client = open_store(remote).client
    new = next(one for one in client.search_runs([open_store(remote).experiment_id]) if one.info.run_name == run.name)
    assert new.data.tags[SPOOLED] == run.id != new.info.run_id
    assert new.data.tags["regime"] == "optimisation"
    assert client.get_run(run.id).info.lifecycle_stage == "deleted"


def test_a_full_disk_leaves_no_half_page_of_a_spooled_run(
    server: FailingServer, remote: TrackingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Path, text: str, **_: object) -> None:
        file.write_bytes(text[:5].encode())
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"), training_run(remote, "a training") as run:
        server.break_at(1)
        run.log_metrics({AUC: 0.8})
        monkeypatch.setattr(Path, "write_text", full)
        run.log_metrics({AUC: 0.9})
    assert [file.name for file in run.spool.folder.iterdir() if file.name.endswith(".part")] == []


def test_a_run_belongs_to_the_store_it_was_meant_for(server: FailingServer, remote: TrackingSettings) -> None:
    server.break_at(1)
    with pytest.raises(StoreError), training_run(remote, "a training"):
        pass
    (one,) = spooled(remote)
    assert belongs(remote, one)
    assert not belongs(remote.model_copy(update={"uri": "http://127.0.0.1:9"}), one)


def test_a_database_that_breaks_in_mid_training_is_made_good_from_a_copy(tmp_path: Path, model: Kept) -> None:
    settings = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    whole = b""

    def broken(run: Run) -> None:
        nonlocal whole
        assert run.store.file is not None
        whole = run.store.file.read_bytes()
        run.store.file.write_bytes(b"no database" * 5000)

    with pytest.raises(StoreError, match="not in its store"), training_run(settings, "a training") as run:
        broken(run)
        run.log_metrics({AUC: 0.8})
        hand_in(run, *model, gates({AUC: 0.8}))
    assert run.spool.folder.is_relative_to(tmp_path / "mlflow.db.spool")
    (tmp_path / "mlflow.db").write_bytes(whole)
    (one,) = spooled(settings)
    registered = upload(settings, one, judge)
    assert registered is not None
    assert (registered.version, registered.alias) == ("1", "champion")


@pytest.mark.slow
def test_a_database_locked_beyond_the_limit_is_spooled_and_uploaded(tmp_path: Path, model: Kept) -> None:
    settings = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}", lock_timeout_seconds=0.1)
    with (
        pytest.raises(StoreError, match="locked"),
        training_run(settings, "a training") as run,
        closing(sqlite3.connect(tmp_path / "mlflow.db", isolation_level=None)) as other,
    ):
        other.execute("begin exclusive")
        run.log_metrics({AUC: 0.8})
        hand_in(run, *model, gates({AUC: 0.8}))
    (one,) = spooled(settings)
    assert upload(settings, one, judge) is not None
    assert run.store.client.get_run(run.id).data.metrics == {AUC: 0.8}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1, "id": "a"}', json.dumps({"format": 99})])
def test_a_page_that_is_none_is_refused_by_its_place(tmp_path: Path, text: str) -> None:
    settings = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    folder = tmp_path / "mlflow.db.spool" / "one"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(text)
    with pytest.raises(StoreError) as refused:
        spooled(settings)
    assert str(folder) in refused.value.where
