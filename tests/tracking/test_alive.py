import os
import time
from pathlib import Path

import pytest

from weilidai.tracking import alive
from weilidai.tracking.alive import NAME, SILENT_SECONDS, UNMARKED_SECONDS, SignOfLife, is_filled
from weilidai.tracking.process import this_kernel


def age(file: Path, seconds: float) -> None:
    os.utime(file, (time.time() - seconds, time.time() - seconds))


def test_a_folder_is_filled_until_its_process_says_it_is_done(tmp_path: Path) -> None:
    sign = SignOfLife(tmp_path)
    age(tmp_path / NAME, 10 * SILENT_SECONDS)  # the lock says more than the time
    assert is_filled(tmp_path)
    sign.end()
    sign.end()
    assert not is_filled(tmp_path)
    again = SignOfLife(tmp_path)
    assert is_filled(tmp_path)
    again.end()


def test_a_free_lock_of_this_machine_is_a_death_whatever_the_time(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(this_kernel())
    assert not is_filled(tmp_path)


def test_a_process_of_another_machine_is_dead_when_it_is_silent_too_long(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("another kernel")
    assert is_filled(tmp_path)
    age(tmp_path / NAME, SILENT_SECONDS - 60)
    assert is_filled(tmp_path)
    age(tmp_path / NAME, SILENT_SECONDS + 60)
    assert not is_filled(tmp_path)


def test_on_a_disk_without_locks_only_the_time_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "try_lock", lambda _handle: False)
    monkeypatch.setattr(alive, "is_locked", lambda _file: False)
    sign = SignOfLife(tmp_path)
    assert is_filled(tmp_path)
    age(tmp_path / NAME, SILENT_SECONDS + 60)
    assert not is_filled(tmp_path)
    sign.end()


def test_a_living_process_renews_its_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alive, "RENEWED_SECONDS", 0.01)
    sign = SignOfLife(tmp_path)
    age(tmp_path / NAME, SILENT_SECONDS + 60)
    deadline = time.monotonic() + 30
    while time.time() - (tmp_path / NAME).stat().st_mtime > SILENT_SECONDS and time.monotonic() < deadline:
        time.sleep(0.01)
    assert time.time() - (tmp_path / NAME).stat().st_mtime < SILENT_SECONDS
    sign.end()


def test_a_folder_without_a_sign_is_left_when_nothing_was_written_for_a_day(tmp_path: Path) -> None:
    (tmp_path / "run.json").touch()
    assert is_filled(tmp_path)
    age(tmp_path / "run.json", UNMARKED_SECONDS + 60)
    assert not is_filled(tmp_path)


def test_a_folder_that_takes_no_sign_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        SignOfLife(tmp_path / "nowhere")
