from pathlib import Path

import pytest

from weilidai.config import load_scale, load_settings
from weilidai.errors import ConfigError
from weilidai.pipeline.scale.settings import ScaleSettings


def test_the_settings_file_of_the_project_turns_dask_on_and_nothing_else(root: Path) -> None:
    file = root / "configs" / "scale" / "dask.yaml"
    assert load_scale(file) == ScaleSettings(engine="dask")
    settings = load_settings(file).settings
    assert settings.model_copy(update={"scale": ScaleSettings()}) == load_settings().settings


def test_without_a_file_this_process_does_the_work() -> None:
    assert not load_scale().is_dask


def test_a_setting_changes_on_the_command_line(root: Path) -> None:
    sets = ["scale.workers=8", "scale.scheduler=tcp://10.0.0.5:8786"]
    found = load_scale(root / "configs" / "scale" / "dask.yaml", sets)
    assert (found.workers, found.scheduler) == (8, "tcp://10.0.0.5:8786")


def test_an_unknown_key_is_refused_with_the_near_name() -> None:
    with pytest.raises(ConfigError, match=r"scale\.worker: unknown key, did you mean 'workers'"):
        load_scale(sets=["scale.worker=8"])


def test_a_change_that_the_command_would_not_mind_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"'data\.rows=5' sets nothing that this command reads"):
        load_scale(sets=["data.rows=5"])


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tls://host.example:1", "tcp://[::1]:8786"])
def test_an_address_of_a_scheduler_is_taken(address: str) -> None:
    assert ScaleSettings(scheduler=address).scheduler == address


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "http://host:8786", "tcp://host", "tcp://", "tcp://a b:1"])
def test_what_is_no_address_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match=r"scale\.scheduler: .*write tcp://HOST:PORT"):
        load_scale(sets=[f"scale.scheduler={address}"])
