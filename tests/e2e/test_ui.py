"""MLflow's own pages in a real browser: what a user sees of two runs, their comparison and the model."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from small_bundle import build_bundle
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_BROWSER = "Chromium is not installed"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)]
FIGURES = {"first small": 0.8123, "second small": 0.8456}
SECONDS = 120

Look = Callable[[str], str]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[TrackingSettings, list[str]]:
    prepare_mlflow()
    folder = tmp_path_factory.mktemp("ui")
    settings = TrackingSettings(uri=f"sqlite:///{folder / 'mlflow.db'}")
    bundle, people = build_bundle()
    save_bundle(bundle, folder / "bundle", people)
    runs = []
    for rows, (name, figure) in enumerate(FIGURES.items(), 1):
        with training_run(settings, name, {"regime": "optimisation"}) as run:
            run.log_params({"data": {"rows": rows * 1111, "seed": 1}})
            run.log_metrics({"test.invite_eligible.auc": figure, "test.quota.r2": figure - 0.1})
            run.note("**synthetic**: a simulated lender")
            gate = GateResult("ranking", "test.invite_eligible.auc", figure, passed=True, why="it ranks")
            register(run, keep_model(run, folder / "bundle", packaging(bundle, people)), [gate])
        runs.append(run.id)
    return settings, runs


@pytest.fixture(scope="module")
def look(trained: tuple[TrackingSettings, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    """Serve the pages as the command does, and open them until what they load is there."""
    port = _free_port()
    words = ["ui", "--port", str(port), "--set", f"tracking.uri={trained[0].resolved_uri}"]
    command = [sys.executable, "-c", "from weilidai.cli import main; main()", *words]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    profile = tmp_path_factory.mktemp("browser")

    def look(page: str) -> str:
        return _seen(f"http://127.0.0.1:{port}/#/{page}", profile)

    try:
        _wait_for(port)
        yield look
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail("the pages are not served")


def _seen(address: str, profile: Path) -> str:
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
        "--window-size=1600,2400", "--virtual-time-budget=40000", "--dump-dom", address,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    return unescape(re.sub(r"<[^>]+>", " ", done.stdout))


def test_the_list_of_runs_has_their_names(look: Look) -> None:
    page = look("experiments/1/runs")
    assert all(name in page for name in FIGURES)


def test_the_comparison_shows_what_was_set_and_measured_side_by_side(look: Look, trained) -> None:
    runs = ",".join(f"%22{run}%22" for run in trained[1])
    page = look(f"compare-runs?runs=%5B{runs}%5D&experiments=%5B%221%22%5D")
    for told in (*FIGURES, "data.rows", "1111", "2222", "test.invite_eligible.auc", "0.812", "0.846"):
        assert told in page, told


def test_a_run_shows_its_note_its_figures_and_its_model(look: Look, trained) -> None:
    page = look(f"experiments/1/runs/{trained[1][1]}")
    for told in ("second small", "synthetic", "test.invite_eligible.auc", "weilidai"):
        assert told in page, told


def test_the_page_of_the_model_shows_its_champion_and_not_the_log(look: Look) -> None:
    page = look("models/weilidai")
    assert "Version 2" in page
    assert "champion" in page
    assert '"action"' not in page
