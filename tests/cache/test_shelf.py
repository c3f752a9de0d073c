"""The folder of results by key: whole or not there, checked before use."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from faults.crash_points import Fault, count_of, run_until
from weilidai.cache.shelf import Shelf, entries

KEY, OTHER = "a" * 64, "b" * 64
FILES = {"trees.txt": b"tree\n" * 300, "state.json": b'{"a": 1}\n'}
NAMES = tuple(FILES)


class Told(list[str]):
    """Lines that were said."""

    __call__ = list.append


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def shelf(tmp_path: Path, told: Told) -> Shelf:
    return Shelf(tmp_path / "cache", 10**6, told.append)


def place_of(shelf: Shelf, key: str = KEY) -> Path:
    return shelf.folder / f"stage-{key}"


def test_what_was_kept_is_found_under_its_key_and_stage_only(shelf: Shelf, told: Told) -> None:
    assert shelf.find("stage", KEY, NAMES) is None
    shelf.keep("stage", KEY, FILES)
    assert shelf.find("stage", KEY, NAMES) == FILES
    assert shelf.find("stage", OTHER, NAMES) is None
    assert shelf.find("other", KEY, NAMES) is None
    assert told == []


def flip(place: Path) -> None:
    content = bytearray((place / "trees.txt").read_bytes())
    content[700] ^= 1
    (place / "trees.txt").write_bytes(content)


def cut(place: Path) -> None:
    (place / "state.json").write_bytes(b'{"a": 1}')


def lose(place: Path) -> None:
    (place / "manifest.json").unlink()


def add(place: Path) -> None:
    (place / "more.pkl").write_bytes(b"\x80\x04.")


def empty(place: Path) -> None:
    for file in place.iterdir():
        file.unlink()


def be_a_file(place: Path) -> None:
    empty(place)
    place.rmdir()
    place.write_bytes(b"not a folder")


@pytest.mark.parametrize("damage", [flip, cut, lose, add, empty, be_a_file])
def test_a_damaged_entry_is_told_in_one_line_and_made_anew(shelf: Shelf, told: Told, damage) -> None:
    shelf.keep("stage", KEY, FILES)
    damage(place_of(shelf))
    assert shelf.find("stage", KEY, NAMES) is None
    assert len(told) == 1
    assert told[0].startswith("cache: what was kept of stage is damaged (")
    assert list(shelf.folder.iterdir()) == []
    shelf.keep("stage", KEY, FILES)
    assert shelf.find("stage", KEY, NAMES) == FILES


def test_an_entry_under_the_name_of_another_is_not_used(shelf: Shelf, told: Told) -> None:
    shelf.keep("stage", KEY, FILES)
    place_of(shelf).rename(place_of(shelf, OTHER))
    assert shelf.find("stage", OTHER, NAMES) is None
    assert "is kept under another key" in told[0]


def test_many_who_keep_one_thing_at_once_leave_it_whole_and_nothing_else(shelf: Shelf, told: Told) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: shelf.keep("stage", KEY, FILES), range(40)))
    assert shelf.find("stage", KEY, NAMES) == FILES
    assert list(shelf.folder.iterdir()) == [place_of(shelf)]
    assert told == []


@pytest.mark.parametrize("fault", ["kill", "full"])
def test_a_keeper_stopped_at_any_step_leaves_a_whole_entry_or_none(tmp_path: Path, fault: Fault) -> None:
    def keep(folder: Path) -> None:
        Shelf(folder, 10**6, print).keep("stage", KEY, FILES)

    for at in range(1, count_of(partial(keep, tmp_path / "counted"), tmp_path) + 1):
        folder, told = tmp_path / str(at), Told()
        ended = run_until(partial(keep, folder), fault, at, tmp_path)
        assert ended.is_clean, ended.said
        after = Shelf(folder, 10**6, told.append)
        assert after.find("stage", KEY, NAMES) in (None, FILES)
        after.keep("stage", KEY, FILES)
        assert after.find("stage", KEY, NAMES) == FILES
        assert told == []


def test_what_cannot_be_kept_is_told_and_nothing_fails(tmp_path: Path, told: Told) -> None:
    (tmp_path / "taken").write_bytes(b"a file stands where the folder should")
    Shelf(tmp_path / "taken", 10**6, told.append).keep("stage", KEY, FILES)
    assert len(told) == 1
    assert told[0].startswith("cache: stage cannot be kept in")


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, told: Told) -> None:
    roomy = Shelf(tmp_path, 10**6, told.append)
    for number, key in enumerate((KEY, OTHER)):
        roomy.keep("stage", key, FILES)
        os.utime(place_of(roomy, key), (number, number))
    assert roomy.find("stage", KEY, NAMES) == FILES  # which makes it the younger one
    each = next(entries(tmp_path)).size
    Shelf(tmp_path, round(2.5 * each), told.append).keep("stage", "c" * 64, FILES)
    assert {entry.place.name[-1] for entry in entries(tmp_path)} == {"a", "c"}


def test_the_newest_stays_though_it_is_larger_than_all_there_may_be(tmp_path: Path, told: Told) -> None:
    small = Shelf(tmp_path, 1, told.append)
    small.keep("stage", KEY, FILES)
    small.keep("stage", OTHER, FILES)
    assert [entry.place.name[-1] for entry in entries(tmp_path)] == ["b"]


def test_the_newest_stays_though_others_are_of_the_future(tmp_path: Path, told: Told) -> None:
    small = Shelf(tmp_path, 1, told.append)
    small.keep("stage", KEY, FILES)
    os.utime(place_of(small), (time.time() + 1e8, time.time() + 1e8))
    small.keep("stage", OTHER, FILES)
    assert small.find("stage", OTHER, NAMES) == FILES
    assert [entry.place.name[-1] for entry in entries(tmp_path)] == ["b"]


def test_what_a_killed_process_left_is_cleared_after_a_while(shelf: Shelf) -> None:
    shelf.keep("stage", KEY, FILES)
    young, old = (shelf.folder / f".stage-{KEY}.{number}{'0' * 7}.new" for number in (1, 2))
    for leftover in (young, old):
        leftover.mkdir()
    os.utime(old, (time.time() - 4000, time.time() - 4000))
    shelf.keep("stage", OTHER, FILES)
    assert young.exists()
    assert not old.exists()


def test_whatever_else_lies_in_the_folder_is_neither_counted_nor_taken_away(tmp_path: Path, told: Told) -> None:
    others = (".git", ".ssh", "my-photos", f"stage-{KEY}.kept", "stage-" + "A" * 64, f".stage-{KEY}")
    for name in others:
        (tmp_path / name).mkdir()
        (tmp_path / name / "dear").write_bytes(b"x" * 10_000)
        os.utime(tmp_path / name, (1, 1))
    shelf = Shelf(tmp_path, 1, told.append)
    shelf.keep("stage", KEY, FILES)
    shelf.keep("stage", OTHER, FILES)
    assert [entry.place for entry in entries(tmp_path)] == [place_of(shelf, OTHER)]
    assert all((tmp_path / name / "dear").is_file() for name in others)


@pytest.mark.parametrize("error", [FileNotFoundError, PermissionError])
def test_an_entry_that_goes_away_or_is_barred_while_it_is_read_counts_as_none(
    shelf: Shelf, told: Told, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    shelf.keep("stage", KEY, FILES)

    def refuse(_folder: Path) -> None:
        raise error(1, "it may not be read")

    monkeypatch.setattr("weilidai.models.manifest.os.scandir", refuse)
    assert shelf.find("stage", KEY, NAMES) is None
    assert told == ["cache: what was kept of stage is damaged (it may not be read); it is made anew"]
