"""One training, one run: opened, filled, and closed with the truth about how it ended."""

import json
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from weilidai.errors import StoreError, WeilidaiError
from weilidai.tracking.process import is_gone, this_process
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, answering, open_store
from weilidai.tracking.values import LONGEST_PARAM, LONGEST_TAG, checked_metrics, flat_params, shortened

if TYPE_CHECKING:
    from mlflow.entities import Metric

NOTE: Final = "mlflow.note.content"
PARENT: Final = "mlflow.parentRunId"
PROCESS: Final = "weilidai.process"
FAILURE: Final = "weilidai.failure"
TERMINATED: Final = 128 + signal.SIGTERM
_BATCH: Final = {"metrics": 1000, "params": 100, "tags": 100}
"""Most entries the store takes in one call."""


@dataclass(frozen=True)
class Run:
    """An open run; everything it is given is written at once."""

    store: Store
    id: str
    name: str
    metrics: list["Metric"] = field(default_factory=list)
    """Metrics logged so far; a kept model carries them too."""

    def log_params(self, settings: Mapping[str, Any]) -> None:
        """Log settings as flat parameters; a long value is cut and goes whole into ``params.json``."""
        from mlflow.entities import Param

        flat = flat_params(settings)
        self._log(params=[Param(n, shortened(v, LONGEST_PARAM, "params.json")) for n, v in flat.items()])
        if any(len(value) > LONGEST_PARAM for value in flat.values()):
            self.log_text(json.dumps(flat, ensure_ascii=False, indent=1), "params.json")

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Log finite metrics in one batch.

        Raises
        ------
        StoreError
            A metric is missing or infinite; none is logged then.
        """
        from mlflow.entities import Metric

        now = time.time_ns() // 1_000_000
        made = [Metric(name, value, now, step) for name, value in checked_metrics(metrics).items()]
        self._log(metrics=made)
        self.metrics.extend(made)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Set tags, by which runs are found."""
        from mlflow.entities import RunTag

        self._log(tags=[RunTag(n, shortened(str(v), LONGEST_TAG, "the artifacts")) for n, v in tags.items()])

    def note(self, markdown: str) -> None:
        """Set the run's description, shown above everything else; a long one goes whole into ``note.md``."""
        if len(markdown) > LONGEST_TAG:
            self.log_text(markdown, "note.md")
        self.set_tags({NOTE: shortened(markdown, LONGEST_TAG, "note.md")})

    def log_artifacts(self, folder: Path, under: str = "") -> None:
        """Keep every file of a folder."""
        with answering(self.store.uri):
            self.store.client.log_artifacts(self.id, str(folder), under or None)

    def log_text(self, text: str, name: str) -> None:
        """Keep a text as a file of the given name, which may have folders."""
        with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
            file = Path(shelf) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            self.log_artifacts(Path(shelf))

    @contextmanager
    def child(self, name: str, tags: Mapping[str, str] | None = None) -> Iterator["Run"]:
        """Open a run below this one, for a trial of a search."""
        with _opened(self.store, name, {**(tags or {}), PARENT: self.id}) as run:
            yield run

    def _log(self, **entries: list[Any]) -> None:
        (kind, listed), *_ = entries.items()
        with answering(self.store.uri):
            for start in range(0, len(listed), _BATCH[kind]):
                batch = {kind: listed[start : start + _BATCH[kind]]}
                self.store.client.log_batch(self.id, synchronous=True, **batch)


@contextmanager
def training_run(settings: TrackingSettings, name: str, tags: Mapping[str, str] | None = None) -> Iterator[Run]:
    """Open a run for the block and close it FINISHED, FAILED or KILLED, with the reason.

    While the block runs, SIGTERM and a closed terminal end it in order, as Ctrl-C does.

    Parameters
    ----------
    settings
        The store.
    name
        What people call the run.
    tags
        By what it is found: regime, policy, kind.

    Raises
    ------
    StoreError
        The store cannot be opened or written to.
    """
    store = open_store(settings)
    reap(store)
    with _ending_in_order(), _opened(store, name, tags or {}) as run:
        yield run


def reap(store: Store) -> list[str]:
    """Mark as KILLED the runs whose process is gone, and give their ids."""
    with answering(store.uri):
        running = store.client.search_runs([store.experiment_id], "attributes.status = 'RUNNING'", max_results=1000)
        dead = [run.info.run_id for run in running if is_gone(run.data.tags.get(PROCESS, ""))]
        for run_id in dead:
            store.client.set_tag(run_id, FAILURE, "its process ended without a word: killed, or the machine stopped")
            store.client.set_terminated(run_id, "KILLED")
    return dead


@contextmanager
def _opened(store: Store, name: str, tags: Mapping[str, str]) -> Iterator[Run]:
    with answering(store.uri):
        made = store.client.create_run(store.experiment_id, run_name=name, tags={**tags, PROCESS: this_process()})
    run = Run(store, made.info.run_id, name)
    try:
        yield run
    except BaseException as error:
        _close_failed(run, error)
        raise
    with answering(store.uri):
        store.client.set_terminated(run.id, "FINISHED")


def _close_failed(run: Run, error: BaseException) -> None:
    status = "KILLED" if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit) else "FAILED"
    try:
        run.set_tags({FAILURE: _reason(error)})
        with answering(run.store.uri):
            run.store.client.set_terminated(run.id, status)
    except StoreError as silent:
        error.add_note(f"the run {run.id} could not be marked {status}: {silent.what}")


def _reason(error: BaseException) -> str:
    """Say why a run ended; of errors that are not ours only the kind and the line, for they may hold a value."""
    if isinstance(error, WeilidaiError):
        return f"{error.code}: {error}"
    if isinstance(error, KeyboardInterrupt):
        return "interrupted (Ctrl-C)"
    if isinstance(error, SystemExit):
        return "terminated by the system" if error.code == TERMINATED else f"left with exit code {error.code}"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an exception, so that the run is closed before the process ends."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with ExitStack() as restored:
        for name in ("SIGTERM", "SIGHUP"):
            if number := getattr(signal, name, None):
                before = signal.signal(number, _terminate)
                restored.callback(signal.signal, number, signal.SIG_DFL if before is None else before)
        yield


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)
