import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.errors import ResourceError, StoreError
from weilidai.tracking import store as stores
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store

OPEN = """
import sys
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store
store = open_store(TrackingSettings(uri=sys.argv[1]))
run = store.client.create_run(store.experiment_id)
store.client.set_terminated(run.info.run_id)
print(store.experiment_id)
"""


def test_a_store_is_made_once_with_its_artifacts_beside_it(settings: TrackingSettings) -> None:
    first, second = open_store(settings), open_store(settings)
    assert first.experiment_id == second.experiment_id
    assert first.file is not None
    place = first.client.get_experiment(first.experiment_id).artifact_location
    assert place == (first.file.parent / "mlartifacts" / "weilidai").as_uri()


@pytest.mark.slow
def test_several_processes_that_start_at_once_share_one_whole_store(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    command = [sys.executable, "-c", OPEN, uri]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    assert len({out for out, _ in told}) == 1
    store = open_store(TrackingSettings(uri=uri), create=False)
    assert len(store.client.search_runs([store.experiment_id])) == 3
    assert not list(tmp_path.glob("*.new*"))


def test_looking_does_not_make_a_store_or_an_experiment(settings: TrackingSettings, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tracking store yet"):
        open_store(TrackingSettings(uri=f"sqlite:///{tmp_path / 'none.db'}"), create=False)
    assert list(tmp_path.iterdir()) == []
    open_store(settings)
    with pytest.raises(StoreError, match="no experiment 'other'"):
        open_store(settings.model_copy(update={"experiment": "other"}), create=False)


def test_a_deleted_experiment_is_told_with_the_way_back(settings: TrackingSettings) -> None:
    own = settings.model_copy(update={"experiment": "given up"})
    store = open_store(own)
    store.client.delete_experiment(store.experiment_id)
    with pytest.raises(StoreError, match="was deleted") as refused:
        open_store(own)
    assert "mlflow experiments restore" in refused.value.cure


def test_a_creation_that_fails_leaves_no_half_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    def broken(_self: object, uri: str, _artifacts: str) -> None:
        Path(uri.removeprefix("sqlite:///")).write_bytes(b"half a store")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SqlAlchemyStore, "__init__", broken)
    with pytest.raises(ResourceError, match="No space left"):
        open_store(TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}"))
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db.create.lock"]


def test_a_broken_store_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"")
    with pytest.raises(StoreError, match="is empty") as refused:
        open_store(TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}"))
    assert refused.value.exit_code == 5
    assert (tmp_path / "mlflow.db").read_bytes() == b""


def test_a_store_of_another_mlflow_is_not_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = TrackingSettings(uri=f"sqlite:///{tmp_path / 'mlflow.db'}")
    open_store(own)
    before = (tmp_path / "mlflow.db").read_bytes()
    monkeypatch.setattr(stores, "_schema_wanted", lambda: "a newer one")
    with pytest.raises(StoreError, match="the installed MLflow speaks a newer one"):
        open_store(own)
    assert (tmp_path / "mlflow.db").read_bytes() == before


def test_a_server_that_does_not_answer_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(StoreError, match="the tracking store refused") as refused:
        open_store(TrackingSettings(uri="http://ann:secret@127.0.0.1:9"))
    assert "secret" not in str(refused.value)
