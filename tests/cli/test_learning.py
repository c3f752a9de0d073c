from pathlib import Path

import pytest
import yaml

from weilidai.config import load_settings
from weilidai.pipeline import training


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    return tmp_path


def test_the_resolved_settings_are_shown_as_yaml_with_their_origins(run, here: Path) -> None:
    ended = run("train", "--set", "data.rows=12345", "--print-config")
    assert ended.code == 0
    assert yaml.safe_load(ended.out)["data"]["rows"] == 12345
    assert "# --set data.rows=12345" in ended.out
    (here / "again.yaml").write_text(ended.out, encoding="utf-8")
    assert load_settings(here / "again.yaml").settings == load_settings(sets=["data.rows=12345"]).settings


def test_a_dry_run_says_what_would_happen_and_makes_nothing(run, here: Path) -> None:
    ended = run("train", "--dry-run", "--set", "data.rows=1200000")
    assert ended.code == 0
    for told in ("1,200,000", "300,000 of the last 3 months", "mlflow.db (would be made)", "GB of memory"):
        assert told in ended.out
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(("words", "told"), [
    (("no_such.yaml",), "no_such.yaml: there is no such file"),
    (("--set", "data.rws=3"), "data.rws: unknown key, did you mean 'rows'?"),
    (("--set", "data.rows=many"), "data.rows: must be a whole number, not 'many'"),
    (("--set", "data.regime=optimization"), "did you mean 'optimisation'?"),
    (("--set", "model.invite.excluded_columns=[uses_vpm]"), "did you mean 'uses_vpn'?"),
    (("--set", "tracking.uri=sqlit:///x.db"), "did you mean 'sqlite'?"),
])
@pytest.mark.parametrize("mode", ["--dry-run", None])
def test_settings_that_cannot_be_meant_end_with_2_and_nothing_made(run, here: Path, words, told: str, mode) -> None:
    ended = run("train", *words, *([mode] if mode else []))
    assert ended.code == 2
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert list(here.iterdir()) == []


def test_more_people_than_memory_holds_is_refused_before_any_work(run, here: Path) -> None:
    ended = run("train", "--set", "data.rows=100000000")
    assert ended.code == 6
    assert "GB are free" in ended.err
    assert list(here.iterdir()) == []


def test_a_store_that_is_not_there_is_named_with_its_cure(run, here: Path) -> None:
    for words in (("compare", "a", "b"), ("ui",)):
        ended = run(*words)
        assert ended.code == 5
        assert "weilidai train" in ended.err
        assert "http" not in ended.err
    assert list(here.iterdir()) == []


def test_comparing_takes_two_runs(run) -> None:
    assert run("compare", "a").code == 2


def test_the_doctor_works_without_a_store(run, here: Path) -> None:
    ended = run("doctor")
    assert ended.code == 0
    assert "facts" in ended.out
    assert "is not there yet" in ended.out
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_people_are_not_made_over_what_is_there(run, here: Path, taken: str) -> None:
    place = here / "people"
    if taken == "file":
        place.write_text("x", encoding="utf-8")
    else:
        place.mkdir()
        (place / "mine.txt").write_text("x", encoding="utf-8")
    ended = run("generate", "--rows", 10, "--seed", 1, "--out", place)
    assert ended.code == 6
    assert "already" in ended.err
    assert len(list(here.iterdir())) == 1


def test_a_fault_of_the_training_is_not_told_as_one_of_the_export(run, here: Path, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error", "a disk")

    monkeypatch.setattr(training, "_make", fail)
    ended = run("train", "--export", here / "mine")
    assert ended.code == 6
    assert "a disk" in ended.err
    assert "mine" not in ended.err
    assert not list(here.glob("*mine*"))


def test_a_model_is_not_exported_over_what_is_there(run, here: Path) -> None:
    (here / "mine").write_text("x", encoding="utf-8")
    ended = run("train", "--export", here / "mine")
    assert ended.code == 6
    assert [file.name for file in here.iterdir()] == ["mine"]
