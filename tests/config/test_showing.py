from pathlib import Path

import pytest
import yaml

from weilidai.config import load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "parent.yaml").write_text("data:\n  rows: 10\n  seed: 4\n", encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text("extends: parent.yaml\ndata:\n  rows: 20\n", encoding="utf-8")
    return child


def line(text: str, key: str) -> str:
    return next(row.strip() for row in text.splitlines() if row.strip().startswith(f"{key}:"))


def test_every_key_says_where_its_value_comes_from(file: Path) -> None:
    shown = load_settings(file, ["model.rate.max_bin=63"]).as_yaml()
    assert line(shown, "rows").endswith(f"# file {file}:3")
    assert line(shown, "seed").endswith(f"# parent {file.parent / 'parent.yaml'}:3")
    assert line(shown, "test_months").endswith("# default")
    assert "max_bin: 63" in shown
    assert "# --set model.rate.max_bin=63" in shown


def test_what_is_shown_can_be_run_again(file: Path, tmp_path: Path) -> None:
    configured = load_settings(file, ["model.invite.excluded_columns=[uses_vpn]", "model.invite.learning_rate=1e-3"])
    again = tmp_path / "again.yaml"
    again.write_text(configured.as_yaml(), encoding="utf-8")
    assert load_settings(again).settings == configured.settings
    assert yaml.safe_load(configured.as_yaml())["data"]["rows"] == 20


def test_the_environment_shows_where_it_fills_a_gap(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///elsewhere.db")
    assert line(load_settings(file).as_yaml(), "uri").endswith("# environment MLFLOW_TRACKING_URI=sqlite:///elsewhere.db")


def test_the_file_wins_over_the_environment_and_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///elsewhere.db")
    configured = load_settings(file, ["tracking.uri=sqlite:///mine.db"])
    assert configured.settings.tracking.uri == "sqlite:///mine.db"
    assert "wins over environment" in line(configured.as_yaml(), "uri")
