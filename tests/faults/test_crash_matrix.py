"""Killed, or out of room, at every thing done to files: what was there stays, what is new is whole, and it goes on."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import pytest

from faults.conftest import GATES, keep
from faults.crash_points import NO_LIMIT, Ended, Fault, count_of, run_until, spread
from small_bundle import build_bundle
from weilidai.inference.loading import load_model
from weilidai.models.bundle import load_bundle, save_bundle
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.promoting import promote, roll_back
from weilidai.progress import Silent
from weilidai.tracking.champion import standing
from weilidai.tracking.listing import list_runs
from weilidai.tracking.promotion_log import reigns
from weilidai.tracking.settings import TrackingSettings

pytestmark = pytest.mark.slow

FAULTS: tuple[Fault, ...] = ("kill", "full")
BYTES = (0, 100, 60_000)
Store = Callable[[str], TrackingSettings]


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    """Grow the model here: what is stopped or cut short is its keeping, and no fork may grow trees."""
    build_bundle()


def made_people(out: Path) -> Path:
    return generate_files(300, 5, "optimisation", out, Silent())


def saved_bundle(out: Path) -> str:
    bundle, people = build_bundle()
    return save_bundle(bundle, out, people)


def digests(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*.parquet")}


def is_bundle(folder: Path) -> bool:
    return bool(load_bundle(folder).columns)


def are_people(folder: Path) -> bool:
    reference = made_people(folder.with_name("reference"))
    try:
        return digests(folder) == digests(reference) and (folder / "birth_certificate.json").stat().st_size > 0
    finally:
        rmtree(reference)


MAKERS = {"generate": (made_people, are_people), "save": (saved_bundle, is_bundle)}


def left_whole(ended: Ended, out: Path, is_whole: Callable[[Path], bool], fault: Fault) -> None:
    """See that a place is empty or whole, and that only a kill leaves something aside, under no final name."""
    assert ended.is_clean, ended.said
    assert not out.exists() or is_whole(out)
    if fault != "kill":
        assert ended.code == (0 if out.exists() else 6)
    beside = [file.name for file in out.parent.iterdir() if file != out]
    assert [name for name in beside if not (fault == "kill" and name.startswith(f".{out.name}."))] == []


def stop_makers(job: str, fault: Fault, most: int, shelf: Path) -> None:
    make, is_whole = MAKERS[job]
    (shelf / "counted").mkdir()
    count = count_of(partial(make, shelf / "counted" / "out"), shelf)
    for at in spread(count + 1, most):
        out = shelf / f"{fault}_{at}" / "out"
        out.parent.mkdir()
        left_whole(run_until(partial(make, out), fault, at, shelf), out, is_whole, fault)
        assert out.exists() or at <= count
    make(shelf / f"{fault}_1" / "out")
    assert is_whole(shelf / f"{fault}_1" / "out")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", MAKERS)
def test_a_maker_that_is_stopped_leaves_nothing_half_made(tmp_path: Path, job: str, fault: Fault) -> None:
    stop_makers(job, fault, 4, tmp_path)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", MAKERS)
def test_a_maker_stopped_at_any_step_leaves_nothing_half_made(tmp_path: Path, job: str, fault: Fault) -> None:
    stop_makers(job, fault, NO_LIMIT, tmp_path)


@pytest.mark.parametrize("job", MAKERS)
def test_a_file_that_cannot_grow_leaves_nothing_half_made(tmp_path: Path, job: str) -> None:
    make, is_whole = MAKERS[job]
    for most in BYTES:
        out = tmp_path / str(most) / "out"
        out.parent.mkdir()
        left_whole(run_until(partial(make, out), "short", most, tmp_path), out, is_whole, "short")


def moved(job: str, tracking: TrackingSettings) -> object:
    if job == "promote":
        return promote(tracking, GATES, "3", Silent())
    return roll_back(tracking, None, Silent())


def look_at_move(ended: Ended, job: str, tracking: TrackingSettings) -> None:
    new = {"promote": "3", "rollback": "1"}[job]
    assert ended.is_clean, ended.said
    found = standing(tracking)
    assert found.champion in ("2", new)
    if ended.code == 0:
        assert found.champion == new
    assert reigns(found.log)[-1].version == found.champion
    assert [entry.before for entry in found.log[1:]] == [entry.after for entry in found.log[:-1]]
    if found.champion == "2":
        moved(job, tracking)
        assert standing(tracking).champion == new


def stop_moves(job: str, fault: Fault, most: int, another_store: Store, shelf: Path) -> None:
    count = count_of(partial(moved, job, another_store("counted")), shelf)
    for at in spread(count, most):
        tracking = another_store(f"{fault}_{at}")
        look_at_move(run_until(partial(moved, job, tracking), fault, at, shelf), job, tracking)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", ["promote", "rollback"])
def test_a_champion_moved_by_a_stopped_process_is_the_old_or_the_new(
    tmp_path: Path, another_store: Store, job: str, fault: Fault
) -> None:
    stop_moves(job, fault, 3, another_store, tmp_path)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("job", ["promote", "rollback"])
def test_a_champion_moved_by_a_process_stopped_at_any_step_is_the_old_or_the_new(
    tmp_path: Path, another_store: Store, job: str, fault: Fault
) -> None:
    stop_moves(job, fault, NO_LIMIT, another_store, tmp_path)


@pytest.mark.parametrize("job", ["promote", "rollback"])
def test_a_champion_moved_where_no_file_can_grow_is_the_old_or_the_new(
    tmp_path: Path, another_store: Store, job: str
) -> None:
    for most in (*BYTES, 1_300_000):
        tracking = another_store(f"short_{most}")
        look_at_move(run_until(partial(moved, job, tracking), "short", most, tmp_path), job, tracking)


def look_at_training(ended: Ended, tracking: TrackingSettings, folder: Path) -> None:
    """See that every model kept before is there, and that the next training finds the dead run and ends well."""
    assert ended.is_clean, ended.said
    assert standing(tracking).champion == "2"
    before = {run.id for run in list_runs(tracking)}
    again = keep(tracking, folder / "again" / "bundle", 0.95)
    assert load_model(f"models:/weilidai/{again.version}", tracking_uri=tracking.resolved_uri).columns
    runs = {run.id: run.status for run in list_runs(tracking)}
    assert before < set(runs)
    assert set(runs.values()) <= {"FINISHED", "FAILED", "KILLED"}
    assert list(runs.values()).count("FINISHED") >= (5 if ended.code == 0 else 4)


def stop_trainings(fault: Fault, most: int, another_store: Store, shelf: Path) -> None:
    def job(tracking: TrackingSettings, name: str) -> object:
        return keep(tracking, shelf / name / "bundle", 0.93)

    count = count_of(partial(job, another_store("counted"), "counted"), shelf)
    for at in spread(count, most):
        name = f"{fault}_{at}"
        tracking = another_store(name)
        look_at_training(run_until(partial(job, tracking, name), fault, at, shelf), tracking, shelf / name)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_training_stopped_while_it_keeps_its_model_loses_no_earlier_one(
    tmp_path: Path, another_store: Store, fault: Fault
) -> None:
    stop_trainings(fault, 3, another_store, tmp_path)


def test_a_model_that_is_kept_where_no_file_can_grow_loses_no_earlier_one(
    tmp_path: Path, another_store: Store
) -> None:
    for most in (*BYTES, 1_300_000):
        tracking, name = another_store(f"short_{most}"), f"kept_{most}"
        ended = run_until(partial(keep, tracking, tmp_path / name / "bundle", 0.93), "short", most, tmp_path)
        look_at_training(ended, tracking, tmp_path / name)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_training_stopped_at_any_step_of_keeping_its_model_loses_no_earlier_one(
    tmp_path: Path, another_store: Store, fault: Fault
) -> None:
    stop_trainings(fault, NO_LIMIT, another_store, tmp_path)
