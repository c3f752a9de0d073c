import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from mlflow import MlflowClient

from weilidai.errors import GateError, StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.inference.pyfunc import Packaging
from weilidai.tracking.champion import Registered, promote, rollback, standing
from weilidai.tracking.keeping import KeptModel, keep_model
from weilidai.tracking.promotion_log import Move, reigns
from weilidai.tracking.registry import register
from weilidai.tracking.runs import Run, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.versions import find_version

OPEN = GateResult("auc", "test.invite.auc", 0.8, passed=True, why="0.8, wanted at least 0.7")
CLOSED = GateResult("auc", "test.invite.auc", 0.6, passed=False, why="0.6, wanted at least 0.7")


class KilledError(BaseException):
    """What a kill is to the code that runs: nothing after it happens."""


@pytest.fixture(scope="module")
def trained(settings: TrackingSettings, bundle_folder: Path, packed: Packaging) -> tuple[Run, KeptModel]:
    with training_run(settings, "a training") as run:
        return run, keep_model(run, bundle_folder, packed)


@pytest.fixture
def own(settings: TrackingSettings, trained: tuple[Run, KeptModel]) -> TrackingSettings:
    """Give each test a registered model of its own with three versions, the first of them champion."""
    own = settings.model_copy(update={"registered_model": f"model-{uuid4().hex}"})
    run, kept = trained
    for gate in (OPEN, CLOSED, CLOSED):
        register(replace(run, store=replace(run.store, settings=own)), kept, [gate])
    return own


def crown(own: TrackingSettings, version: str, gate: GateResult = OPEN, seen: int | None = None) -> Registered:
    known = standing(own).seen if seen is None else seen
    return promote(own, Move("promoted", version, "promoted by hand", "d" * 64, (gate,)), known)


def test_a_promotion_moves_the_alias_and_writes_the_log(own: TrackingSettings) -> None:
    assert standing(own).challenger == "3"
    assert crown(own, "3").uri.endswith("@champion")
    now = standing(own)
    assert (now.champion, now.challenger) == ("3", None)
    assert [(e.action, e.before, e.after, e.why) for e in now.log[1:]] == [("promoted", "1", "3", "promoted by hand")]


def test_a_closed_gate_leaves_champion_and_log_alone(own: TrackingSettings) -> None:
    with pytest.raises(GateError, match="1 of 1 gates failed"):
        crown(own, "2", CLOSED)
    assert (standing(own).champion, standing(own).seen) == ("1", 1)


def test_of_two_who_looked_at_once_the_second_is_told(own: TrackingSettings) -> None:
    seen = standing(own).seen
    crown(own, "2", seen=seen)
    with pytest.raises(StoreError, match="was moved meanwhile: promoted by hand") as refused:
        crown(own, "3", seen=seen)
    assert refused.value.exit_code == 5
    with pytest.raises(StoreError, match="was moved meanwhile"):
        rollback(own, seen)
    assert standing(own).champion == "2"


def test_of_many_at_once_exactly_one_wins(own: TrackingSettings) -> None:
    seen, outcomes = standing(own).seen, []

    def try_it(version: str) -> None:
        try:
            outcomes.append(crown(own, version, seen=seen).version)
        except StoreError:
            outcomes.append("told")

    threads = [threading.Thread(target=try_it, args=(version,)) for version in ("2", "3", "2", "3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["told"] * 3
    assert standing(own).champion == min(outcomes)
    assert standing(own).seen == seen + 1


def test_a_rollback_leads_to_the_champion_before(own: TrackingSettings) -> None:
    crown(own, "2")
    crown(own, "3")
    assert rollback(own, standing(own).seen).why == "rolled back from version 3"
    assert rollback(own, standing(own).seen).version == "1"
    with pytest.raises(StoreError, match="no earlier champion"):
        rollback(own, standing(own).seen)
    assert [reign.version for reign in reigns(standing(own).log)] == ["1", "2", "3", "2", "1"]


def test_a_rollback_that_names_whom_to_leave_can_be_asked_twice(own: TrackingSettings) -> None:
    crown(own, "2")
    crown(own, "3")
    for _ in range(2):
        assert rollback(own, standing(own).seen, leaving="3").version == "2"
    assert standing(own).champion == "2"
    assert standing(own).seen == 4


def test_who_is_champion_already_is_not_logged_again(own: TrackingSettings) -> None:
    assert crown(own, "1").why == "it was champion already"
    assert standing(own).seen == 1


@pytest.mark.parametrize("step", range(1, 5))
@pytest.mark.parametrize("move", ["promote", "rollback"])
def test_a_kill_at_any_step_leaves_the_old_or_the_new_champion_and_a_log_that_agrees(
    own: TrackingSettings, monkeypatch: pytest.MonkeyPatch, step: int, move: str
) -> None:
    crown(own, "2")
    seen = standing(own).seen
    done = 0

    def counted(original: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: object, **named: object) -> None:
            nonlocal done
            done += 1
            if done == step:
                raise KilledError
            original(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("set_registered_model_tag", "set_registered_model_alias", "set_model_version_tag",
                     "delete_registered_model_alias"):  # fmt: skip
            patch.setattr(MlflowClient, name, counted(getattr(MlflowClient, name)))
        with suppress(KilledError):
            _ = crown(own, "3", seen=seen) if move == "promote" else rollback(own, seen)
    new = "3" if move == "promote" else "1"
    found = standing(own)
    assert found.champion == ("2" if step <= 2 else new)
    assert found.log[-1].after == found.champion
    crown(own, new)
    crown(own, "2")
    log = standing(own).log
    assert standing(own).seen == len(log)
    assert [entry.before for entry in log[1:]] == [entry.after for entry in log[:-1]]
    assert reigns(log)[-1].version == "2"


def test_a_move_in_the_ui_is_noticed_and_can_be_rolled_back(own: TrackingSettings) -> None:
    MlflowClient(own.resolved_uri).set_registered_model_alias(own.registered_model, "champion", "2")
    assert standing(own).log[-1].action == "outside"
    assert rollback(own, standing(own).seen).version == "1"
    assert [entry.action for entry in standing(own).log] == ["trained", "outside", "rolled back"]


@pytest.mark.parametrize("word", ["1", "champion", "models:/{}/1", "models:/{}@champion"])
def test_a_version_is_found_by_number_alias_and_address(own: TrackingSettings, word: str) -> None:
    found = find_version(own, word.format(own.registered_model))
    assert (found.version, found.gates) == ("1", "passed")
    assert len(found.digest or "") == 64


def test_a_version_is_found_by_its_run(own: TrackingSettings) -> None:
    run = find_version(own, "1").run_id
    assert find_version(own, f"runs:/{run}/model").run_id == run


@pytest.mark.parametrize(("word", "told"), [
    ("9", "known: 1, 2, 3"), ("models:/x@chmpion", "did you mean 'champion'"), ("runs:/0000/model", "no version comes"),
])  # fmt: skip
def test_a_version_that_is_not_there_is_answered_with_the_near_one(own: TrackingSettings, word: str, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        find_version(own, word)


def test_an_unknown_registered_model_is_answered_with_the_near_one(own: TrackingSettings) -> None:
    with pytest.raises(StoreError, match=f"did you mean '{own.registered_model}'"):
        standing(own.model_copy(update={"registered_model": own.registered_model + "x"}))
