"""Bringing a spooled run into its store as the same run; broken off, it is begun again and nothing is there twice."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from weilidai.errors import StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.stores import BUNDLE_IN_MODEL, without_password
from weilidai.tracking.champion import Registered
from weilidai.tracking.keeping import keep_written
from weilidai.tracking.lock import exclusive
from weilidai.tracking.promotion_log import Origin
from weilidai.tracking.registry import register_version
from weilidai.tracking.runs import FAILURE, PARENT
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.spool import HEADER, Begun, Spooled, forget, milliseconds, require_plain
from weilidai.tracking.store import Store, open_store, patiently
from weilidai.tracking.writes import Write, send

SPOOLED: Final = "weilidai.spooled"
"""Tag of a run that the store did not hear of when it began: the id it went by until then."""
Judge = Callable[[Path, Mapping[str, float], Mapping[str, str]], tuple[Sequence[GateResult], Origin]]
"""Outcomes of the gates of a bundle, given the metrics and tags of its run in the store; and the code it comes from."""


def belongs(settings: TrackingSettings, spooled: Spooled) -> bool:
    """Tell whether a run was meant for the store of the settings."""
    return spooled.begun.store == without_password(settings.resolved_uri)


def upload(settings: TrackingSettings, spooled: Spooled, judge: Judge) -> Registered | None:
    """Bring a spooled run, its files and its model into the store, and remove the folder.

    The model is registered as one that was just trained: it becomes champion through its gates, measured anew, or not.
    Of two who upload the same run at once the second finds nothing left to do.

    Parameters
    ----------
    settings
        Address of the store; names and rules are those the run began with.
    spooled
        The run.
    judge
        Measures the gates.

    Raises
    ------
    StoreError
        The store does not answer, or refuses, or the folder holds links; it stays, and can be uploaded again.
    ModelError
        The spooled model is not what was trained.
    """
    own = _settings_of(spooled, settings)
    with exclusive(spooled.folder.parent / "sync.lock", settings.lock_timeout_seconds):
        if not spooled.is_there:
            return None
        require_plain(spooled.folder)
        store = open_store(own)
        run_id = _run_in(store, spooled.begun)
        ends = _send_all(store, run_id, spooled)
        registered = _hand_in(store, run_id, spooled, judge)
        for end in ends:
            patiently(store, lambda end=end: send(store.client, run_id, end))  # type: ignore[misc]
        forget(spooled)
    return registered


def _settings_of(spooled: Spooled, settings: TrackingSettings) -> TrackingSettings:
    told = {**spooled.begun.tracking, "uri": settings.uri, "spool": settings.spool}
    try:
        return TrackingSettings.model_validate(told)
    except ValidationError as error:
        raise StoreError(
            "the names it was begun with are no settings of this version", where=str(spooled.folder / HEADER)
        ) from error


def _send_all(store: Store, run_id: str, spooled: Spooled) -> list[Write]:
    """Send all but the end of the run, and give that."""
    ends = []
    for write in spooled.writes():
        if write.kind == "end":
            ends.append(write)
        else:
            patiently(store, lambda write=write: send(store.client, run_id, write))  # type: ignore[misc]
    killed = Write("tags", {FAILURE: "its process ended without a word, while its store did not answer"})
    return ends or [killed, Write("end", {"status": "KILLED", "when": milliseconds()})]


def _hand_in(store: Store, run_id: str, spooled: Spooled, judge: Judge) -> Registered | None:
    if spooled.model is None:
        return None
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:  # the spooled one stays as it is
        folder = Path(shelf) / "model"
        shutil.copytree(spooled.model, folder)
        logged = patiently(store, lambda: store.client.get_run(run_id).data)
        outcomes, origin = judge(folder / BUNDLE_IN_MODEL, logged.metrics, logged.tags)
        kept = keep_written(store, run_id, folder, spooled.figures)
        return register_version(store, run_id, kept, outcomes, origin, again=True)


def _run_in(store: Store, begun: Begun) -> str:
    if begun.is_known:
        return begun.id
    if found := _uploaded_as(store, begun.id):
        return found
    above = begun.tags.get(PARENT)
    parent = {PARENT: _uploaded_as(store, above) or above} if above else {}
    tags = {**begun.tags, **parent, SPOOLED: begun.id}
    made = patiently(store, lambda: store.client.create_run(store.experiment_id, begun.started, tags, begun.name))
    return str(made.info.run_id)


def _uploaded_as(store: Store, spool_id: str) -> str | None:
    asked = f"tags.`{SPOOLED}` = '{spool_id}'"
    found = patiently(store, lambda: store.client.search_runs([store.experiment_id], asked, max_results=1))
    return str(found[0].info.run_id) if found else None
