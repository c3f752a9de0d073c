"""Promotion by hand: what is looked at before the champion moves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from small_bundle import build_bundle
from weilidai.errors import GateError, ModelError
from weilidai.evaluation.gates import GateResult
from weilidai.evaluation.settings import EvaluationSettings, Gate
from weilidai.evaluation.study_settings import AgeRules
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import save_bundle
from weilidai.pipeline import tested_versions
from weilidai.pipeline.birth import origin_of
from weilidai.pipeline.promoting import promote, roll_back, who_was_live
from weilidai.progress import Silent
from weilidai.stores import BUNDLE_IN_MODEL, prepare_mlflow
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.listing import kept_file
from weilidai.tracking.registry import register
from weilidai.tracking.runs import training_run
from weilidai.tracking.settings import TrackingSettings

AUC = "test.invite_eligible.auc"
GATES = EvaluationSettings(gates={"ranking": Gate(metric=AUC, at_least=0.7, why="it must rank")})
Train = Callable[..., str]


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> TrackingSettings:
    prepare_mlflow()
    return TrackingSettings(uri=f"sqlite:///{tmp_path_factory.mktemp('promoting') / 'mlflow.db'}")


@pytest.fixture
def train(tracking: TrackingSettings, tmp_path: Path) -> Train:
    def train(
        auc: float = 0.8,
        *,
        logged: float | None = None,
        passed: bool = True,
        versions: dict | None = None,
        simulator: str = "a",
        **born: object,
    ) -> str:
        bundle, people = build_bundle()
        sealed = replace(bundle, birth_certificate={"metrics": {AUC: auc}, "versions": versions or {}, **born})
        folder = tmp_path / str(len(list(tmp_path.iterdir()))) / "bundle"
        folder.parent.mkdir()
        save_bundle(sealed, folder, people)
        with training_run(tracking, "a training", {"parameters_digest": simulator}) as run:
            run.log_metrics({AUC: auc if logged is None else logged})
            gate = GateResult("ranking", AUC, auc, passed=passed, why="told")
            kept = keep_model(run, folder, packaging(sealed, people))
            return register(run, kept, [gate], origin_of(sealed.birth_certificate)).version

    return train


def hand(tracking: TrackingSettings, version: str, evaluation: EvaluationSettings = GATES):
    return promote(tracking, evaluation, version, Silent())


def test_a_model_is_promoted_and_rolled_back_and_both_stand_in_the_log(
    train: Train, tracking: TrackingSettings
) -> None:
    train(0.9)
    before = who_was_live(tracking)[0].champion
    version = train(0.75)
    promoted = hand(tracking, version)
    assert promoted.why.startswith(f"promoted by hand: {AUC} is 0.75, version {before} had")
    assert who_was_live(tracking)[1][-1].entry.gates["ranking"]["value"] == 0.75
    assert roll_back(tracking, version, Silent()).version == before
    assert roll_back(tracking, version, Silent()).why.endswith("nothing is done")
    standing, reigns = who_was_live(tracking)
    assert standing.champion == before
    assert [reign.version for reign in reigns][-2:] == [version, before]
    assert reigns[-2].until == reigns[-1].since


def test_gates_that_were_closed_at_the_training_stay_closed(train: Train, tracking: TrackingSettings) -> None:
    version = train(passed=False)
    with pytest.raises(GateError, match="when it was trained, gates failed: ranking"):
        hand(tracking, version)


def test_gates_are_held_against_the_sealed_figures_as_the_settings_have_them_now(
    train: Train, tracking: TrackingSettings
) -> None:
    stricter = EvaluationSettings(gates={"ranking": Gate(metric=AUC, at_least=0.85, why="it must rank")})
    version = train(0.8)
    with pytest.raises(GateError, match=r"0\.8, wanted at least 0\.85"):
        hand(tracking, version, stricter)


def test_a_run_whose_figures_were_changed_is_refused(train: Train, tracking: TrackingSettings) -> None:
    version = train(0.6, logged=0.9)
    with pytest.raises(ModelError, match="not those sealed in its model"):
        hand(tracking, version)


def test_a_model_made_with_untested_libraries_is_refused(train: Train, tracking: TrackingSettings) -> None:
    version = train(versions={"lightgbm": "3.3.5"})
    with pytest.raises(GateError, match="where it was made are outside the tested range: lightgbm"):
        hand(tracking, version)


def test_nothing_is_promoted_with_untested_libraries(
    train: Train, tracking: TrackingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = train()
    monkeypatch.setattr(tested_versions, "untested", lambda made_with=None: ["numpy, 9"] if made_with is None else [])
    with pytest.raises(GateError, match="libraries here are outside the tested range: numpy, 9"):
        hand(tracking, version)


def test_a_training_with_untested_libraries_leaves_the_champion_in_place(
    train: Train, tracking: TrackingSettings
) -> None:
    train(0.8)
    before = who_was_live(tracking)[0].champion
    version = train(0.99, versions={"lightgbm": "3.3.5"}, simulator="another")
    standing, _ = who_was_live(tracking)
    assert (standing.champion, standing.challenger) == (before, version)


def test_a_model_of_uncommitted_changes_takes_no_place_unless_it_is_allowed_and_the_log_says_so(
    train: Train, tracking: TrackingSettings
) -> None:
    train(0.9, commit="0" * 40)
    before = who_was_live(tracking)[0].champion
    version = train(0.99, commit=f"{'a' * 40}-dirty")
    assert who_was_live(tracking)[0].champion == before
    with pytest.raises(GateError, match="trained from uncommitted changes to aaaaaaaaaaaa"):
        hand(tracking, version)
    promoted = promote(tracking, GATES, version, Silent(), allow_dirty=True)
    assert promoted.why.endswith("; allowed although trained from uncommitted changes to aaaaaaaaaaaa")
    assert who_was_live(tracking)[1][-1].entry.why == promoted.why
    allowed = train(0.8, commit=f"{'b' * 40}-dirty", allow_dirty="yes")
    assert "allowed although" in hand(tracking, allowed).why


def test_a_model_trained_outside_a_checkout_is_told_and_not_refused(train: Train, tracking: TrackingSettings) -> None:
    promoted = hand(tracking, train(0.8, commit="unknown"))
    assert promoted.why.endswith("of no known commit: trained outside a checkout")


def test_a_model_that_learnt_from_much_older_people_than_the_champion_is_refused_by_its_setting(
    train: Train, tracking: TrackingSettings
) -> None:
    hand(tracking, train(0.8, learnt_from={"newest": "2023-05"}))
    older, younger = train(0.8, learnt_from={"newest": "2021-09"}), train(0.8, learnt_from={"newest": "2023-01"})
    strict = GATES.model_copy(update={"age": AgeRules(refuse_after_months=12)})
    with pytest.raises(GateError, match="from people 20 months later"):
        hand(tracking, older, strict)
    assert hand(tracking, younger, strict).version == younger
    assert hand(tracking, older).version == older


def test_a_bundle_somebody_touched_is_neither_promoted_nor_rolled_back_to(
    train: Train, tracking: TrackingSettings
) -> None:
    train(0.95)
    touched = str(who_was_live(tracking)[0].champion)
    hand(tracking, train(0.99))
    folder = _bundle_of(tracking, touched)
    (folder / "rate.txt").write_bytes((folder / "rate.txt").read_bytes() + b" ")
    with pytest.raises(ModelError):
        roll_back(tracking, None, Silent())
    with pytest.raises(ModelError):
        hand(tracking, touched)
    assert who_was_live(tracking)[0].champion != touched


def _bundle_of(tracking: TrackingSettings, version: str) -> Path:
    from mlflow import MlflowClient

    client = MlflowClient(tracking.resolved_uri)
    source = str(client.get_model_version(tracking.registered_model, version).source)
    place = client.get_logged_model(source.removeprefix("models:/")).artifact_location
    return Path(place.removeprefix("file://")) / BUNDLE_IN_MODEL


def test_a_file_a_run_did_not_keep_is_none(train: Train, tracking: TrackingSettings) -> None:
    from weilidai.tracking.versions import find_version

    assert kept_file(tracking, find_version(tracking, train()).run_id, "scores/invite.parquet") is None
