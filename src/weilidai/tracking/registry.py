"""Registering a model, and deciding by a rule whether it becomes champion or challenger."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from weilidai.errors import StoreError
from weilidai.evaluation.gates import GateResult
from weilidai.stores import URI_VARIABLE
from weilidai.tracking.champion import CHALLENGER, WHY_TAG, Registered, challenge, crown
from weilidai.tracking.comparing import Measured, weigh_up
from weilidai.tracking.keeping import KeptModel, Packaging, keep_model, spool_model
from weilidai.tracking.promotion_log import CHAMPION, Move, Origin
from weilidai.tracking.runs import Run
from weilidai.tracking.store import Store, answering
from weilidai.tracking.versions import GATES_TAG, PASSED

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

COMMITTED: Final = Origin()
"""Of one commit and of tested libraries, and nothing to say about it."""
_LISTED: Final = 1000


def register(run: Run, model: KeptModel, gates: Sequence[GateResult], origin: Origin = COMMITTED) -> Registered:
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
    origin
        The code and the libraries it comes from; a model of uncommitted changes takes nobody's place, one of
        untested libraries not even an empty one.

    Raises
    ------
    StoreError
        The registry does not answer.
    """
    return register_version(run.store, run.id, model, gates, origin)


def hand_in(
    run: Run, bundle: Path, packaging: Packaging, gates: Sequence[GateResult], origin: Origin = COMMITTED
) -> Registered | None:
    """Keep the model of a run and register it; None when the store does not take it and it is spooled.

    Raises
    ------
    ModelError
        The bundle is not whole.
    StoreError
        The store answers, and refuses.
    """
    if not run.spool.is_open:
        try:
            return register(run, keep_model(run, bundle, packaging), gates, origin)
        except StoreError as refused:
            run.give_up(refused)
    spool_model(run, bundle, packaging)
    return None


def register_version(
    store: Store,
    run_id: str,
    model: KeptModel,
    gates: Sequence[GateResult],
    origin: Origin = COMMITTED,
    *,
    again: bool = False,
) -> Registered:
    """Register a kept model of any run, as :func:`register` does; ``again``: what was decided once stays so."""
    name = store.settings.registered_model
    failed = [gate.name for gate in gates if not gate.passed]
    tags = {GATES_TAG: f"failed: {', '.join(failed)}"[:500] if failed else PASSED}
    with store.alone("registry"), answering(store.uri), _pointed_at(store.uri):
        registered = _registered_model(store, name)
        made = _version_before(store, name, model) if again else None
        if made is not None and (decided := _decided(registered, made)):
            return decided
        if made is None:
            made = store.client.create_model_version(name, model.uri, run_id, tags=tags, model_id=model.id)
        alias, why = (CHALLENGER, f"gates failed: {', '.join(failed)}") if failed else (CHAMPION, "all gates passed")
        if alias == CHAMPION:
            alias, why = _against_champion(store, registered, run_id, origin)
        if alias == CHAMPION:
            crown(store, registered, Move("trained", str(made.version), why, model.digest, gates))
        else:
            challenge(store, name, str(made.version), why)
    return Registered(name, str(made.version), alias, why)


def _version_before(store: Store, name: str, model: KeptModel) -> "ModelVersion | None":
    found = store.client.search_model_versions(f"name = '{name}'", max_results=_LISTED)
    return next((one for one in found if one.source == model.uri), None)


def _decided(registered: "RegisteredModel", made: "ModelVersion") -> Registered | None:
    """Say what was decided about a version that an upload, broken off later, has registered before."""
    version, name = str(made.version), registered.name
    is_champion = str(registered.aliases.get(CHAMPION)) == version
    if not is_champion and WHY_TAG not in made.tags:
        return None
    alias = CHAMPION if is_champion else CHALLENGER
    return Registered(name, version, alias, made.tags.get(WHY_TAG, "registered before"))


def _against_champion(store: Store, registered: "RegisteredModel", run_id: str, origin: Origin) -> tuple[str, str]:
    if origin.bar:
        return CHALLENGER, f"{origin.bar}; run 'make setup' and train again"
    version = registered.aliases.get(CHAMPION)
    if version is None:
        return CHAMPION, origin.after("the first model that passed its gates")
    if origin.is_held_back:
        return CHALLENGER, f"{origin.remark}; commit them, or use --allow-dirty with train or promote"
    champion = store.client.get_model_version(registered.name, str(version))
    mine, theirs = (Measured.of(store.client.get_run(run)) for run in (run_id, champion.run_id or ""))
    alias, why = weigh_up(mine, theirs, str(version), store.settings)
    return alias, origin.after(why)


def _registered_model(store: Store, name: str) -> "RegisteredModel":
    from mlflow.exceptions import MlflowException

    try:
        return store.client.get_registered_model(name)
    except MlflowException:
        return store.client.create_registered_model(name, description="Decisions on Weilidai: simulated, synthetic.")


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
