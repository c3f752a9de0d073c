"""A store that breaks off loses nothing: what it did not take is kept, and uploaded later as the same run."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from failing_server import FailingServer  # type: ignore[import-not-found]
from spooled_training import (  # type: ignore[import-not-found]
    AUC,
    Kept,
    gates,
    judge,
    state,
    train,
    trained,
    wanted,
)
from weilidai.errors import DataError, StoreError
from weilidai.tracking.datasets import log_dataset
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import FAILURE, PARENT, Run, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import spooled
from weilidai.tracking.store import open_store
from weilidai.tracking.uploading import SPOOLED, belongs, upload

STEPS = (1, 2, 3, 5, 8, 12, 16, 20)
"""Requests of a small training at which the server breaks off; the slow test takes all."""


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

    with pytest.raises(StoreError, match=r"is lost: .*No space left"), training_run(remote, "a training") as run:
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
