"""One training, one run: opened, filled, and closed with the truth about how it ended."""

import json
import signal
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn
from uuid import uuid4

from weilidai.errors import StoreError, StoreSilentError, WeilidaiError
from weilidai.tracking.process import is_gone, this_process
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import PROCESS, Figure, Spool, begun, milliseconds, new_spool
from weilidai.tracking.store import Store, answering, open_store, patiently, silent_store
from weilidai.tracking.values import LONGEST_PARAM, LONGEST_TAG, checked_metrics, flat_params, shortened
from weilidai.tracking.writes import Write, send

__all__ = ["FAILURE", "NOTE", "PARENT", "PROCESS", "Run", "open_or_spool", "reap", "training_run"]

NOTE: Final = "mlflow.note.content"
PARENT: Final = "mlflow.parentRunId"
FAILURE: Final = "weilidai.failure"
TERMINATED: Final = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Run:
    """An open run; everything it is given is written at once, or spooled when the store does not answer any more."""

    store: Store
    id: str
    name: str
    spool: Spool
    family: list[Spool] = field(default_factory=list)
    """Spools of the run and of those below it."""
    metrics: list[Figure] = field(default_factory=list)
    """Metrics logged so far; a kept model carries them too."""
    said: list[Write] = field(default_factory=list)
    """What the store took so far, but for files: should somebody delete the run, it is told again in another."""

    def log_params(self, settings: Mapping[str, Any]) -> None:
        """Log settings as flat parameters; a long value is cut and goes whole into ``params.json``."""
        flat = flat_params(settings)
        self.put(Write("params", {n: shortened(v, LONGEST_PARAM, "params.json") for n, v in flat.items()}))
        if any(len(value) > LONGEST_PARAM for value in flat.values()):
            self.log_text(json.dumps(flat, ensure_ascii=False, indent=1), "params.json")

    def log_metrics(self, metrics: Mapping[str, float], step: int = 0) -> None:
        """Log finite metrics in one batch.

        Raises
        ------
        StoreError
            A metric is missing or infinite; none is logged then.
        """
        now = milliseconds()
        made = [(name, value, now, step) for name, value in checked_metrics(metrics).items()]
        self.put(Write("metrics", made))
        self.metrics.extend(made)

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Set tags, by which runs are found."""
        self.put(Write("tags", {n: shortened(str(v), LONGEST_TAG, "the artifacts") for n, v in tags.items()}))

    def note(self, markdown: str) -> None:
        """Set the run's description, shown above everything else; a long one goes whole into ``note.md``."""
        if len(markdown) > LONGEST_TAG:
            self.log_text(markdown, "note.md")
        self.set_tags({NOTE: shortened(markdown, LONGEST_TAG, "note.md")})

    def log_artifacts(self, folder: Path, under: str = "") -> None:
        """Keep every file of a folder."""
        self.put(Write("files", {"under": under}, folder))

    def log_text(self, text: str, name: str) -> None:
        """Keep a text as a file of the given name, which may have folders."""
        with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
            file = Path(shelf) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            self.log_artifacts(Path(shelf))

    @property
    def settings_beside(self) -> TrackingSettings:
        """The store, and the folder in which the run itself is spooled, for the runs below it."""
        return self.store.settings.model_copy(update={"spool": str(self.spool.folder.parent)})

    @contextmanager
    def child(self, name: str, tags: Mapping[str, str] | None = None) -> Iterator["Run"]:
        """Open a run below this one, for a trial of a search."""
        # What gave up the store once does not wait for it again at every trial.
        store = silent_store(self.settings_beside, self.spool.cause) if self.spool.cause else self.store
        with _opened(store, name, {**(tags or {}), PARENT: self.id}, self.family) as run:
            yield run

    def put(self, write: Write) -> None:
        """Bring one write to the store; when it does not answer, this and all that follow are spooled.

        Raises
        ------
        StoreError
            The store answers, and refuses.
        """
        if not self.spool.is_open:
            try:
                patiently(self.store, lambda: send(self.store.client, self.id, write))
            except StoreError as refused:
                self.give_up(refused)
            else:
                self.said.extend([write] if write.folder is None else [])
        if self.spool.is_open:
            self.spool.add(write)

    def give_up(self, refused: StoreError) -> None:
        """Spool from now on when the store fell silent, or when somebody deleted the run in it meanwhile.

        A deleted run stays deleted: everything it was told becomes another one, tagged with its id.

        Raises
        ------
        StoreError
            The store refuses for another reason.
        """
        if isinstance(refused, StoreSilentError):
            self.spool.open(refused)
            return
        if not _is_deleted(self.store, self.id):
            raise refused
        self.spool.open_anew(StoreError("somebody deleted the run while it went on", where=refused.where))
        with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
            if _fetched(self.store, self.id, Path(shelf)):
                self.spool.add(Write("files", {"under": ""}, Path(shelf)))
        for write in self.said:
            self.spool.add(write)


def open_or_spool(settings: TrackingSettings) -> Store:
    """Open the store; one that does not answer gives a store that never does, so that its runs are spooled.

    Raises
    ------
    StoreError
        The store is missing, broken or of another schema: that is better told before the work than after it.
    """
    try:
        store = open_store(settings)
        reap(store)
    except StoreSilentError as silent:
        return silent_store(settings, silent)
    return store


@contextmanager
def training_run(
    settings: TrackingSettings, name: str, tags: Mapping[str, str] | None = None, store: Store | None = None
) -> Iterator[Run]:
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
    store
        The store when it was opened already, by :func:`open_or_spool`.

    Raises
    ------
    StoreError
        The store cannot be opened; or, once everything is done, it did not take all of it and the rest is spooled.
    """
    family: list[Spool] = []
    with _ending_in_order(), _opened(store or open_or_spool(settings), name, tags or {}, family) as run:
        yield run
    left = [spool for spool in family if spool.is_open]
    if left:
        raise min(left, key=lambda spool: not spool.lost).refusal()


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
def _opened(store: Store, name: str, tags: Mapping[str, str], family: list[Spool]) -> Iterator[Run]:
    run = _begun(store, name, {**tags, PROCESS: this_process()}, family)
    family.append(run.spool)
    try:
        yield run
    except BaseException as error:
        _close_failed(run, error)
        raise
    else:
        run.put(_end("FINISHED"))
    finally:
        run.spool.close()


def _begun(store: Store, name: str, tags: Mapping[str, str], family: list[Spool]) -> Run:
    silence: StoreSilentError | None = None
    try:
        made = patiently(store, lambda: store.client.create_run(store.experiment_id, run_name=name, tags=dict(tags)))
        run_id = made.info.run_id
    except StoreSilentError as silent:
        run_id, silence = uuid4().hex, silent
    described = begun(store.settings, run_id, name, tags, is_known=silence is None)
    spool = new_spool(store.settings, described)
    if silence is not None:
        spool.open(silence)
    return Run(store, run_id, name, spool, family)


def _close_failed(run: Run, error: BaseException) -> None:
    status = "KILLED" if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit) else "FAILED"
    try:
        run.set_tags({FAILURE: _reason(error)})
        run.put(_end(status))
    except (StoreError, OSError) as silent:
        why = silent.what if isinstance(silent, StoreError) else silent.strerror
        error.add_note(f"the run {run.id} could not be marked {status}: {why}")
    if run.spool.lost:
        error.add_note(f"the run {run.id} could not be marked {status}: {run.spool.lost}")
    elif run.spool.is_open:
        error.add_note(f"what the store did not take of the run is in {run.spool.folder}")


def _is_deleted(store: Store, run_id: str) -> bool:
    try:
        return str(patiently(store, lambda: store.client.get_run(run_id)).info.lifecycle_stage) == "deleted"
    except StoreError as error:  # for good, when even the rubbish was taken out
        return getattr(error.__cause__, "error_code", "") == "RESOURCE_DOES_NOT_EXIST"


def _fetched(store: Store, run_id: str, shelf: Path) -> bool:
    """Fetch the files that a deleted run was given, as far as they are still there."""
    with suppress(StoreError, OSError), answering(store.uri):
        for file in store.client.list_artifacts(run_id):
            store.client.download_artifacts(run_id, file.path, str(shelf))
    return any(shelf.iterdir())


def _end(status: str) -> Write:
    return Write("end", {"status": status, "when": milliseconds()})


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
