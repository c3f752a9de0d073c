import os
from pathlib import Path

import pytest

from weilidai.errors import ResourceError
from weilidai.pipeline.whole import require_place, whole_file, whole_folder


def test_a_file_gets_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    with whole_file(target) as aside:
        aside.write_text("half", encoding="utf-8")
        assert not target.exists()
        aside.write_text("whole", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "whole"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("way", [whole_file, whole_folder])
def test_nothing_is_left_of_what_fails_half_way(tmp_path: Path, way: object) -> None:
    with pytest.raises(KeyboardInterrupt), way(tmp_path / "out") as aside:  # type: ignore[operator]
        (aside / "part" if aside.is_dir() else aside).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gets_its_name_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    with whole_folder(target) as aside:
        (aside / "a.txt").write_text("x", encoding="utf-8")
    assert (target / "a.txt").read_text(encoding="utf-8") == "x"


def test_a_place_is_refused_before_the_work_for_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    require_place(tmp_path / "empty")
    require_place(tmp_path / "new")
    with pytest.raises(ResourceError, match="already"):
        require_place(tmp_path / "taken")
    with pytest.raises(ResourceError, match="does not exist"):
        require_place(tmp_path / "no" / "new")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty", "taken"]


@pytest.mark.parametrize("way", [whole_file, whole_folder])
def test_what_is_there_already_is_kept(tmp_path: Path, way: object) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "precious.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ResourceError, match="already"), way(taken):  # type: ignore[operator]
        pytest.fail("must not begin")
    assert (taken / "precious.txt").exists()


def test_a_missing_folder_is_named_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="mkdir -p"), whole_file(tmp_path / "no" / "a.txt"):
        pytest.fail("must not begin")


def test_a_full_disk_becomes_one_message(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="No space left"), whole_file(tmp_path / "a.txt"):
        raise OSError(28, os.strerror(28))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_that_cannot_be_replaced_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    monkeypatch.setattr("os.path.ismount", lambda place: Path(place) == mounted)
    with pytest.raises(ResourceError, match="mounted"):
        require_place(mounted)
    with pytest.raises(ResourceError, match="mounted"), whole_folder(mounted):
        pass
    assert mounted.is_dir()
    monkeypatch.undo()
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(ResourceError, match="cannot be written to"):
        require_place(mounted)


def test_a_system_that_keeps_an_empty_folder_says_so_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_folder: Path) -> None:
        raise OSError(16, "Device or resource busy")

    (tmp_path / "wanted").mkdir()
    monkeypatch.setattr(Path, "rmdir", busy)
    with pytest.raises(ResourceError, match="busy"), whole_folder(tmp_path / "wanted"):
        pass
