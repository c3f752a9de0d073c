import sys
from dataclasses import replace
from pathlib import Path

import pytest

from weilidai.errors import ConfigError
from weilidai.evaluation.settings import EvaluationSettings
from weilidai.pipeline.looking_back import Comparison, compare_runs, telling, where_it_is
from weilidai.tracking.listing import RunRow, compare
from weilidai.tracking.settings import TrackingSettings

MODEL = "models:/weilidai@champion"


def row(name: str, rows: str, auc: float) -> RunRow:
    metrics = {"test.invite.auc": auc, "test.invite.auc_low": auc - 0.01, "test.invite.auc_high": auc + 0.01,
               "test.invite.gini": 2 * auc - 1}  # fmt: skip
    return RunRow(name, name, "FINISHED", None, 1.0, None, {"data.rows": rows, "data.seed": "1"}, metrics, {})


def test_only_what_differs_is_told_headlines_with_their_intervals() -> None:
    rows = [row("a", "1000", 0.8), row("b", "2000", 0.9)]
    assert telling(Comparison(rows, compare(rows), (), ())) == [
        ("data.rows", ["1000", "2000"]),
        ("test.invite.auc", ["0.8 [0.79, 0.81]", "0.9 [0.89, 0.91]"]),
    ]


def test_what_came_from_the_cache_is_no_difference_between_models() -> None:
    rows = [row("a", "1000", 0.8), row("b", "1000", 0.8)]
    rows[1] = replace(rows[1], tags={"stages.reused": "invite", "regime": "contraction"})
    assert telling(Comparison(rows, compare(rows), (), ())) == [("regime", ["", "contraction"])]


def test_runs_of_one_name_are_told_apart_by_their_ids() -> None:
    rows = [row("a", "1000", 0.8), replace(row("a", "2000", 0.9), id="0123456789"), row("b", "1000", 0.8)]
    assert Comparison(rows, (), (), ()).labels == {"a": "a (a)", "0123456789": "a (01234567)", "b": "b"}


def test_the_usual_store_needs_no_address() -> None:
    places = where_it_is(TrackingSettings(), MODEL)
    assert places.ui.endswith("weilidai ui")
    assert "tracking_uri" not in places.load


def test_another_store_is_named_in_every_line(tmp_path: Path) -> None:
    places = where_it_is(TrackingSettings(uri=f"sqlite:///{tmp_path / 'other.db'}"), MODEL)
    assert "other.db" in places.ui
    assert "other.db" in places.load


def test_the_command_is_given_as_it_must_be_typed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = Path(sys.executable).parent
    monkeypatch.chdir(scripts.parent)
    monkeypatch.setenv("PATH", "")
    assert where_it_is(TrackingSettings(), MODEL).ui == f"{scripts.name}/weilidai ui"


def test_one_run_cannot_be_compared() -> None:
    with pytest.raises(ConfigError, match="two runs or more"):
        compare_runs(TrackingSettings(), ["a"], EvaluationSettings())
