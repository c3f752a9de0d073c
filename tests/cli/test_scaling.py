"""The commands that hand their work to Dask workers, and what they refuse."""

import builtins
import socket
from pathlib import Path
from typing import Any

import pandas as pd
import pytest


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def dask(root: Path) -> Path:
    return root / "configs" / "scale" / "dask.yaml"


@pytest.mark.parametrize("words", [
    ("generate", "--rows", 10, "--seed", 1, "--out", "OUT"),
    ("match", "--check", "--people", 20_000),
])  # fmt: skip
def test_a_scheduler_that_does_not_answer_ends_with_6_and_nothing_made(
    run, tmp_path: Path, dask: Path, words: tuple[Any, ...]
) -> None:
    named = [tmp_path / "out" if word == "OUT" else word for word in words]
    nowhere = f"scale.scheduler=tcp://127.0.0.1:{closed_port()}"
    ended = run(*named, "--scale", dask, "--set", nowhere, "--set", "scale.connect_seconds=0.3")
    assert ended.code == 6
    assert "no Dask scheduler answers" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_without_dask_it_is_one_line_and_exit_2(
    run, tmp_path: Path, dask: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = builtins.__import__

    def without_dask(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] in ("dask", "distributed"):
            raise ModuleNotFoundError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_dask)
    ended = run("generate", "--rows", 10, "--seed", 1, "--out", tmp_path / "out", "--scale", dask)
    assert ended.code == 2
    assert "Dask is not installed" in ended.err
    assert "weilidai[dask]" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_ends_with_2_and_the_near_name(run, tmp_path: Path, dask: Path) -> None:
    ended = run("generate", "--rows", 10, "--seed", 1, "--out", tmp_path / "out", "--scale", dask,
                "--set", "scale.wrokers=3")  # fmt: skip
    assert ended.code == 2
    assert "did you mean 'workers'?" in ended.err


def test_more_people_than_one_process_holds_are_told_the_way(run) -> None:
    ended = run("match", "--check", "--people", 6_000_000)
    assert ended.code == 2
    assert "--scale configs/scale/dask.yaml" in ended.err


def test_workers_do_not_match(run, dask: Path) -> None:
    ended = run("match", "--scale", dask)
    assert ended.code == 2
    assert "add --check" in ended.err


@pytest.mark.slow
def test_people_are_made_by_workers_that_the_command_starts(run, tmp_path: Path, dask: Path) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    words = ("generate", "--rows", 20_000, "--seed", 1, "--out")
    assert run(*words, alone).code == 0
    ended = run(*words, together, "--scale", dask)
    assert ended.code == 0
    assert ended.out.strip() == str(together)
    for kind in ("applicants", "truth"):
        pd.testing.assert_frame_equal(pd.read_parquet(together / kind), pd.read_parquet(alone / kind), check_exact=True)
