"""Which registered version is meant, and what is known of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weilidai.errors import StoreError, suggest
from weilidai.stores import DIGEST_TAG
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, answering, open_store

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

GATES_TAG: Final = "weilidai.gates"
PASSED: Final = "passed"
RUN: Final = "runs:/"
_ADDRESS: Final = re.compile(r"models:/[^/@]+(?:/(?P<version>[1-9]\d*)|@(?P<alias>[^/@]+))")
_LISTED: Final = 1000


@dataclass(frozen=True)
class Candidate:
    """A version that somebody wants to make champion."""

    model: str
    version: str
    run_id: str
    gates: str
    """``passed``, or which failed when it was trained."""
    metrics: Mapping[str, float]
    digest: str | None
    """SHA-256 of the manifest of its bundle."""

    @property
    def uri(self) -> str:
        """Address by version."""
        return f"models:/{self.model}/{self.version}"


def find_version(settings: TrackingSettings, word: str) -> Candidate:
    """Find the version meant by a number, an alias, ``models:/name/3``, ``models:/name@alias`` or ``runs:/id/model``.

    Raises
    ------
    StoreError
        There is no such version; the message names near ones.
    """
    store = open_store(settings, create=False)
    with answering(store.uri):
        registered = known_model(store)
        is_run = word.startswith(RUN)
        found = _version_of_run(store, word) if is_run else known_version(store, _number(registered, word))
        run = store.client.get_run(found.run_id or "")
        kept = store.client.get_logged_model((found.source or "").removeprefix("models:/"))
        return Candidate(
            registered.name, str(found.version), run.info.run_id, found.tags.get(GATES_TAG, "never checked"),
            run.data.metrics, kept.tags.get(DIGEST_TAG),
        )


def known_model(store: Store) -> "RegisteredModel":
    """Give the registered model of the settings; refuse an unknown one with the near name."""
    name = store.settings.registered_model
    known = {model.name: model for model in store.client.search_registered_models(max_results=_LISTED)}
    if name not in known:
        cure = suggest(name, known) if known else "train once: `weilidai train`"
        raise StoreError(f"the store has no model '{name}'", where=name, cure=cure)
    return known[name]


def known_version(store: Store, version: str) -> "ModelVersion":
    """Give a version of it; refuse an unknown one with the near number."""
    name = store.settings.registered_model
    found = store.client.search_model_versions(f"name = '{name}'", max_results=_LISTED)
    known = {str(one.version): one for one in found}
    if version not in known:
        raise StoreError(f"there is no version '{version}'", where=f"models:/{name}", cure=suggest(version, known))
    return known[version]


def _number(registered: "RegisteredModel", word: str) -> str:
    """Give the version number behind an alias, an address or a number."""
    found = _ADDRESS.fullmatch(word)
    alias = (found["alias"] or "") if found else word
    version = str((found["version"] if found else None) or registered.aliases.get(alias) or alias)
    if found and not found["version"] and version == alias:
        known = [str(name) for name in registered.aliases]
        raise StoreError(f"there is no alias '{alias}'", where=f"models:/{registered.name}", cure=suggest(alias, known))
    return version


def _version_of_run(store: Store, word: str) -> "ModelVersion":
    run_id = word.removeprefix(RUN).partition("/")[0]
    name = store.settings.registered_model
    found = store.client.search_model_versions(f"name = '{name}'", max_results=_LISTED)
    known = {str(one.run_id): one for one in found}
    if run_id not in known:
        raise StoreError(f"no version comes from run '{run_id}'", where=f"models:/{name}", cure=suggest(run_id, known))
    return known[run_id]
