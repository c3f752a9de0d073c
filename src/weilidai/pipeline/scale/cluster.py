"""The workers of a Dask cluster: started or found, held to our versions, given pieces of work, and let go.

Every piece is a pure function of what it is given, and whatever it writes gets its name by one rename. So a piece
whose worker was lost is simply done again elsewhere, and comes out the same.
"""

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from weilidai.errors import ConfigError, ResourceError
from weilidai.pipeline.birth import versions
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.places import package_folder
from weilidai.progress import Progress

if TYPE_CHECKING:
    from distributed import Client, Future

LOOPBACK: Final = "127.0.0.1"
_PACKAGE: Final = package_folder()
_START: Final = "start it: dask scheduler; then on each machine: dask worker ADDRESS; or set scale.scheduler=null"
_ENDED: Final = "give workers more memory (scale.memory_per_worker_gib) or less at a time (scale.partition_people)"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Workers:
    """Workers that are up and run the same versions as this process."""

    client: "Client"
    settings: ScaleSettings

    def share(self, value: Result) -> "Future":
        """Give every worker one value; it outlives any of them, as it is a piece of work that can be done again."""
        return self.client.submit(_itself, value, pure=False)

    def do(self, task: Callable[..., Result], pieces: Sequence[Any], *shared: Any) -> Iterator[tuple[int, Result]]:  # noqa: ANN401  # whatever the task takes
        """Do a task for each piece; gives the piece's number and the result, in the order of finishing.

        Raises
        ------
        WeilidaiError
            What a piece raised; the pieces not yet done are given up.
        ResourceError
            Worker after worker died at the same piece.
        """
        from distributed import KilledWorker, as_completed

        futures = {self.client.submit(task, piece, *shared, pure=False): n for n, piece in enumerate(pieces)}
        try:
            for future in as_completed(list(futures)):
                yield futures.pop(future), future.result()
        except KilledWorker as error:
            raise ResourceError("several workers died at the same piece of work", where="scale", cure=_ENDED) from error
        finally:
            self.client.cancel(list(futures))


@contextmanager
def open_workers(settings: ScaleSettings, progress: Progress) -> Iterator[Workers]:
    """Start workers on this machine, or find those of a running scheduler; let them go when the block ends.

    Workers that were started here listen to this machine only, and show no dashboard.

    Raises
    ------
    ConfigError
        Dask is not installed.
    ResourceError
        The scheduler does not answer, has no worker, or a worker runs other versions than this process.
    """
    _require_dask()
    with ExitStack() as opened:
        with progress.stage("opening the workers"):
            client = opened.enter_context(_client(settings))
            _require_workers(client, settings)
        yield Workers(client, settings)


def _require_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ConfigError("Dask is not installed", where="scale.engine",
                          cure="install the extra: pip install 'weilidai[dask]', or set scale.engine=here") from error


@contextmanager
def _client(settings: ScaleSettings) -> Iterator["Client"]:
    from distributed import Client, LocalCluster

    if settings.scheduler is not None:
        with _found(settings.scheduler, settings.connect_seconds) as client:
            yield client
        return
    started = {"n_workers": settings.workers, "threads_per_worker": settings.threads_per_worker}
    with _own_package_alone(), LocalCluster(
        **started, processes=True, host=LOOPBACK, dashboard_address=f"{LOOPBACK}:0",
        memory_limit=f"{settings.memory_per_worker_gib}GiB", silence_logs=logging.CRITICAL,
    ) as cluster, Client(cluster) as client:
        client.run(_leave_interruptions)
        yield client


@contextmanager
def _own_package_alone() -> Iterator[None]:
    """Hide other copies of the package from processes started meanwhile, such as the one that travels with a model.

    MLflow puts the folder of a model's code on the path when it loads one and leaves it there; a new process would
    look in it first.
    """
    before = sys.path.copy()
    places = [(entry, Path(entry) / _PACKAGE.name) for entry in before]
    sys.path[:] = [entry for entry, copy in places if copy.resolve() == _PACKAGE or not copy.is_dir()]
    try:
        yield
    finally:
        sys.path[:] = before


def _found(address: str, seconds: float) -> "Client":
    from distributed import Client

    try:
        return Client(address, timeout=f"{seconds}s")
    except (OSError, TimeoutError) as error:
        what = f"no Dask scheduler answers within {seconds:g} seconds"
        raise ResourceError(what, where=address, cure=_START) from error


def _require_workers(client: "Client", settings: ScaleSettings) -> None:
    try:
        client.wait_for_workers(1, timeout=settings.connect_seconds)
    except TimeoutError as error:
        where = settings.scheduler or "scale.workers"
        raise ResourceError("the Dask scheduler has no worker", where=where, cure=_START) from error
    own = versions()
    for address, theirs in client.run(versions).items():
        other = [f"{name} {theirs[name]}, here {own[name]}" for name in own if theirs[name] != own[name]]
        if other:
            raise ResourceError(f"a worker runs other versions: {'; '.join(other)}", where=address,
                                cure="install the same requirements.lock on every machine")


def _leave_interruptions() -> None:
    """Let only the command that started this worker hear a terminal's Ctrl-C; it ends the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _itself(value: Result) -> Result:
    return value
