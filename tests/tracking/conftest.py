"""One store and one small kept model for all tests of tracking; making them takes most of the time."""

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from failing_server import FailingServer, failing_server  # type: ignore[import-not-found]
from weilidai.inference.pyfunc import Packaging, packaging
from weilidai.models.bundle import save_bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.runs import Run, training_run
from weilidai.tracking.settings import TrackingSettings
from weilidai.tracking.store import open_store


def _small_bundle() -> ModuleType:
    if "small_bundle" not in sys.modules:
        spec = spec_from_file_location("small_bundle", Path(__file__).parents[1] / "small_bundle.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules["small_bundle"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["small_bundle"])
    return sys.modules["small_bundle"]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    prepare_mlflow()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> TrackingSettings:
    return TrackingSettings(uri=f"sqlite:///{tmp_path_factory.mktemp('tracking') / 'mlflow.db'}")


@pytest.fixture
def run(settings: TrackingSettings) -> Iterator[Run]:
    with training_run(settings, "a training") as opened:
        yield opened


@pytest.fixture(scope="session")
def bundle_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bundle, people = _small_bundle().build_bundle()
    folder = tmp_path_factory.mktemp("tracked") / "bundle"
    save_bundle(bundle, folder, people)
    return folder


@pytest.fixture(scope="session")
def packed() -> Packaging:
    bundle, people = _small_bundle().build_bundle()
    return packaging(bundle, people)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FailingServer]:
    with pytest.MonkeyPatch.context() as patch, failing_server(tmp_path_factory.mktemp("server"), patch) as told:
        yield told


@pytest.fixture
def remote(server: FailingServer, tmp_path: Path, request: pytest.FixtureRequest) -> TrackingSettings:
    """Give names of its own to each test, so that one store serves all."""
    server.heal()
    name = f"m{abs(hash(request.node.nodeid))}"
    settings = TrackingSettings(uri=server.uri, experiment=name, registered_model=name, spool=str(tmp_path / "spool"))
    open_store(settings)
    return settings


@pytest.fixture
def model(bundle_folder: Path, packed: Packaging) -> tuple[Path, Packaging]:
    return bundle_folder, packed
