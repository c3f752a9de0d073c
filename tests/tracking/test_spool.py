"""A store that breaks off loses nothing: what it did not take is kept, and uploaded later as the same run."""

import errno
import json
import re
import sqlite3
import subprocess
import sys
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
from weilidai.tracking import spool
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import FAILURE, PARENT, PROCESS, Run, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import Spool, spooled
from weilidai.tracking.store import open_store
from weilidai.tracking.uploading import SPOOLED, belongs, upload

AUC = "test.invite_eligible.auc"
STEPS = (1, 2, 3, 5, 8, 12, 16, 20)
"""Requests of a small training at which the server breaks off; the slow test takes all."""
Kept = tuple[Path, Packaging]
ELSEWHERE = """
import sys, time
from weilidai.errors import StoreSilentError
from weilidai.tracking import runs
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import silent_store
runs.this_process = lambda: "a1b2c3/pid:[4026532000] 7 1"
settings = TrackingSettings(uri=sys.argv[1])
with runs.training_run(settings, "shot", store=silent_store(settings, StoreSilentError("down"))) as run:
    run.log_metrics({"a": 1.0})
    print("spooled", flush=True)
    time.sleep(60)
"""
"""A training in another container, which the store does not answer."""


def gates(metrics: Mapping[str, float]) -> list[GateResult]:
    return [GateResult("ranking", AUC, metrics[AUC], passed=metrics[AUC] > 0.7, why="told")]


def judge(_bundle: Path, metrics: Mapping[str, float], _tags: Mapping[str, str]) -> tuple[list[GateResult], Origin]:
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
    server: FailingServer, remote: TrackingSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spool, "_move", full)
    (tmp_path / "spool").write_bytes(b"a file stands where the folder should")
    with pytest.raises(DataError, match="a column is missing") as told, training_run(remote, "fails"):
        server.break_at(1)
        raise DataError("a column is missing")
    assert "could not be marked FAILED" in "".join(told.value.__notes__)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_run_that_its_spool_does_not_take_is_kept_among_the_temporary_files_and_uploaded_from_there(
    server: FailingServer, remote: TrackingSettings, model: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "spool").write_bytes(b"a file stands where the folder should")
    server.break_at(3)
    refused = trained(remote, model)
    server.heal()
    assert refused is not None
    place = re.search("--set tracking.spool='(.*)'", refused.cure)
    assert place is not None
    assert Path(place[1]).parent == tmp_path / "temporary"
    for one in spooled(moved := remote.model_copy(update={"spool": place[1]})):
        upload(moved, one, judge)
    assert state(remote) == wanted()


def test_a_disk_that_fills_up_moves_the_run_with_all_that_was_kept_and_leaves_nothing_behind(
    server: FailingServer, remote: TrackingSettings, model: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fills_up(file: Path, told: Mapping[str, Any]) -> None:
        if file.is_relative_to(tmp_path / "spool") and file.name.startswith("0004"):
            full()
        written(file, told)

    written = spool._write_json
    monkeypatch.setattr(spool, "_write_json", fills_up)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    server.break_at(1)
    refused = trained(remote, model)
    server.heal()
    assert refused is not None
    assert list((tmp_path / "spool").glob("*/run.json")) == []
    moved = remote.model_copy(update={"spool": str(Path(refused.where).parent)})
    assert len(spooled(moved)) == 2
    for one in spooled(moved):
        upload(moved, one, judge)
    assert state(remote) == wanted()


def test_a_run_that_no_folder_takes_is_told_as_lost_and_stops_nothing_before_its_model(
    server: FailingServer, remote: TrackingSettings, model: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spool, "_move", full)
    (tmp_path / "spool").write_bytes(b"a file stands where the folder should")
    done = []
    with (
        pytest.raises(StoreError, match=r"the run is lost: .*, nor among the temporary files") as refused,
        training_run(remote, "a training") as run,
    ):
        server.break_at(1)
        run.log_metrics({AUC: 0.8})
        done.append("learnt")
        hand_in(run, *model, gates({AUC: 0.8}))
        done.append("handed in")
    assert done == ["learnt"]
    assert refused.value.exit_code == 5


def test_a_run_spooled_in_a_container_that_is_gone_is_uploaded_as_killed_and_not_while_it_lives(
    tmp_path: Path,
) -> None:
    settings = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    open_store(settings)
    with subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE, str(settings.uri)], stdout=subprocess.PIPE, text=True
    ) as shot:
        assert shot.stdout is not None
        assert shot.stdout.readline() == "spooled\n"
        (one,) = spooled(settings)
        assert one.begun.tags[PROCESS].startswith("a1b2c3/")
        assert one.is_live
        shot.kill()
        shot.wait()
    assert not one.is_live
    upload(settings, one, judge)
    (found,) = open_store(settings).client.search_runs([open_store(settings).experiment_id])
    assert (found.info.status, found.data.metrics) == ("KILLED", {"a": 1.0})


def test_a_run_that_ended_without_its_end_is_killed_when_it_is_uploaded(
    server: FailingServer, remote: TrackingSettings
) -> None:
    server.break_at(1)
    with pytest.raises(StoreError), training_run(remote, "shot") as run:
        run.log_metrics({"a": 1.0})
        assert spooled(remote)[0].is_live
    server.heal()
    for end in run.spool.folder.glob("*-end.json"):
        end.unlink()
    (one,) = spooled(remote)
    assert not one.is_live
    upload(remote, one, judge)
    client = open_store(remote).client
    (found,) = client.search_runs([open_store(remote).experiment_id])
    assert (found.info.status, found.data.tags[SPOOLED]) == ("KILLED", run.id)


@pytest.mark.parametrize("place", ["0003-files/secret.txt", "model.json", "1-params.json"])
def test_a_link_in_a_spooled_run_is_refused_and_nothing_from_elsewhere_is_uploaded(
    server: FailingServer, remote: TrackingSettings, tmp_path: Path, place: str
) -> None:
    server.break_at(1)
    with pytest.raises(StoreError), training_run(remote, "a training") as run:
        run.log_metrics({"a": 1.0})
        run.log_text("kept", "kept.txt")
        run.log_text("kept", "another.txt")
    server.heal()
    (one,) = spooled(remote)
    (tmp_path / "secret.txt").write_text("[]")
    (one.folder / place).symlink_to(tmp_path / "secret.txt")
    with pytest.raises(StoreError, match="no links") as refused:
        upload(remote, one, judge)
    assert refused.value.where == str(one.folder / place)
    with pytest.raises(StoreError, match="no links"):
        spooled(remote)
    (one.folder / place).unlink()
    upload(remote, one, judge)
    assert spooled(remote) == ()


def test_a_link_to_a_spooled_run_is_none(server: FailingServer, remote: TrackingSettings, tmp_path: Path) -> None:
    server.break_at(1)
    with pytest.raises(StoreError), training_run(remote, "a training") as run:
        pass
    run.spool.folder.rename(tmp_path / "elsewhere")
    run.spool.folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="no links"):
        spooled(remote)


def test_what_the_store_refuses_for_good_is_not_spooled(remote: TrackingSettings) -> None:
    with pytest.raises(StoreError), training_run(remote, "deleted") as run:
        run.store.client.delete_run(run.id)
        run.log_metrics({"a": 1.0})
    assert spooled(remote) == ()


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
