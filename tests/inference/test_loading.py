import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import weilidai
from weilidai.errors import ConfigError, ModelError, StoreError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model


def test_the_package_offers_the_door(bundle_folder: Path, people: pd.DataFrame, decider: Decider) -> None:
    loaded = weilidai.load_model(str(bundle_folder))
    pd.testing.assert_frame_equal(loaded.decide(people), decider.decide(people), check_exact=True)


def test_importing_the_package_does_not_open_the_door() -> None:
    code = "import sys, weilidai; print('weilidai.inference' in sys.modules, 'load_model' in dir(weilidai))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", "True"]


def test_another_name_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match="load_modell"):
        _ = weilidai.load_modell  # type: ignore[attr-defined]


def test_a_model_folder_that_mlflow_keeps_is_a_folder_too(bundle_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(bundle_folder, tmp_path / "model" / "artifacts" / "bundle")
    assert load_model(tmp_path / "model").columns == load_model(bundle_folder).columns


def test_a_folder_that_does_not_exist_is_answered_with_the_near_one(bundle_folder: Path) -> None:
    with pytest.raises(ModelError, match="did you mean 'bundle'") as refused:
        load_model(bundle_folder.with_name("bundel"))
    assert refused.value.exit_code == 4


def test_an_address_of_no_known_kind_is_answered_with_the_near_one() -> None:
    with pytest.raises(ConfigError, match="did you mean 'models:/'") as refused:
        load_model("model:/weilidai@champion")
    assert refused.value.exit_code == 2


def test_a_registry_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tracking store yet") as refused:
        load_model("models:/weilidai@champion", tracking_uri=f"sqlite:///{tmp_path / 'none.db'}")
    assert refused.value.exit_code == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["models:/weilidai", "models:/weilidai/0", "models:/a/b/c", "runs:/abc"])
def test_an_address_that_is_not_whole_is_told_the_form(address: str, tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    with pytest.raises((ConfigError, StoreError)):
        load_model(address, tracking_uri=f"sqlite:///{tmp_path / 'store.db'}")
