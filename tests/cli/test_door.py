import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from weilidai.cli import app as commands
from weilidai.errors import DataError, GateError, ModelError, ResourceError, StoreError

WEILIDAI = [sys.executable, "-c", "from weilidai.cli import main; main()"]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("weilidai.pipeline.documented.fact_rows", fail)


@pytest.mark.parametrize(("error", "code"), [
    (DataError("x"), 3), (ModelError("x"), 4), (StoreError("x"), 5), (ResourceError("x"), 6), (GateError("x"), 7),
    (OSError(28, os.strerror(28)), 6), (MemoryError(), 6), (ValueError("x"), 1), (KeyboardInterrupt(), 130),
])
def test_each_failure_ends_with_its_own_code(run, monkeypatch, error: BaseException, code: int) -> None:
    failing(monkeypatch, error)
    assert run("facts", "--json").code == code


def test_an_error_says_what_where_and_the_cure_and_nothing_else(run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, DataError("text in a number", where="people.csv: age_years", cure="write numbers"))
    ended = run("facts", "--json")
    assert ended.err == "error: people.csv: age_years: text in a number\n  write numbers\n"
    assert ended.out == ""


@pytest.mark.parametrize("words", [("--debug", "facts", "--json"), ("facts", "--json", "--debug")])
def test_a_traceback_is_shown_on_request_wherever_the_flag_stands(run, monkeypatch, words: tuple[str, ...]) -> None:
    failing(monkeypatch, ValueError("inner"))
    assert "Traceback" in run(*words).err


def test_a_defect_of_ours_ends_in_one_message(run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ValueError("inner\nsecond line"))
    ended = run("facts", "--json")
    assert "defect of weilidai: ValueError: inner\n" in ended.err
    assert "--debug" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(("error", "told"), [
    (OSError(28, os.strerror(28)), "look at the free space"), (MemoryError(), "take fewer people"),
])  # fmt: skip
def test_what_the_machine_lacks_is_told_with_a_cure(
    run, monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str
) -> None:
    failing(monkeypatch, error)
    assert told in run("facts", "--json").err


def test_a_terminal_is_safe_from_what_a_message_carries(run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, DataError("\x1b[2Jname"))
    assert "\x1b" not in run("facts", "--json").err


def test_a_mistyped_command_or_option_is_a_usage_error(run) -> None:
    assert run("fatcs").code == 2
    assert run("facts", "--documnet", "D1").code == 2


def test_the_help_shows_every_command_with_examples(run) -> None:
    ended = run("--help")
    assert ended.code == 0
    assert "Start here" in ended.out
    for command in commands.app.registered_commands:
        assert command.name in ended.out
        assert "Examples" in (command.epilog or ""), command.name


def test_every_option_of_every_command_has_its_sentence() -> None:
    for command in commands.app.registered_commands:
        assert command.callback is not None
        for name, annotation in command.callback.__annotations__.items():
            if name != "return":
                assert annotation.__metadata__[0].help, f"{command.name}: {name}"


def test_the_command_line_starts_at_once() -> None:
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*WEILIDAI, "--version"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < 0.4  # of the processor's time; how long it takes also hangs on who else is at work


def test_a_reader_that_leaves_early_is_no_error() -> None:
    piped = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.join(WEILIDAI)} facts --json | head -1"],
        capture_output=True, text=True, check=True,
    )
    assert piped.stdout == "[\n"
    assert piped.stderr == ""


def test_a_terminated_command_leaves_143(tmp_path: Path) -> None:
    code = (
        "import os, signal, weilidai.pipeline.documented as d; from weilidai.cli import main\n"
        "d.fact_rows = lambda wanted: os.kill(os.getpid(), signal.SIGTERM)\n"
        "main(['facts', '--json'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 143
    assert ended.stderr == "stopped by the system\n"


def test_an_interrupted_command_says_so_without_a_traceback(run, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert run("facts", "--json").err == "stopped by Ctrl-C\n"
