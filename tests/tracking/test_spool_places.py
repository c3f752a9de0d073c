"""Where a spooled run lies: in a folder that takes nothing, beside a process that is gone, among links."""

import errno
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from failing_server import FailingServer  # type: ignore[import-not-found]
from spooled_training import AUC, Kept, gates, judge, state, trained, wanted  # type: ignore[import-not-found]
from weilidai.errors import DataError, StoreError
from weilidai.tracking import spool
from weilidai.tracking.registry import hand_in
from weilidai.tracking.runs import PROCESS, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import Spool, spooled
from weilidai.tracking.store import open_store
from weilidai.tracking.uploading import SPOOLED, upload

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
