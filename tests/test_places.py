"""Finding the project on this machine."""

from pathlib import Path

import pytest

from weilidai import places
from weilidai.errors import ConfigError
from weilidai.places import HOME_VARIABLE, configs_dir, data_dir, project_root


def made_root(folder: Path) -> Path:
    (folder / "data" / "facts").mkdir(parents=True)
    return folder.resolve()


@pytest.fixture
def installed_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the package look installed from a place that is no checkout."""
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.setattr(places, "_checkout", lambda: tmp_path / "site-packages")


def test_the_checkout_is_found_from_any_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert project_root() == root
    assert (data_dir(), configs_dir()) == (root / "data", root / "configs")


def test_the_environment_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = made_root(tmp_path / "home")
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    assert project_root() == home


def test_an_empty_variable_counts_as_unset(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, " ")
    assert project_root() == root


def test_a_variable_that_leads_nowhere_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_root(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "typo"))
    with pytest.raises(ConfigError, match="names a folder without data/facts"):
        project_root()


@pytest.mark.usefixtures("installed_elsewhere")
def test_without_a_checkout_the_current_folder_or_a_parent_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = made_root(tmp_path / "home")
    deep = home / "notebooks" / "more"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project_root() == home


@pytest.mark.usefixtures("installed_elsewhere")
def test_nowhere_at_all_is_an_error_with_a_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=HOME_VARIABLE):
        data_dir()
