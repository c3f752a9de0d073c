"""Where the tracking store is, decided in one place for everyone who writes to it or reads from it.

MLflow itself is not imported here: whoever needs it calls :func:`prepare_mlflow` first.
"""

import os
import re
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from weilidai.errors import ConfigError, StoreError, StoreSilentError, suggest
from weilidai.places import as_typed, project_root

URI_VARIABLE: Final = "MLFLOW_TRACKING_URI"
STORE_FILE: Final = "mlflow.db"
DIGEST_TAG: Final = "weilidai.bundle_digest"
"""Tag of a kept model: SHA-256 of the manifest of its bundle."""
BUNDLE_IN_MODEL: Final = "artifacts/bundle"
"""Where the bundle stands inside a model that MLflow keeps."""
SCHEMES: Final = ("sqlite", "postgresql", "mysql", "mssql", "http", "https", "databricks")

_QUIET: Final = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}
_SILENT: Final = ("INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE")
"""What MLflow calls a store that could not answer; any other code is an answer. Errors of the network have none."""
_BROKEN: Final = ("(sqlite3.DatabaseError)", "(sqlite3.OperationalError)")
"""How MLflow tells of a file that is no database any more, whatever it calls the error."""
_HARMLESS: Final = (
    r".*Operation with range is deprecated",  # pandas 3.1 about mlflow/models/utils.py
    r".*Any type hint is inferred as AnyType",  # MLflow about its own classes
    r".*``noload`` loader strategy is deprecated",  # SQLAlchemy 2.1 about mlflow's tables
)


def store_uri(configured: str | None = None) -> str:
    """Give the tracking store's address: as configured, else by environment, else the project's SQLite file.

    A relative SQLite path is taken from the current folder, as MLflow does.

    Raises
    ------
    StoreError
        For a folder of plain files, which MLflow 3 no longer serves.
    ConfigError
        For a scheme that MLflow does not know.
    """
    uri = configured or os.environ.get(URI_VARIABLE, "").strip()
    if not uri:
        return sqlite_uri(project_root() / STORE_FILE)
    scheme, found, rest = uri.partition(":")
    if not found or scheme == "file" or len(scheme) == 1:
        raise _file_store(uri)
    if scheme.partition("+")[0] not in SCHEMES:
        raise ConfigError(f"a tracking store cannot be of kind '{scheme}'", where="uri", cure=suggest(scheme, SCHEMES))
    if scheme == "sqlite":
        return sqlite_uri(as_typed(_sqlite_path(rest)))
    return uri


def sqlite_uri(file: Path) -> str:
    """Give the address of a SQLite file, made absolute."""
    # Only what would be misread is escaped: MLflow makes folders from the address without unescaping it.
    return "sqlite:///" + str(file.absolute()).replace("%", "%25").replace("?", "%3F")


def sqlite_file(uri: str) -> Path | None:
    """Give the database file behind a SQLite address; None for a server."""
    return Path(unquote(uri.removeprefix("sqlite:///"))) if uri.startswith("sqlite:///") else None


def check_sqlite(file: Path, schema: str) -> None:
    """See that a file is a whole MLflow store of one schema, before MLflow opens it and upgrades it unasked.

    Parameters
    ----------
    file
        SQLite file.
    schema
        Schema that the installed MLflow speaks.

    Raises
    ------
    StoreError
        Missing, empty, damaged, another program's, or of a newer or older schema; nothing is changed.
    """
    if not file.is_file():
        raise StoreError("there is no tracking store yet", where=str(file), cure="train once: `weilidai train`")
    found = _schema_of(file)
    if found != schema:
        raise StoreError(
            f"the store has MLflow schema {found}, the installed MLflow speaks {schema}", where=str(file),
            cure=f"copy it, then run `mlflow db upgrade {sqlite_uri(file)}`, or install the MLflow that made it",
        )


def refusal(uri: str, error: Exception) -> StoreError:
    """Put what MLflow, SQLite or the network raised into one error that names the store."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    is_silent = getattr(error, "error_code", _SILENT[0]) in _SILENT or any(word in said[0] for word in _BROKEN)
    kind = StoreSilentError if is_silent else StoreError
    refused = kind(
        f"the tracking store refused: {without_password(said[0])[:300]}", where=without_password(uri),
        cure="look at it with `weilidai doctor`, or choose another store with tracking.uri",
    )
    if isinstance(refused, StoreSilentError):
        refused.is_locked = "database is locked" in said[0]
    return refused


def without_password(uri: str) -> str:
    """Show an address in a message without the password it may carry."""
    return re.sub(r"(://[^:/@]+):[^@]*@", r"\1:***@", uri)


def prepare_mlflow() -> None:
    """Switch off MLflow's telemetry and chatter; call it before MLflow is imported.

    A value the user has set in the environment is kept.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    for message in _HARMLESS:
        warnings.filterwarnings("ignore", message=message)


def _schema_of(file: Path) -> str:
    try:
        try:
            return _asked(file, "ro")
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error):
                raise
            # A writer was stopped in the middle of a commit; SQLite takes back its half from the journal it left.
            return _asked(file, "rw")
    except (sqlite3.Error, TypeError) as error:
        if "locked" in str(error):
            raise refusal(sqlite_uri(file), error) from error
        kind = "is empty" if file.stat().st_size == 0 else f"is not a whole MLflow store ({error})"
        raise StoreError(
            f"the store file {kind}", where=str(file),
            cure="move it away or bring back a copy; a new store is made by the next training",
        ) from error


def _asked(file: Path, mode: str) -> str:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=20)) as database:
        return str(database.execute("select version_num from alembic_version").fetchone()[0])


def _sqlite_path(rest: str) -> str:
    path = rest.removeprefix("///")
    if not rest.startswith("///") or path in ("", ":memory:"):
        raise ConfigError(
            "a SQLite store needs a file", where="uri",
            cure=f"write sqlite:///{STORE_FILE} or sqlite:////folder/{STORE_FILE}",
        )
    return unquote(path)


def _file_store(uri: str) -> StoreError:
    folder = uri.removeprefix("file://") or "mlruns"
    return StoreError(
        "MLflow no longer keeps runs as plain files", where=uri,
        cure=f"move them once: mlflow migrate-filestore --source {folder} --target sqlite:///{STORE_FILE}",
    )
