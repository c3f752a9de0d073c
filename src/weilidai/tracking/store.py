"""Opening the tracking store: made once, whole or not at all, and checked before MLflow touches it."""

import os
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar, cast
from uuid import uuid4

from weilidai.errors import ResourceError, StoreError, StoreSilentError
from weilidai.stores import check_sqlite, prepare_mlflow, refusal, sqlite_file, sqlite_uri, without_password
from weilidai.tracking.lock import exclusive
from weilidai.tracking.settings import TrackingSettings

if TYPE_CHECKING:
    from mlflow import MlflowClient


T = TypeVar("T")


@dataclass(frozen=True)
class Store:
    """An open tracking store and the experiment that runs go to."""

    settings: TrackingSettings
    uri: str
    client: "MlflowClient"
    experiment_id: str

    @property
    def file(self) -> Path | None:
        """Database file, None for a server."""
        return sqlite_file(self.uri)

    @contextmanager
    def alone(self, purpose: str) -> Iterator[None]:
        """Keep other processes of this machine out of ``purpose``; a server keeps order by itself."""
        if self.file is None:
            yield
            return
        with exclusive(_beside(self.file, f"{purpose}.lock"), self.settings.lock_timeout_seconds):
            yield


def open_store(settings: TrackingSettings, *, create: bool = True) -> Store:
    """Open the store the settings name; a missing SQLite store is made, one process at a time.

    Parameters
    ----------
    settings
        Address and names.
    create
        Whether a missing store or experiment may be made; readers pass False.

    Raises
    ------
    StoreError
        The store is missing, broken, of another schema, or does not answer.
    ResourceError
        Its folder, or the one of its runs' files, cannot be written to.
    """
    prepare_mlflow()
    uri = settings.resolved_uri
    file = sqlite_file(uri)
    if file is not None:
        _ready(file, settings, create=create)
    with answering(uri):
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        return Store(settings, uri, client, _experiment(client, settings, file, create=create))


def patiently(store: Store, job: Callable[[], T]) -> T:
    """Ask the store, and ask again while another program holds its lock, as long as the settings say.

    Raises
    ------
    StoreSilentError
        It does not answer: MLflow itself has asked a server several times then.
    StoreError
        It refuses.
    """
    deadline = time.monotonic() + store.settings.lock_timeout_seconds
    while True:
        try:
            with answering(store.uri):
                return job()
        except StoreSilentError as silent:
            if not silent.is_locked or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0.05, 0.5))  # noqa: S311  # so that waiters do not knock in step


class _Silence:
    """A client of a store that was given up: whatever it is asked, it says why."""

    def __init__(self, because: StoreError) -> None:
        self._because = because

    def __getattr__(self, _name: str) -> NoReturn:
        raise StoreSilentError(self._because.what, where=self._because.where, cure=self._because.cure)


def silent_store(settings: TrackingSettings, because: StoreError) -> Store:
    """Stand in for a store that does not answer, so that nobody waits for it again."""
    return Store(settings, settings.resolved_uri, cast("MlflowClient", _Silence(because)), "")


@contextmanager
def answering(uri: str) -> Iterator[None]:
    """Turn what MLflow, SQLite or the network raise into one :class:`StoreError` with the store's address."""
    from mlflow.exceptions import MlflowException
    from requests.exceptions import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, RequestException, SQLAlchemyError, sqlite3.Error) as error:
        raise refusal(uri, error) from error


def _ready(file: Path, settings: TrackingSettings, *, create: bool) -> None:
    if not file.exists() and create:
        with exclusive(_beside(file, "create.lock"), settings.lock_timeout_seconds):
            if not file.exists():
                _clear(file)
                _make(file)
    check_sqlite(file, _schema_wanted())


def _clear(file: Path) -> None:
    """Remove what a creation that was killed left aside; under the lock nobody else is creating."""
    left = re.compile(re.escape(file.name) + r"\.[0-9a-f]{8}\.new(?:-journal)?")
    for other in file.absolute().parent.iterdir():
        if left.fullmatch(other.name):
            other.unlink(missing_ok=True)


def _make(file: Path) -> None:
    # A store that several processes create at once breaks for good, and so does one whose creation is
    # killed: it is made aside by one process and gets its name when it is whole.
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    aside = _beside(file, f"{uuid4().hex[:8]}.new")
    try:
        with answering(str(file)):
            made = SqlAlchemyStore(sqlite_uri(aside), _artifacts(file).as_uri())  # type: ignore[no-untyped-call]
            made.engine.dispose()
        aside.replace(file)
    except OSError as error:
        raise ResourceError(f"the store cannot be made ({error.strerror})", where=str(file)) from error
    finally:
        aside.unlink(missing_ok=True)


def _experiment(client: "MlflowClient", settings: TrackingSettings, file: Path | None, *, create: bool) -> str:
    found = client.get_experiment_by_name(settings.experiment)
    place = str(file) if file else without_password(settings.resolved_uri)
    if found is None and not create:
        raise StoreError(
            f"the store has no experiment '{settings.experiment}'", where=place,
            cure="train once: `weilidai train`, or set tracking.experiment",
        )
    if found is None:
        return _new_experiment(client, settings, file)
    if found.lifecycle_stage != "active":
        raise StoreError(
            f"the experiment '{settings.experiment}' was deleted", where=place,
            cure=f"restore it with `mlflow experiments restore -x {found.experiment_id}`, or set tracking.experiment",
        )
    if create:
        _require_room_for_files(found.artifact_location)
    return str(found.experiment_id)


def _new_experiment(client: "MlflowClient", settings: TrackingSettings, file: Path | None) -> str:
    from mlflow.exceptions import MlflowException

    place = None if file is None else (_artifacts(file) / settings.experiment).as_uri()
    _require_room_for_files(place or "")
    try:
        return str(client.create_experiment(settings.experiment, artifact_location=place))
    except MlflowException:
        # Of two processes that create it at once one is told that it exists.
        found = client.get_experiment_by_name(settings.experiment)
        if found is None:
            raise
        return str(found.experiment_id)


def _require_room_for_files(address: str) -> None:
    """See before the work that a run's files can be kept; what is no folder of this machine is its server's care."""
    if not address.startswith(("file:", "/")):
        return
    from mlflow.utils.file_utils import local_file_uri_to_path

    place = Path(local_file_uri_to_path(address))  # type: ignore[no-untyped-call]
    nearest = next(folder for folder in (place, *place.parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        why = "cannot be written to" if nearest.is_dir() else "is no folder"
        raise ResourceError(
            f"no files of runs can be kept: {nearest} {why}", where=str(place),
            cure="mend the folder, or choose another store with tracking.uri",
        )


def _schema_wanted() -> str:
    from mlflow.store.db.utils import _get_latest_schema_revision

    return str(_get_latest_schema_revision())  # type: ignore[no-untyped-call]


def _artifacts(file: Path) -> Path:
    return file.absolute().parent / "mlartifacts"


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(f"{file.name}.{ending}")
