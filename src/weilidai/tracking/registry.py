"""The registered model and who is champion: moved by a rule, under a lock, and back again."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weilidai.errors import GateError, StoreError, suggest
from weilidai.evaluation.gates import GateResult
from weilidai.stores import URI_VARIABLE
from weilidai.tracking.comparing import Measured, weigh_up
from weilidai.tracking.keeping import KeptModel
from weilidai.tracking.runs import Run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import Store, answering, open_store

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
WHY_TAG: Final = "weilidai.alias_because"
GATES_TAG: Final = "weilidai.gates"
PASSED: Final = "passed"
HISTORY_TAG: Final = "weilidai.champions"
"""Versions that were champion, oldest first, as a JSON list."""
_LISTED: Final = 1000


@dataclass(frozen=True)
class Registered:
    """A version of the registered model and the alias it got."""

    name: str
    version: str
    alias: str
    why: str
    """One sentence: why it is champion or challenger."""

    @property
    def uri(self) -> str:
        """Address by alias."""
        return f"models:/{self.name}@{self.alias}"

    @property
    def version_uri(self) -> str:
        """Address by version, which never means another model."""
        return f"models:/{self.name}/{self.version}"


def register(run: Run, model: KeptModel, gates: Sequence[GateResult]) -> Registered:
    """Register a kept model and make it champion when it may be, challenger otherwise.

    It becomes champion when every gate is open and there is no champion yet, or the champion was learnt from
    another simulator, or it beats the champion by more than the margin on the same test people.

    Parameters
    ----------
    run
        The run it comes from, with its metrics, its test people and the digests of its simulator logged.
    model
        The finished model.
    gates
        Outcomes of its gates.

    Raises
    ------
    StoreError
        The registry does not answer.
    """
    store, name = run.store, run.store.settings.registered_model
    failed = [gate.name for gate in gates if not gate.passed]
    tags = {GATES_TAG: f"failed: {', '.join(failed)}"[:500] if failed else PASSED}
    with store.alone("registry"), answering(store.uri), _pointed_at(store.uri):
        registered = _registered_model(store, name)
        made = store.client.create_model_version(name, model.uri, run.id, tags=tags, model_id=model.id)
        alias, why = (CHALLENGER, f"gates failed: {', '.join(failed)}") if failed else (CHAMPION, "all gates passed")
        if alias == CHAMPION:
            alias, why = _against_champion(store, registered, run.id)
        _name(store, registered, str(made.version), alias, why)
    return Registered(name, str(made.version), alias, why)


def promote(settings: TrackingSettings, version: str) -> Registered:
    """Make a version champion, if its gates were open.

    Raises
    ------
    GateError
        Its gates were closed when it was trained.
    StoreError
        There is no such version.
    """
    store = open_store(settings, create=False)
    with store.alone("registry"), answering(store.uri):
        registered = _known_model(store)
        chosen = _known_version(store, version)
        outcome = chosen.tags.get(GATES_TAG, "never checked")
        if outcome != PASSED:
            raise GateError(
                f"version {version} cannot become champion: gates {outcome}", where=settings.registered_model,
                cure="train a model that passes; the champion stays as it was",
            )
        why = "promoted by hand"
        _name(store, registered, version, CHAMPION, why)
    return Registered(settings.registered_model, version, CHAMPION, why)


def rollback(settings: TrackingSettings) -> Registered:
    """Give the alias back to the champion before the present one.

    Raises
    ------
    StoreError
        There was none.
    """
    store = open_store(settings, create=False)
    with store.alone("registry"), answering(store.uri):
        registered = _known_model(store)
        history = _history(registered)
        if len(history) < 2:  # noqa: PLR2004  (one to leave, one to go back to)
            raise StoreError("there is no earlier champion", where=f"models:/{registered.name}@{CHAMPION}")
        left, version = history[-1], history[-2]
        why = f"rolled back from version {left}"
        _known_version(store, version)
        store.client.set_registered_model_alias(registered.name, CHAMPION, version)
        store.client.set_registered_model_tag(registered.name, HISTORY_TAG, json.dumps(history[:-1]))
        store.client.set_model_version_tag(registered.name, version, WHY_TAG, why)
    return Registered(registered.name, version, CHAMPION, why)


def _against_champion(store: Store, registered: "RegisteredModel", run_id: str) -> tuple[str, str]:
    version = registered.aliases.get(CHAMPION)
    if version is None:
        return CHAMPION, "the first model that passed its gates"
    champion = store.client.get_model_version(registered.name, str(version))
    mine, theirs = (Measured.of(store.client.get_run(run)) for run in (run_id, champion.run_id or ""))
    return weigh_up(mine, theirs, str(version), store.settings)


def _name(store: Store, registered: "RegisteredModel", version: str, alias: str, why: str) -> None:
    store.client.set_model_version_tag(registered.name, version, WHY_TAG, why)
    store.client.set_registered_model_alias(registered.name, alias, version)
    if alias == CHAMPION:
        history = [*(earlier for earlier in _history(registered) if earlier != version), version]
        store.client.set_registered_model_tag(registered.name, HISTORY_TAG, json.dumps(history))


def _history(registered: "RegisteredModel") -> list[str]:
    try:
        kept = json.loads(registered.tags.get(HISTORY_TAG, "[]"))
    except ValueError:
        kept = []
    return [str(version) for version in kept]


def _registered_model(store: Store, name: str) -> "RegisteredModel":
    from mlflow.exceptions import MlflowException

    try:
        return store.client.get_registered_model(name)
    except MlflowException:
        return store.client.create_registered_model(name, description="Decisions on Weilidai: simulated, synthetic.")


def _known_model(store: Store) -> "RegisteredModel":
    name = store.settings.registered_model
    known = {model.name: model for model in store.client.search_registered_models(max_results=_LISTED)}
    if name not in known:
        cure = suggest(name, known) if known else "train once: `weilidai train`"
        raise StoreError(f"the store has no model '{name}'", where=name, cure=cure)
    return known[name]


def _known_version(store: Store, version: str) -> "ModelVersion":
    name = store.settings.registered_model
    found = store.client.search_model_versions(f"name = '{name}'", max_results=_LISTED)
    known = {str(one.version): one for one in found}
    if version not in known:
        raise StoreError(f"there is no version '{version}'", where=f"models:/{name}", cure=suggest(version, known))
    return known[version]


@contextmanager
def _pointed_at(uri: str) -> Iterator[None]:
    # MLflow's own registry looks a kept model up in the store of the process, not in the one it was given.
    import mlflow

    variable = os.environ.pop(URI_VARIABLE, None)
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None  # type: ignore[no-untyped-call]
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)  # type: ignore[arg-type]  # None unsets it
        if variable is not None:
            os.environ[URI_VARIABLE] = variable
