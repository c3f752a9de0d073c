"""Registering a model, and deciding by a rule whether it becomes champion or challenger."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from weilidai.evaluation.gates import GateResult
from weilidai.stores import URI_VARIABLE
from weilidai.tracking.champion import CHALLENGER, Registered, challenge, crown
from weilidai.tracking.comparing import Measured, weigh_up
from weilidai.tracking.keeping import KeptModel
from weilidai.tracking.promotion_log import CHAMPION, Move
from weilidai.tracking.runs import Run
from weilidai.tracking.store import Store, answering
from weilidai.tracking.versions import GATES_TAG, PASSED

if TYPE_CHECKING:
    from mlflow.entities.model_registry import RegisteredModel


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
        if alias == CHAMPION:
            crown(store, registered, Move("trained", str(made.version), why, model.digest, gates))
        else:
            challenge(store, name, str(made.version), why)
    return Registered(name, str(made.version), alias, why)


def _against_champion(store: Store, registered: "RegisteredModel", run_id: str) -> tuple[str, str]:
    version = registered.aliases.get(CHAMPION)
    if version is None:
        return CHAMPION, "the first model that passed its gates"
    champion = store.client.get_model_version(registered.name, str(version))
    mine, theirs = (Measured.of(store.client.get_run(run)) for run in (run_id, champion.run_id or ""))
    return weigh_up(mine, theirs, str(version), store.settings)


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
