"""A training killed after some of its models were learnt: the next one goes on from them, to the same models."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from faults.crash_points import run_spawned
from small_training import trained
from weilidai.pipeline.learnt_before import LEARNT, REUSED
from weilidai.tracking.listing import find_run
from weilidai.tracking.settings import TrackingSettings

MODELS = ("invite", "quota", "quota_spread", "rate")


def texts(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give the models that trainings of a folder kept, by name."""
    for name in MODELS:
        for file in (folder / "mlartifacts").rglob(f"bundle/{name}.txt"):
            yield name, file.read_bytes()


def kept_of(operations: tuple[str, ...], model: str) -> int:
    """Find the step after the one that gives a kept model its name."""
    steps = [at for at, done in enumerate(operations, start=1) if done.startswith(f"os.rename .{model}-")]
    return steps[0] + 1


@pytest.mark.slow
def test_a_killed_training_is_gone_on_with_and_ends_at_the_same_models(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = partial(trained, root, tmp_path / "whole")
    operations = run_spawned(job, "kill", 10**9, tmp_path).operations
    stopped = tmp_path / "stopped"
    ended = run_spawned(partial(trained, root, stopped), "kill", kept_of(operations, "quota"), tmp_path)
    assert ended.code < 0
    trained(root, stopped)
    run = find_run(TrackingSettings(uri=f"sqlite:///{stopped / 'mlflow.db'}"), "tiny, 4,000 people, seed 20210")
    assert (run.tags[REUSED], run.tags[LEARNT]) == ("invite, quota", "rate")
    whole = dict(texts(tmp_path / "whole"))
    assert set(whole) == set(MODELS)
    assert dict(texts(stopped)) == whole
