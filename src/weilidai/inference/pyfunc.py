"""MLflow's own door to the same decisions: a model from code, without a pickle.

MLflow opens it without knowing which digest was registered: a bundle swapped whole, manifest and all, is noticed by
:func:`weilidai.load_model` only.

The signature names the columns a model reads and leaves their types open. With types MLflow's server would cast before
the model sees a row: null to false, 5.7 to 5, "12" to 12, and the same person would be decided otherwise than through
another door. What a column must hold is the column contract's to say, here as everywhere, and it names no value.
"""

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from weilidai.dataset.own_columns import as_given
from weilidai.errors import ConfigError, suggest
from weilidai.inference.decider import Decider
from weilidai.inference.signature import LANGUAGES, REASONS, Field, input_fields, output_fields
from weilidai.inference.travelling import write_package
from weilidai.models.bundle import Bundle, load_bundle
from weilidai.stores import prepare_mlflow

prepare_mlflow()

import mlflow  # noqa: E402  # its telemetry had to be switched off first
from mlflow.models import ModelSignature  # noqa: E402
from mlflow.pyfunc.model import PythonModel, PythonModelContext  # noqa: E402
from mlflow.types.schema import AnyType, ColSpec, ParamSchema, ParamSpec, Schema  # noqa: E402

CODE: Final = Path(__file__).with_name("served.py")
NEEDED: Final = ("mlflow-skinny", "lightgbm", "numpy", "pandas", "scipy", "pydantic", "pyyaml")
"""What loading a model imports; the part of weilidai it needs travels inside the model, for no index knows it."""


class DecisionModel(PythonModel):
    """A bundle behind MLflow's predict; ``params={"reasons": "zh"}`` or ``"en"`` asks for reasons."""

    def load_context(self, context: PythonModelContext) -> None:
        """Open the bundle that travels inside the model, with all its checks."""
        folder = Path(context.artifacts["bundle"])
        self._decider = Decider(load_bundle(folder), str(folder))

    def predict(
        self,
        context: PythonModelContext,  # noqa: ARG002  # MLflow's interface
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Decide for each row; see :meth:`weilidai.inference.decider.Decider.decide`."""
        asked = (params or {}).get(REASONS) or None
        if asked not in (None, *LANGUAGES):
            raise ConfigError(f"there are no reasons in {asked!r}", where=REASONS, cure=suggest(str(asked), LANGUAGES))
        return self._decider.decide(model_input, reasons=asked)


@dataclass(frozen=True)
class Packaging:
    """What MLflow needs beside the bundle to keep a model.

    Parameters
    ----------
    code
        The file MLflow runs to get the model.
    package
        Folder with the part of this package that travels inside; it is there as long as this object.
    signature
        Columns, parameters and answers.
    example
        A person, and parameters, to try the model with.
    requirements
        Pinned to what is installed.
    metadata
        What each column must be, and whether it may be left out; the open signature does not tell.
    """

    code: Path
    package: Path
    signature: ModelSignature
    example: tuple[pd.DataFrame, dict[str, str]]
    requirements: tuple[str, ...]
    metadata: dict[str, Any]


def packaging(bundle: Bundle, people: pd.DataFrame) -> Packaging:
    """Describe a model for MLflow.

    Parameters
    ----------
    bundle
        The model.
    people
        People of whom the first is the example.
    """
    fields = input_fields(bundle.columns, bundle.own_table)
    answers = output_fields(has_grants=bundle.quota is not None, has_rates=bundle.rate is not None)
    given = people if bundle.own_table is None else as_given(people, bundle.own_table)
    shelf = Path(tempfile.mkdtemp(prefix="weilidai-"))
    packed = Packaging(
        code=CODE,
        package=write_package(shelf),
        signature=ModelSignature(_open_schema(fields), _schema(answers), _parameters()),
        example=(_example(given, fields), {REASONS: "zh"}),
        requirements=tuple(f"{name}=={version(name)}" for name in NEEDED),
        metadata={"columns": {f.name: f.type if f.is_required else f"{f.type}, optional" for f in fields}},
    )
    weakref.finalize(packed, shutil.rmtree, shelf, ignore_errors=True)
    return packed


def publish() -> None:
    """Hand the model to MLflow, which runs ``served.py`` for that."""
    mlflow.models.set_model(DecisionModel())


def _open_schema(fields: tuple[Field, ...]) -> Schema:
    any_type = AnyType()  # type: ignore[no-untyped-call]
    return Schema([ColSpec(any_type, field.name, required=False) for field in fields])


def _schema(fields: tuple[Field, ...]) -> Schema:
    return Schema([ColSpec(field.type, field.name, required=field.is_required) for field in fields])


def _parameters() -> ParamSchema:
    return ParamSchema([ParamSpec(REASONS, "string", "")])


def _example(people: pd.DataFrame, fields: tuple[Field, ...]) -> pd.DataFrame:
    first = people.head(1)
    typed = {"double": np.float64, "long": np.int64, "boolean": np.bool_, "string": np.object_}
    given = [field for field in fields if field.name in people.columns]
    return pd.DataFrame({field.name: first[field.name].to_numpy(typed[field.type]) for field in given})
