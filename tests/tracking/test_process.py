import os
import subprocess
import sys

from weilidai.tracking.process import is_gone, this_process

NAME = "from weilidai.tracking.process import this_process; print(this_process())"


def test_the_running_process_is_not_gone() -> None:
    assert not is_gone(this_process())


def test_a_process_that_ended_is_gone() -> None:
    ended = subprocess.run([sys.executable, "-c", NAME], capture_output=True, text=True, check=True).stdout.strip()
    assert is_gone(ended)


def test_a_number_used_again_is_another_process() -> None:
    machine, number, _ = this_process().split(" ")
    assert number == str(os.getpid())
    assert is_gone(f"{machine} {number} 1")


def test_of_another_machine_nothing_is_said() -> None:
    assert not is_gone("elsewhere/pid:[1] 999999999 1")
    assert not is_gone("")
