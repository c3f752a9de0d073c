import json
from pathlib import Path

import pandas as pd
import pytest

from weilidai.cli.studying import _show
from weilidai.pipeline.studies.outcome import Study


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    return tmp_path


FEW = [word for model in ("invite", "quota") for word in ("--set", f"model.{model}.num_iterations=10")]


def test_every_study_is_listed(run) -> None:
    told = run("study", "--help").out
    names = ("gap", "learning-curve", "stability", "fairness", "reject-inference", "reasons", "recourse")
    assert all(name in told for name in names)


def test_the_gap_is_told_as_json_and_written_to_a_folder(run, here: Path) -> None:
    ended = run("study", "gap", "--rows", 15_000, *FEW, "--set", "evaluation.replicates=5", "--no-log", "--json",
                "--out", here / "gap")
    assert ended.code == 0
    told = json.loads(ended.out)
    assert told["study"] == "gap"
    assert told["run_id"] is None
    assert json.loads((here / "gap" / "gap.json").read_text(encoding="utf-8"))["metrics"] == told["metrics"]
    assert not (here / "mlflow.db").exists()


def test_a_folder_that_is_taken_is_refused_before_any_work(run, here: Path) -> None:
    (here / "taken").mkdir()
    (here / "taken" / "mine").write_text("kept")
    assert run("study", "gap", "--out", here / "taken").code == 6


@pytest.mark.parametrize("rows", ["many", "5000,10000"])
@pytest.mark.usefixtures("here")
def test_a_curve_needs_three_whole_numbers(run, rows: str) -> None:
    ended = run("study", "learning-curve", "--rows", rows)
    assert ended.code == 2
    assert "rows" in ended.err


@pytest.mark.usefixtures("here")
def test_advice_is_studied_for_the_model_that_is_named(run) -> None:
    ended = run("study", "recourse", "--model", "nowhere", "--people", 3, "--no-log")
    assert ended.code == 4
    assert "nowhere" in ended.err


def test_a_wide_table_keeps_its_words_whole_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"a_rather_long_column_{number}" for number in range(6)]
    table = pd.DataFrame([dict.fromkeys(names, "unbroken_words_of_a_cell")])
    _show(Study("fairness", {}, ("a line",), {"wide": table}, {}))
    told = capsys.readouterr().out
    assert told.count("unbroken_words_of_a_cell") == len(names)
