from pathlib import Path

import pandas as pd
import pytest

from weilidai.errors import ConfigError, ModelError, StoreError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.inference.pyfunc import packaging
from weilidai.models.bundle import Bundle
from weilidai.stores import prepare_mlflow
from weilidai.tracking.keeping import keep_model
from weilidai.tracking.registry import Registered, register
from weilidai.tracking.runs import Run, training_run
from weilidai.tracking.settings import TrackingSettings


@pytest.fixture(autouse=True)
def _quiet() -> None:
    prepare_mlflow()


@pytest.fixture(scope="module")
def registry(
    bundle: Bundle, bundle_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, Registered]:
    import small_bundle  # type: ignore[import-not-found]

    prepare_mlflow()
    place = tmp_path_factory.mktemp("a folder, 带空格 & #1") / "mlflow.db"
    with training_run(TrackingSettings(uri=f"sqlite:///{place}"), "a training") as run:
        kept = keep_model(run, bundle_folder, packaging(bundle, small_bundle.draw_people(2)))
        registered = register(run, kept, [])
    return run, registered


def addresses(run: Run, registered: Registered) -> list[str]:
    return [registered.uri, registered.version_uri, f"runs:/{run.id}/model"]


def test_every_address_of_a_model_decides_alike(
    registry: tuple[Run, Registered], decider: Decider, people: pd.DataFrame
) -> None:
    wanted = decider.decide(people.head(50), reasons="zh")
    for address in addresses(*registry):
        loaded = load_model(address, tracking_uri=registry[0].store.uri)
        assert loaded.origin == address
        pd.testing.assert_frame_equal(loaded.decide(people.head(50), reasons="zh"), wanted, check_exact=True)


def test_the_environment_names_the_store_when_the_caller_does_not(
    registry: tuple[Run, Registered], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry[0].store.uri)
    assert load_model("models:/weilidai@champion").columns


@pytest.mark.parametrize(("address", "told"), [
    ("models:/weilidia@champion", "did you mean 'weilidai'"),
    ("models:/weilidai@champoin", "did you mean 'champion'"),
    ("models:/weilidai/7", "known: 1"),
    ("runs:/0123/model", "no run '0123'"),
    ("runs:/{run}/modle", "did you mean 'model'"),
])  # fmt: skip
def test_an_unknown_name_is_answered_with_the_near_one(
    registry: tuple[Run, Registered], address: str, told: str
) -> None:
    run, _ = registry
    with pytest.raises(StoreError, match=told) as refused:
        load_model(address.format(run=run.id), tracking_uri=run.store.uri)
    assert refused.value.exit_code == 5


@pytest.mark.parametrize("address", ["models:/weilidai", "models:/weilidai/latest", "models:/a@b@c"])
def test_an_address_that_is_not_whole_is_told_the_form(registry: tuple[Run, Registered], address: str) -> None:
    with pytest.raises(ConfigError, match="models:/<name>@<alias>"):
        load_model(address, tracking_uri=registry[0].store.uri)


def test_a_bundle_swapped_behind_the_registry_is_noticed(
    registry: tuple[Run, Registered], bundle_folder: Path, tmp_path: Path
) -> None:
    """Another bundle, whole in itself, is still not the one that was registered."""
    run, registered = registry
    manifest = next((run.store.file or tmp_path).parent.glob("mlartifacts/**/artifacts/bundle/manifest.json"))
    whole = manifest.read_bytes()
    manifest.write_bytes(whole.replace(b'"format"', b' "format"', 1))
    try:
        with pytest.raises(ModelError, match="not the bundle that was registered"):
            load_model(registered.uri, tracking_uri=run.store.uri)
    finally:
        manifest.write_bytes(whole)
    assert manifest.read_bytes() == (bundle_folder / "manifest.json").read_bytes()
