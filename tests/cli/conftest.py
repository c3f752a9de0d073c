import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from weilidai.cli import main


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
