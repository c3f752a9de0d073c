"""Killing a worker in mid-run, as a machine that loses power would."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from weilidai.pipeline.scale.cluster import Workers
from weilidai.progress import Advance


@dataclass
class KillsAWorker:
    """Watches like a progress display, and kills one worker as soon as the first piece of the stage is done."""

    workers: Workers
    stage_name: str
    killed: list[int] = field(default_factory=list)
    done_before: list[int] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        def advance(done: int) -> None:
            if name == self.stage_name and not self.killed:
                self.done_before.append(done)
                assert total is not None
                assert done < total, "the work was over before the worker was killed"
                self._kill()

        yield advance

    def say(self, text: str) -> None:
        pass

    def _kill(self) -> None:
        busy = {address: keys for address, keys in self.workers.client.processing().items() if keys}
        pids = self.workers.client.run(os.getpid)
        victim = pids[next(iter(busy))]
        os.kill(victim, signal.SIGKILL)
        self.killed.append(victim)
