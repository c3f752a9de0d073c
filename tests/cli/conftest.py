import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from small_bundle import build_bundle, draw_people
from weilidai.cli import main
from weilidai.models.bundle import save_bundle


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command as the shell would, in this process."""
    before = signal.getsignal(signal.SIGTERM)

    def command(*arguments: object) -> Ended:
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in arguments])
        return Ended(int(left.value.code or 0), *capfd.readouterr())

    yield command
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a model that is not the documented one."""
    bundle, people = build_bundle()
    folder = tmp_path_factory.mktemp("asked") / "bundle"
    save_bundle(bundle, folder, people)
    return folder


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of people whose labels nobody knows."""
    file: Path = tmp_path_factory.mktemp("asked") / "people.csv"
    drawn = draw_people(20, seed=31).drop(columns=["is_invited", "is_opened", "initial_quota_cny", "daily_rate"])
    drawn.to_csv(file, index=False)
    return file
