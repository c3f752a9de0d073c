from pathlib import Path

import pytest
from pydantic import ValidationError

from weilidai.tracking.settings import TrackingSettings


def test_the_file_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracking.example")
    assert TrackingSettings().resolved_uri == "http://tracking.example"
    assert TrackingSettings(uri="https://other.example").resolved_uri == "https://other.example"


def test_a_relative_file_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert TrackingSettings(uri="sqlite:///runs.db").resolved_uri == f"sqlite:///{tmp_path}/runs.db"


@pytest.mark.parametrize("changes", [
    {"experiment": ""}, {"experiment": "../elsewhere"}, {"registered_model": "a/b"}, {"champion_margin": -0.1},
    {"champion_margin": float("nan")}, {"lock_timeout_seconds": 0}, {"experimant": "x"},
])  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrackingSettings(**changes)


def test_importing_the_settings_does_not_import_mlflow() -> None:
    import subprocess
    import sys

    code = "import sys, weilidai.tracking.settings; print('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
