"""Faults of the machine and of the store that belong to no stage alone."""

import resource
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException

from faults.conftest import GATES, keep
from faults.crash_points import NO_LIMIT, run_until
from small_bundle import build_bundle, draw_people
from weilidai.config.checking import check
from weilidai.config.layers import read_layers
from weilidai.errors import ConfigError, ResourceError, StoreError, WeilidaiError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.models.bundle import save_bundle
from weilidai.models.manifest import seal
from weilidai.pipeline.generating import generate_frames
from weilidai.pipeline.promoting import promote, roll_back
from weilidai.pipeline.syncing import sync
from weilidai.pipeline.whole import whole_file
from weilidai.progress import Silent
from weilidai.tracking.champion import standing
from weilidai.tracking.listing import list_runs
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.uploading import SPOOLED

SPARE_BYTES = 150 * 2**20
Store = Callable[[str], TrackingSettings]


@pytest.mark.parametrize("text", ["_target_: os.system", "model: {_target_: os.system}", "data: {__class__: x}"])
def test_a_key_that_would_name_code_is_an_unknown_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown key"):
        check(read_layers(tmp_path / "mine.yaml"))


def test_a_store_that_is_locked_for_a_moment_loses_nothing(another_store: Store) -> None:
    tracking = another_store("locked")
    file = tracking.resolved_uri.removeprefix("sqlite:///")

    def hold() -> None:
        with closing(sqlite3.connect(file)) as other:
            other.execute("begin exclusive")
            held.set()
            time.sleep(1)
            other.rollback()

    held = threading.Event()
    with training_run(tracking, "a training") as run:
        holder = threading.Thread(target=hold)
        holder.start()
        held.wait()
        run.log_metrics({"a": 1.0})
        holder.join()
    assert next(one for one in list_runs(tracking) if one.id == run.id).metrics == {"a": 1.0}


def test_what_a_killed_creation_left_beside_a_store_is_cleared_by_the_next(tmp_path: Path) -> None:
    left = [tmp_path / f"mlflow.db.0123abcd.new{ending}" for ending in ("", "-journal")]
    for file in left:
        file.write_bytes(b"half a store")
    mine = tmp_path / "mlflow.db.new"
    mine.write_text("somebody's own", encoding="utf-8")
    with training_run(TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}"), "a training"):
        pass
    assert [file.exists() for file in (*left, mine)] == [False, False, True]


def test_a_run_deleted_while_it_trains_ends_in_one_message_and_harms_no_other(another_store: Store) -> None:
    tracking = another_store("deleted")
    before = standing(tracking)
    with pytest.raises(StoreError, match="somebody deleted the run"), training_run(tracking, "a training") as run:
        run.log_metrics({"a": 1.0})
        run.store.client.delete_run(run.id)
        run.log_metrics({"b": 2.0})
    assert standing(tracking) == before
    assert len(list_runs(tracking)) == 3
    assert [one.is_done for one in sync(tracking, Silent())] == [True]
    assert standing(tracking) == before
    (again,) = (one for one in list_runs(tracking) if one.tags.get(SPOOLED) == run.id)
    assert (again.status, dict(again.metrics)) == ("FINISHED", {"a": 1.0, "b": 2.0})


def test_where_no_artifacts_can_be_kept_no_run_begins(tmp_path: Path) -> None:
    tracking = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    (tmp_path / "mlartifacts").write_text("a file where a folder belongs", encoding="utf-8")
    with pytest.raises(ResourceError, match="no files of runs can be kept"), training_run(tracking, "a training"):
        pytest.fail("the work began")


def test_artifacts_that_cannot_be_kept_fail_the_run_with_one_message(tmp_path: Path) -> None:
    tracking = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    with pytest.raises(OSError, match="mlartifacts"), training_run(tracking, "a training") as run:
        (tmp_path / "mlartifacts").write_text("a file where a folder belongs", encoding="utf-8")
        run.log_text("what was found", "report.txt")
    assert [one.status for one in list_runs(tracking)] == ["FAILED"]
    (tmp_path / "mlartifacts").unlink()
    with training_run(tracking, "a training"):
        (tmp_path / "mlartifacts").write_text("and again", encoding="utf-8")
    with pytest.raises(ResourceError, match="is no folder"), training_run(tracking, "a training"):
        pytest.fail("the work began")


NO_SPACE = "[Errno 28] No space left on device"


@pytest.mark.parametrize(("copier", "error"), [
    ("mlflow.utils.model_utils._copy_file_or_tree", shutil.Error([("here", "there", NO_SPACE)])),
    ("mlflow.pyfunc.model._download_artifact_from_uri", MlflowException(f"failures:\n## File a ##\n{NO_SPACE}")),
])
def test_a_disk_that_fills_while_mlflow_copies_is_no_defect_of_ours(
    tmp_path: Path, another_store: Store, monkeypatch: pytest.MonkeyPatch, copier: str, error: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(copier, full)
    with pytest.raises(ResourceError, match="the model cannot be written: "):
        keep(another_store("full_copy"), tmp_path / "bundle", 0.93)


def test_runs_that_start_in_the_same_moment_are_two(another_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    tracking = another_store("same_moment")
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    with training_run(tracking, "a training") as one:
        pass
    with training_run(tracking, "a training") as two:
        pass
    assert one.id != two.id


def test_memory_that_runs_out_ends_the_job_and_not_the_machine(tmp_path: Path) -> None:
    def job() -> None:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + SPARE_BYTES, held + SPARE_BYTES))
        try:
            generate_frames(2_000_000, 3, "optimisation", Silent())
        except MemoryError:
            raise ResourceError("memory ran out") from None  # as the command line has it

    ended = run_until(job, "kill", NO_LIMIT, tmp_path)
    assert ended.code == 6, ended.said


def test_a_champion_read_while_it_changes_is_the_old_or_the_new(another_store: Store) -> None:
    tracking = another_store("read")
    people = draw_people(5, seed=1)
    whole = Decider(build_bundle()[0], "a test").decide(people)["p_invite"].tolist()
    stop = threading.Event()

    def move() -> None:
        while not stop.is_set():
            promote(tracking, GATES, "3", Silent())
            roll_back(tracking, None, Silent())

    mover = threading.Thread(target=move)
    mover.start()
    try:
        for _ in range(4):
            found = load_model("models:/weilidai@champion", tracking_uri=tracking.resolved_uri)
            assert found.decide(people)["p_invite"].tolist() == whole
    finally:
        stop.set()
        mover.join()


def test_two_who_write_one_place_at_once_leave_one_whole_thing(tmp_path: Path) -> None:
    done: list[str] = []

    def write(name: str) -> None:
        with suppress(WeilidaiError):
            seal({"a.txt": name.encode() * 1000}, tmp_path / "bundle", {})
            done.append(name)

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(done) == 1
    assert (tmp_path / "bundle" / "a.txt").read_bytes() == done[0].encode() * 1000
    assert [file.name for file in tmp_path.iterdir()] == ["bundle"]


def test_a_file_that_appears_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "decided.csv"
    with pytest.raises(ResourceError), whole_file(target) as aside:
        aside.write_text("mine", encoding="utf-8")
        target.write_text("theirs", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == [target.name]


def test_a_folder_that_vanishes_meanwhile_is_one_message(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    with pytest.raises(ResourceError), whole_file(folder / "decided.csv") as aside:
        aside.write_text("mine", encoding="utf-8")
        aside.unlink()
        folder.rmdir()


def test_every_forked_worker_decides_as_the_process_it_came_from(tmp_path: Path) -> None:
    bundle, people = build_bundle()
    here = bundle.answers(people.iloc[:50])

    def job() -> None:
        assert bundle.answers(people.iloc[:50]).equals(here)
        save_bundle(bundle, tmp_path / "in_a_fork", people)

    assert run_until(job, "kill", NO_LIMIT, tmp_path).code == 0
