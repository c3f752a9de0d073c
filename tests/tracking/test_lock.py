import subprocess
import sys
import time
from pathlib import Path

import pytest

from weilidai.errors import ResourceError, StoreError
from weilidai.tracking.lock import exclusive, is_locked

HOLD = """
import sys, time
from pathlib import Path
from weilidai.tracking.lock import exclusive
with exclusive(Path(sys.argv[1]), 5):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_kept_out_and_told_where(tmp_path: Path) -> None:
    lock = tmp_path / "store.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="held the lock") as refused, exclusive(lock, 0.2):
            pass
        assert refused.value.where == str(lock)
        holder.kill()
        holder.wait()
        begun = time.monotonic()
        with exclusive(lock, 5):  # the system drops the lock of a process that was killed
            assert time.monotonic() - begun < 5


def test_a_lock_can_be_taken_again_and_again(tmp_path: Path) -> None:
    for _ in range(3):
        with exclusive(tmp_path / "new folder" / "store.lock", 1):
            pass


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResourceError, match="cannot be written to"), exclusive(tmp_path / "file" / "store.lock", 1):
        pass


def test_a_lock_is_seen_while_it_is_held_and_only_then(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert not is_locked(tmp_path / "a")
    with exclusive(tmp_path / "a", 1):
        assert is_locked(tmp_path / "a")
    assert not is_locked(tmp_path / "a")
