"""Keeping a model with its run: MLflow gets it finished and checked, or marked as failed."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from weilidai.errors import ResourceError
from weilidai.models.bundle import files_of
from weilidai.models.manifest import digest_of, read_sealed
from weilidai.stores import BUNDLE_IN_MODEL, DIGEST_TAG
from weilidai.tracking.runs import Run
from weilidai.tracking.spool import MODEL, Figure
from weilidai.tracking.store import Store, answering

if TYPE_CHECKING:
    from mlflow.entities import LoggedModel
    from mlflow.models import ModelSignature

__all__ = ["MODEL", "KeptModel", "Packaging", "keep_model", "keep_written", "spool_model", "write_model"]


class Packaging(Protocol):
    """What MLflow needs beside a bundle; ``weilidai.inference.pyfunc.packaging`` gives it."""

    @property
    def code(self) -> Path:
        """File that MLflow runs to get the model."""

    @property
    def package(self) -> Path:
        """Folder of the package that travels inside."""

    @property
    def signature(self) -> "ModelSignature":
        """Columns, parameters and answers."""

    @property
    def example(self) -> tuple[pd.DataFrame, dict[str, str]]:
        """A person and parameters to try the model with."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """Pinned requirements."""

    @property
    def metadata(self) -> dict[str, Any]:
        """What MLflow shows beside the signature."""


@dataclass(frozen=True)
class KeptModel:
    """A finished model in the store."""

    id: str
    digest: str
    """SHA-256 of the manifest of its bundle."""

    @property
    def uri(self) -> str:
        """Address that holds for ever, registered or not."""
        return f"models:/{self.id}"


def keep_model(run: Run, bundle: Path, packaging: Packaging) -> KeptModel:
    """Keep a saved bundle as the model of a run.

    Parameters
    ----------
    run
        The run it was trained in; its metrics so far become the model's.
    bundle
        A bundle folder.
    packaging
        Signature, example, requirements and code.

    Raises
    ------
    ModelError
        The bundle is not whole.
    StoreError
        The store does not take it; what it got is marked as failed.
    """
    read_sealed(bundle, files_of(bundle))
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        folder = Path(shelf) / MODEL
        write_model(folder, bundle, packaging)
        return keep_written(run.store, run.id, folder, run.metrics)


def spool_model(run: Run, bundle: Path, packaging: Packaging) -> None:
    """Leave a model beside a run that is spooled, as it will be kept.

    Raises
    ------
    ModelError
        The bundle is not whole.
    """
    read_sealed(bundle, files_of(bundle))
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        write_model(Path(shelf) / MODEL, bundle, packaging)
        run.spool.add_model(Path(shelf) / MODEL, run.metrics)


def keep_written(store: Store, run_id: str, folder: Path, metrics: Sequence[Figure]) -> KeptModel:
    """Keep a model that was written to a folder; asked again for the same model of a run, nothing is kept twice.

    Parameters
    ----------
    store
        Where to.
    run_id
        The run it was trained in.
    folder
        As :func:`write_model` leaves it; its ``MLmodel`` gets the names the store gives.
    metrics
        Name, value, milliseconds and step of each figure of the model.
    """
    sealed = folder / BUNDLE_IN_MODEL
    digest = digest_of(sealed)
    with answering(store.uri):
        if ready := _kept_before(store, run_id, digest):
            return KeptModel(ready, digest)
        with _unfinished(store, run_id, digest) as model:
            _stamp(folder, model)
            read_sealed(sealed, files_of(sealed), digest=digest)
            store.client.log_model_artifacts(model.model_id, str(folder))
            _link(store, run_id, model, metrics)
    return KeptModel(str(model.model_id), digest)


def _kept_before(store: Store, run_id: str, digest: str) -> str | None:
    """Give the id of the same model of the run, and close what was begun and broke off."""
    found = store.client.search_logged_models([store.experiment_id], f"source_run_id = '{run_id}'")
    same = [model for model in found if model.tags.get(DIGEST_TAG) == digest]
    for model in same:
        if str(model.status) == "PENDING":
            store.client.finalize_logged_model(model.model_id, "FAILED")
    return next((str(model.model_id) for model in same if str(model.status) == "READY"), None)


@contextmanager
def _unfinished(store: Store, run_id: str, digest: str) -> Iterator["LoggedModel"]:
    client = store.client
    params = client.get_run(run_id).data.params
    model = client.create_logged_model(
        store.experiment_id, name=MODEL, source_run_id=run_id, tags={DIGEST_TAG: digest}, params=params
    )
    try:
        yield model
    except BaseException:
        client.finalize_logged_model(model.model_id, "FAILED")
        raise
    client.finalize_logged_model(model.model_id, "READY")


def write_model(folder: Path, bundle: Path, packaging: Packaging) -> None:
    """Write a model as MLflow keeps it, without the names that a store will give it.

    Raises
    ------
    ResourceError
        The disk is full.
    """
    import mlflow.pyfunc
    from mlflow.exceptions import MlflowException

    try:
        mlflow.pyfunc.save_model(
            path=str(folder),
            python_model=str(packaging.code),
            artifacts={"bundle": str(bundle)},
            code_paths=[str(packaging.package)],
            signature=packaging.signature,
            input_example=packaging.example,
            pip_requirements=list(packaging.requirements),
            metadata=packaging.metadata,
        )
    except MlflowException as error:
        if (why := _told_by_the_machine(error)) is None:
            raise
        raise ResourceError(f"the model cannot be written: {why}", where=str(folder),
                            cure="look at the free space of the folder for temporary files") from error


def _told_by_the_machine(error: Exception) -> str | None:
    """Find the system's error behind one of MLflow, which takes a full disk for files that cannot be copied."""
    if isinstance(error.__cause__, OSError):
        return error.__cause__.strerror or "not all of its files can be copied"
    found = re.search(r"\[Errno \d+\] ([^\n:']+)", str(error))
    return found[1] if found else None


def _stamp(folder: Path, model: "LoggedModel") -> None:
    from mlflow.models import Model

    written = Model.load(str(folder))
    written.artifact_path, written.model_uuid = model.artifact_location, model.model_id
    written.run_id, written.model_id = model.source_run_id, model.model_id
    written.save(str(folder / "MLmodel"))


def _link(store: Store, run_id: str, model: "LoggedModel", metrics: Sequence[Figure]) -> None:
    from mlflow.entities import LoggedModelOutput, Metric

    store.client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    own = [Metric(*figure, model_id=model.model_id, run_id=run_id) for figure in metrics]
    for start in range(0, len(own), 1000):
        store.client.log_batch(run_id, metrics=own[start : start + 1000])
