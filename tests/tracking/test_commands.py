import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.inference.pyfunc import Packaging
from weilidai.tracking.commands import load_line, ui_arguments, ui_command
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings


@pytest.mark.slow
def test_the_load_line_works_when_pasted_anywhere(
    settings: TrackingSettings, bundle_folder: Path, packed: Packaging, tmp_path: Path
) -> None:
    own = settings.model_copy(update={"registered_model": "pasted"})
    with training_run(own, "a training") as run:
        registered = register(run, keep_model(run, bundle_folder, packed), [])
    line = [sys.executable, "-c", f"{load_line(own, registered.uri)}; print(model)"]
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    told = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert "models:/pasted@champion" in told


def test_the_usual_store_is_not_named(monkeypatch: pytest.MonkeyPatch, settings: TrackingSettings) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", settings.resolved_uri)
    wanted = "import weilidai; model = weilidai.load_model('models:/weilidai@champion')"
    assert load_line(settings, "models:/weilidai@champion") == wanted
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere.example")
    assert f"tracking_uri={settings.resolved_uri!r}" in load_line(settings, "models:/weilidai@champion")


def test_the_ui_serves_this_store_to_this_machine_only(settings: TrackingSettings) -> None:
    arguments = ui_arguments(settings, port=5055)
    assert arguments[0] == sys.executable
    assert arguments[arguments.index("--backend-store-uri") + 1] == settings.resolved_uri
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert shlex.split(ui_command(settings, port=5055))[1:] == arguments


def test_the_ui_command_starts_with_telemetry_off(settings: TrackingSettings) -> None:
    assert ui_command(settings).startswith("MLFLOW_DISABLE_TELEMETRY=true ")
