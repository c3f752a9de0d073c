"""Keeping a model with its run: MLflow gets it finished and checked, or marked as failed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from weilidai.models.bundle import files_of
from weilidai.models.manifest import digest_of, read_sealed
from weilidai.stores import DIGEST_TAG
from weilidai.tracking.runs import Run
from weilidai.tracking.store import answering

if TYPE_CHECKING:
    from mlflow.entities import LoggedModel
    from mlflow.models import ModelSignature

MODEL: Final = "model"
"""Name of the model inside its run, so that ``runs:/<id>/model`` is its address."""


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
    digest = digest_of(bundle)
    with answering(run.store.uri), _unfinished(run, digest) as model:
        with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
            folder = Path(shelf) / MODEL
            _write(folder, model, bundle, packaging)
            read_sealed(folder / "artifacts" / "bundle", files_of(bundle), digest=digest)
            run.store.client.log_model_artifacts(model.model_id, str(folder))
        _link(run, model)
    return KeptModel(str(model.model_id), digest)


@contextmanager
def _unfinished(run: Run, digest: str) -> Iterator["LoggedModel"]:
    client = run.store.client
    params = client.get_run(run.id).data.params
    model = client.create_logged_model(
        run.store.experiment_id, name=MODEL, source_run_id=run.id, tags={DIGEST_TAG: digest}, params=params
    )
    try:
        yield model
    except BaseException:
        client.finalize_logged_model(model.model_id, "FAILED")
        raise
    client.finalize_logged_model(model.model_id, "READY")


def _write(folder: Path, model: "LoggedModel", bundle: Path, packaging: Packaging) -> None:
    import mlflow.pyfunc
    from mlflow.models import Model

    mlflow.pyfunc.save_model(
        path=str(folder),
        mlflow_model=Model(
            artifact_path=model.artifact_location, model_uuid=model.model_id, run_id=model.source_run_id,
            model_id=model.model_id,
        ),
        python_model=str(packaging.code),
        artifacts={"bundle": str(bundle)},
        code_paths=[str(packaging.package)],
        signature=packaging.signature,
        input_example=packaging.example,
        pip_requirements=list(packaging.requirements),
        metadata=packaging.metadata,
    )


def _link(run: Run, model: "LoggedModel") -> None:
    from mlflow.entities import LoggedModelOutput, Metric

    run.store.client.log_outputs(run.id, [LoggedModelOutput(model.model_id, step=0)])
    own = [Metric(m.key, m.value, m.timestamp, m.step, model_id=model.model_id, run_id=run.id) for m in run.metrics]
    for start in range(0, len(own), 1000):
        run.store.client.log_batch(run.id, metrics=own[start : start + 1000])
