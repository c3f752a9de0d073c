import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from weilidai.errors import ConfigError, StoreError
from weilidai.places import project_root
from weilidai.stores import check_sqlite, prepare_mlflow, sqlite_file, sqlite_uri, store_uri, without_password


def test_the_configured_store_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracking.example:5000")
    assert store_uri("postgresql://db.example/runs") == "postgresql://db.example/runs"
    assert store_uri() == "http://tracking.example:5000"


def test_without_either_the_store_is_a_file_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert sqlite_file(store_uri()) == project_root() / "mlflow.db"


def test_a_relative_file_is_one_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert store_uri("sqlite:///runs.db") == f"sqlite:///{tmp_path / 'runs.db'}"


@pytest.mark.parametrize("name", ["plain", "with space", "微粒贷", "a#b", "50%", "why?", "a+b&c=d"])
def test_a_folder_of_any_name_comes_back(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "mlflow.db"
    assert sqlite_file(sqlite_uri(file)) == file
    assert store_uri(sqlite_uri(file)) == sqlite_uri(file)


@pytest.mark.parametrize("uri", ["./mlruns", "file:///data/mlruns", "mlruns", "C:\\runs"])
def test_plain_files_are_refused_with_the_way_to_move_them(uri: str) -> None:
    with pytest.raises(StoreError, match="mlflow migrate-filestore"):
        store_uri(uri)


@pytest.mark.parametrize(("uri", "told"), [
    ("sqllite:///x.db", "did you mean 'sqlite'"), ("sqlite://", "needs a file"), ("sqlite:///:memory:", "needs a file"),
])  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused(uri: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        store_uri(uri)


def test_a_server_has_no_file() -> None:
    assert sqlite_file("https://tracking.example") is None


def test_a_password_is_never_shown() -> None:
    assert without_password("postgresql://ann:secret@db.example/runs") == "postgresql://ann:***@db.example/runs"


def store(file: Path, schema: str) -> Path:
    with sqlite3.connect(file) as database:
        database.execute("create table alembic_version (version_num text)")
        database.execute("insert into alembic_version values (?)", (schema,))
    database.close()
    return file


def test_a_store_of_the_right_schema_is_left_as_it_is(tmp_path: Path) -> None:
    file = store(tmp_path / "mlflow.db", "abc")
    before = file.read_bytes()
    check_sqlite(file, "abc")
    assert file.read_bytes() == before


def test_a_store_of_another_schema_is_not_upgraded_unasked(tmp_path: Path) -> None:
    file = store(tmp_path / "mlflow.db", "older")
    before = file.read_bytes()
    with pytest.raises(StoreError, match="schema older, the installed MLflow speaks newer") as refused:
        check_sqlite(file, "newer")
    assert "mlflow db upgrade" in refused.value.cure
    assert file.read_bytes() == before


WRITER = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("pragma cache_size = 1")
database.execute("begin")
database.execute("update alembic_version set version_num = 'half'")
database.executemany("insert into runs values (?)", [("x" * 3000,)] * 200)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_writer_killed_in_mid_commit_left_is_taken_back(tmp_path: Path) -> None:
    file = store(tmp_path / "mlflow.db", "abc")
    with closing(sqlite3.connect(file)) as database:
        database.execute("create table runs (name text)")
        database.commit()
    subprocess.run([sys.executable, "-c", WRITER, str(file)], check=False)
    assert (tmp_path / "mlflow.db-journal").stat().st_size > 0
    check_sqlite(file, "abc")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("select count(*) from runs").fetchone() == (0,)
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(("content", "told"), [
    (b"", "is empty"), (b"not a database" * 100, "not a whole MLflow store"), (b"SQLite format 3\0", "not a whole"),
])  # fmt: skip
def test_a_broken_store_is_refused_and_kept(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "mlflow.db"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=told):
        check_sqlite(file, "abc")
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_not_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as database:
        database.execute("create table orders (number integer)")
    database.close()
    with pytest.raises(StoreError, match="not a whole MLflow store"):
        check_sqlite(tmp_path / "shop.db", "abc")


def test_a_missing_store_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tracking store yet"):
        check_sqlite(tmp_path / "mlflow.db", "abc")
    assert list(tmp_path.iterdir()) == []


def test_telemetry_is_off_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_DISABLE_TELEMETRY", raising=False)
    prepare_mlflow()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "false")
    prepare_mlflow()
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "false"
