"""Looking back: which runs there are, which one is meant, and in what two of them differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from weilidai.errors import StoreError, suggest
from weilidai.stores import sqlite_file, without_password
from weilidai.tracking.comparing import Measured
from weilidai.tracking.process import is_gone
from weilidai.tracking.promotion_log import CHAMPION
from weilidai.tracking.runs import FAILURE, PROCESS
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import answering, open_store

if TYPE_CHECKING:
    from mlflow.entities import Run as StoredRun

Kind = Literal["param", "metric", "tag"]

_LISTED: Final = 1000
_OWN_TAGS: Final = ("mlflow.", PROCESS)
"""Beginnings of tags that say nothing about what was trained."""
_SHORTEST_ID: Final = 4
_BELOW_ALL_FIGURES: Final = -(10**15)


@dataclass(frozen=True)
class RunRow:
    """A run as it stands in the store."""

    id: str
    name: str
    status: str
    started: datetime | None
    seconds: float | None
    """How long it took; None while it runs."""
    failure: str | None
    """Why it failed or was killed."""
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    people: str | None = None
    """Digest of the table it was judged on; None when it was not recorded."""


@dataclass(frozen=True)
class Difference:
    """One thing in which runs differ; None where a run does not have it."""

    kind: Kind
    name: str
    values: tuple[str | float | None, ...]


def list_runs(settings: TrackingSettings, most: int = 50) -> list[RunRow]:
    """Give the latest runs, newest first.

    Raises
    ------
    StoreError
        There is no store or experiment yet, or it does not answer.
    """
    store = open_store(settings, create=False)
    with answering(store.uri):
        found = store.client.search_runs([store.experiment_id], max_results=most, order_by=["start_time DESC"])
    return [_row(run) for run in found]


def find_run(settings: TrackingSettings, word: str) -> RunRow:
    """Find the run that is meant by an id, the beginning of one, or a name (of several the newest).

    Raises
    ------
    StoreError
        None is meant, or the beginning of an id fits several; the message names near ones.
    """
    rows = list_runs(settings, _LISTED)
    by_id = [row for row in rows if row.id == word or (len(word) >= _SHORTEST_ID and row.id.startswith(word))]
    by_name = [row for row in rows if row.name == word]
    if len(by_id) > 1:
        raise StoreError(f"several runs begin with '{word}'", cure="give more of the id")
    if by_id or by_name:
        return (by_id or by_name)[0]
    known = [name for row in rows for name in (row.name, row.id)]
    raise StoreError(
        f"the store has no run '{word}'", where=without_password(settings.resolved_uri),
        cure=suggest(word, known) if known else "there is none yet; train once: `weilidai train`",
    )


def find_finished(settings: TrackingSettings, tags: Mapping[str, str], measured: Sequence[str] = ()) -> RunRow | None:
    """Give the newest run that ended well, carries these tags and has these metrics; None without one or a store."""
    file = sqlite_file(settings.resolved_uri)
    if file is not None and not file.exists():
        return None
    store = open_store(settings)
    asked = [f"tags.`{name}` = '{value}'" for name, value in tags.items()]
    # The store knows no question for the presence of a metric; every figure lies above this one.
    asked += [f"metrics.`{name}` > {_BELOW_ALL_FIGURES}" for name in measured]
    wanted = " and ".join(asked)
    with answering(store.uri):
        found = store.client.search_runs(
            [store.experiment_id], f"{wanted} and attributes.status = 'FINISHED'", max_results=1,
            order_by=["start_time DESC"],
        )
    return _row(found[0]) if found else None


def kept_file(settings: TrackingSettings, run_id: str, name: str) -> Path | None:
    """Give a file that a run kept, fetched when it lies on a server; None when the run has no such file."""
    store = open_store(settings, create=False)
    folder = name.rpartition("/")[0] or None
    with answering(store.uri):
        if name not in {file.path for file in store.client.list_artifacts(run_id, folder)}:
            return None
        return Path(store.client.download_artifacts(run_id, name))


def compare(rows: Sequence[RunRow]) -> list[Difference]:
    """Give what differs between runs, and only that: settings first, then tags, then metrics."""
    parts: tuple[tuple[Kind, list[Mapping[str, str] | Mapping[str, float]]], ...] = (
        ("param", [row.params for row in rows]),
        ("tag", [_telling(row.tags) for row in rows]),
        ("metric", [row.metrics for row in rows]),
    )
    return [
        Difference(kind, name, values)
        for kind, tables in parts
        for name in dict.fromkeys(name for table in tables for name in sorted(table))
        if len(set(values := tuple(table.get(name) for table in tables))) > 1
    ]


def dead_runs(settings: TrackingSettings) -> list[RunRow]:
    """Give the runs that say they are running although their process is gone."""
    running = (row for row in list_runs(settings, _LISTED) if row.status == "RUNNING")
    return [row for row in running if is_gone(row.tags.get(PROCESS, ""))]


def champion_version(settings: TrackingSettings) -> str | None:
    """Give the version that is champion, or None while there is none."""
    store = open_store(settings, create=False)
    with answering(store.uri):
        known = {model.name: model for model in store.client.search_registered_models(max_results=_LISTED)}
    model = known.get(settings.registered_model)
    version = model.aliases.get(CHAMPION) if model else None
    return None if version is None else str(version)


def _row(run: "StoredRun") -> RunRow:
    info, tags = run.info, run.data.tags
    ended = info.end_time
    return RunRow(
        id=info.run_id, name=info.run_name or info.run_id, status=info.status,
        started=datetime.fromtimestamp(info.start_time / 1000, UTC) if info.start_time else None,
        seconds=(ended - info.start_time) / 1000 if ended and info.start_time else None,
        failure=tags.get(FAILURE), params=run.data.params, metrics=run.data.metrics, tags=tags,
        people=Measured.of(run).people,
    )


def _telling(tags: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if not name.startswith(_OWN_TAGS)}
