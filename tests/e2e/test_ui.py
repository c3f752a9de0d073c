"""MLflow's own pages in a real browser: what a user sees of two runs, their comparison and the model."""

from collections.abc import Callable, Iterator

import pytest

from browsing import BROWSER, served, text_of
from small_bundle import build_bundle
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store
from weilidai.tracking.views import SECTIONS, address

NO_BROWSER = "Chromium is not installed"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)]
FIGURES = {"first small": 0.8123, "second small": 0.8456}

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
        with training_run(settings, name, {"kind": "train", "regime": "optimisation"}) as run:
            run.log_params({"data": {"rows": rows * 1111, "seed": 1}})
            reached = {"weight.worst_difference": 0.01, "baseline.plain.auc": 0.7}
            run.log_metrics({"test.invite_eligible.auc": figure, "test.quota.r2": figure - 0.1, **reached})
            run.note("**synthetic**: a simulated lender")
            gate = GateResult("ranking", "test.invite_eligible.auc", figure, passed=True, why="it ranks")
            register(run, keep_model(run, folder / "bundle", packaging(bundle, people)), [gate])
        runs.append(run.id)
    return settings, runs


@pytest.fixture(scope="module")
def port(trained: tuple[TrackingSettings, list[str]]) -> Iterator[int]:
    with served("--set", f"tracking.uri={trained[0].resolved_uri}") as port:
        yield port


@pytest.fixture(scope="module")
def look(port: int, tmp_path_factory: pytest.TempPathFactory) -> Look:
    profile = tmp_path_factory.mktemp("browser")
    return lambda page: text_of(f"http://127.0.0.1:{port}/#/{page}", profile)


def test_the_list_of_runs_has_their_names(look: Look) -> None:
    page = look("experiments/1/runs")
    assert all(name in page for name in FIGURES)


def test_the_comparison_shows_what_was_set_and_measured_side_by_side(look: Look, trained) -> None:
    runs = ",".join(f"%22{run}%22" for run in trained[1])
    page = look(f"compare-runs?runs=%5B{runs}%5D&experiments=%5B%221%22%5D")
    for told in (*FIGURES, "data.rows", "1111", "2222", "test.invite_eligible.auc", "0.812", "0.846"):
        assert told in page, told


def test_the_page_the_command_names_shows_the_few_figures_that_matter(look: Look, trained, port: int) -> None:
    page = look(address(open_store(trained[0]), port).partition("#/")[2])
    for told in (*FIGURES, "What matters", *SECTIONS, "test.invite_eligible.auc", "test.quota.r2"):
        assert told in page, told
    assert "baseline.plain.auc" not in page


def test_a_run_shows_its_note_its_figures_and_its_model(look: Look, trained) -> None:
    page = look(f"experiments/1/runs/{trained[1][1]}")
    for told in ("second small", "synthetic", "test.invite_eligible.auc", "weilidai"):
        assert told in page, told


def test_the_page_of_the_model_shows_its_champion_and_not_the_log(look: Look) -> None:
    page = look("models/weilidai")
    assert "Version 2" in page
    assert "champion" in page
    assert '"action"' not in page
