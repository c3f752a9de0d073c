import json
from pathlib import Path

import pytest
import yaml

from small_bundle import build_bundle
from weilidai.errors import StoreError, StoreSilentError
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

AUC = "test.invite_eligible.auc"
GATE = "evaluation.gates.ranking"
GATES = {"evaluation": {"gates": {"ranking": {"metric": AUC, "at_least": 0.7, "why": "it must rank"}}}}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store of two versions, the first champion, and settings with one gate."""
    prepare_mlflow()
    folder = tmp_path_factory.mktemp("promoting")
    bundle, people = build_bundle()
    save_bundle(bundle, folder / "bundle", people)
    for auc in (0.8, 0.75):
        with training_run(TrackingSettings(uri=f"sqlite:///{folder / 'mlflow.db'}"), f"run {auc}") as run:
            run.log_metrics({AUC: auc})
            run.log_params({"data": {"rows": int(auc * 100)}})
            gate = GateResult("ranking", AUC, auc, passed=True, why="it ranks")
            register(run, keep_model(run, folder / "bundle", packaging(bundle, people)), [gate])
    (folder / "gates.yaml").write_text(yaml.safe_dump(GATES), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{place / 'mlflow.db'}")


def test_promote_rollback_and_who_was_live_when(run) -> None:
    moved = run("promote", "2", "--config", "gates.yaml")
    assert moved.code == 0
    assert "weilidai version 2 is champion: promoted by hand" in moved.out
    back = json.loads(run("rollback", "--json").out)
    assert (back["model"], back["because"]) == ("models:/weilidai/1", "rolled back from version 2")
    told = json.loads(run("champions", "--json").out)
    assert [one["version"] for one in told["champions"]] == ["1", "2", "1"]
    assert told["champions"][0]["until"] == told["champions"][1]["since"]
    assert [entry["action"] for entry in told["log"]] == ["trained", "promoted", "rolled back"]
    assert told["log"][1]["gates"]["ranking"] == {"passed": True, "metric": AUC, "value": 0.75}
    shown = run("champions").out
    assert "champion: version 1" in shown


@pytest.mark.parametrize(("words", "code", "told"), [
    (("promote", "2", "--config", "gates.yaml", "--set", f"{GATE}.at_least=0.9"), 7, "wanted at least"),
    (("promote", "7"), 5, "known: 1, 2"),
    (("promote", "models:/weilidai@chmpion"), 5, "did you mean 'champion'"),
    (("promote", "2", "--config", "no_such.yaml"), 2, "no such file"),
    (("rollback", "--set", "tracking.registered_model=weilidi"), 5, "did you mean 'weilidai'"),
])  # fmt: skip
def test_what_cannot_be_promoted_ends_in_one_message_and_leaves_the_champion(run, words, code: int, told: str) -> None:
    before = json.loads(run("champions", "--json").out)
    ended = run(*words)
    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert json.loads(run("champions", "--json").out) == before


def test_a_comparison_is_written_as_a_page(run, place: Path) -> None:
    ended = run("compare", "run 0.8", "run 0.75", "--html", "compared.html")
    assert ended.code == 0
    assert "data.rows" in ended.out
    assert "other people" in ended.out
    page = (place / "compared.html").read_text(encoding="utf-8")
    assert "run 0.75" in page
    assert AUC in page
    assert run("compare", "run 0.8", "run 0.75", "--html", "compared.html").code == 6


def test_a_run_is_not_compared_with_itself(run) -> None:
    assert run("compare", "run 0.8", "run 0.8").code == 2


def test_experiments_are_listed_without_running_any(run) -> None:
    listed = run("experiments", "--dry-run").out.splitlines()
    assert listed[0].endswith("train.yaml")
    assert len(listed) >= 7


def test_what_a_silent_store_did_not_take_is_uploaded_on_request(run, place: Path, monkeypatch) -> None:
    def silent(*_: object) -> None:
        raise StoreSilentError("the store is down")

    assert run("doctor", "--sync").out == "nothing waits to be uploaded\n"
    tracking = TrackingSettings(uri=f"sqlite:///{place / 'mlflow.db'}")
    with monkeypatch.context() as patch, pytest.raises(StoreError), training_run(tracking, "kept aside"):
        patch.setattr("weilidai.tracking.runs.send", silent)
    assert "kept aside waits in" in run("doctor", "--json").out
    ended = run("doctor", "--sync")
    assert (ended.code, ended.out) == (0, "kept aside: uploaded\n")
    with monkeypatch.context() as patch, pytest.raises(StoreError), training_run(tracking, "kept aside again"):
        patch.setattr("weilidai.tracking.runs.send", silent)
    with monkeypatch.context() as patch:
        patch.setattr("weilidai.tracking.uploading.send", silent)
        ended = run("doctor", "--sync")
    assert ended.code == 5
    assert "1 of 1 runs could not be uploaded" in ended.err
    assert json.loads(run("doctor", "--sync", "--json").out)[0]["is_done"]
