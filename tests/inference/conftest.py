"""One small model for all tests of inference, as a bundle folder and loaded."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.models.bundle import Bundle, save_bundle
from weilidai.stores import prepare_mlflow

if TYPE_CHECKING:
    from weilidai.inference.pyfunc import Packaging


def _small_bundle() -> ModuleType:
    if "small_bundle" not in sys.modules:
        spec = spec_from_file_location("small_bundle", Path(__file__).parents[1] / "small_bundle.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules["small_bundle"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["small_bundle"])
    return sys.modules["small_bundle"]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    made: Bundle = _small_bundle().build_bundle()[0]
    return made


@pytest.fixture(scope="session")
def bundle_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, people = _small_bundle().build_bundle()
    folder = tmp_path_factory.mktemp("inference") / "bundle"
    save_bundle(made, folder, people)
    return folder


@pytest.fixture(scope="session")
def decider(bundle_folder: Path) -> Decider:
    return load_model(bundle_folder)


@pytest.fixture(scope="session")
def packed(bundle: Bundle) -> "Packaging":
    from weilidai.inference.pyfunc import packaging

    return packaging(bundle, _small_bundle().draw_people(3, seed=4))


@pytest.fixture(scope="session")
def kept(bundle_folder: Path, packed: "Packaging", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a model folder as MLflow keeps it."""
    import mlflow.pyfunc

    prepare_mlflow()
    folder = tmp_path_factory.mktemp("kept") / "model"
    mlflow.pyfunc.save_model(
        path=str(folder), python_model=str(packed.code), artifacts={"bundle": str(bundle_folder)},
        code_paths=[str(packed.package)], signature=packed.signature, input_example=packed.example,
        pip_requirements=list(packed.requirements), metadata=packed.metadata,
    )  # fmt: skip
    return folder


@pytest.fixture
def people() -> pd.DataFrame:
    """Give people the model has not seen."""
    drawn: pd.DataFrame = _small_bundle().draw_people(400, seed=99)
    return drawn.drop(columns=["is_invited", "is_opened", "initial_quota_cny", "daily_rate"])
