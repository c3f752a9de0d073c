"""Where learnt models are kept."""

from pathlib import Path

import pytest

from weilidai.cache.settings import CacheSettings
from weilidai.places import data_dir


def test_the_folder_is_as_set_else_by_environment_else_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEILIDAI_CACHE", str(tmp_path / "named"))
    assert CacheSettings(folder=str(tmp_path / "set")).place == tmp_path / "set"
    assert CacheSettings().place == tmp_path / "named"
    monkeypatch.delenv("WEILIDAI_CACHE")
    assert CacheSettings().place == data_dir() / "cache"


def test_the_size_is_told_in_bytes() -> None:
    assert CacheSettings(most_gib=0.5).most_bytes == 512 * 2**20
