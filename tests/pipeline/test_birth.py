import shutil
import subprocess
from pathlib import Path

import pytest

from weilidai.pipeline import birth
from weilidai.pipeline.birth import commit_of, commits, digest_of, origin_of, versions
from weilidai.tracking.promotion_log import Origin


def git(folder: Path, *words: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)  # noqa: S607


def test_a_folder_without_history_has_no_known_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == "unknown"


def test_a_changed_checkout_is_marked_dirty(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    clean = commit_of(tmp_path)
    assert len(clean) == 40
    (tmp_path / "a.txt").write_text("y", encoding="utf-8")
    assert commit_of(tmp_path) == f"{clean}-dirty"


@pytest.mark.parametrize("file", ["notes.txt", "configs/mine.yaml", "docs/page.txt", "README.md", "tests/test_it.py"])
def test_files_that_change_no_model_leave_a_checkout_clean(tmp_path: Path, file: str) -> None:
    git(tmp_path, "init")
    for name in ("README.md", "docs/page.txt", "tests/test_it.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("y", encoding="utf-8")
    assert not commit_of(tmp_path).endswith("-dirty")


@pytest.mark.parametrize("file", ["src/weilidai/new.py", "data/facts/D9.yaml"])
def test_a_new_file_that_can_change_a_model_does_not(tmp_path: Path, file: str) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("y", encoding="utf-8")
    assert commit_of(tmp_path).endswith("-dirty")


def test_a_checkout_that_git_cannot_compare_is_not_taken_for_clean(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / ".git" / "index").write_bytes(b"cut")
    assert commit_of(tmp_path).endswith("-dirty")


def test_another_repository_named_in_the_environment_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    for folder in (ours, other):
        folder.mkdir()
        git(folder, "init")
        (folder / "a.txt").write_text(folder.name, encoding="utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "-m", folder.name)
    (ours / "a.txt").write_text("changed", encoding="utf-8")
    known = commit_of(ours)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))  # as git does for the hooks it runs
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert commit_of(ours) == known
    assert known.endswith("-dirty")


def checkout(folder: Path) -> Path:
    """Make a checkout that holds a package and facts, all committed."""
    for name in ("src/weilidai/a.py", "data/facts/D0.yaml", "configs/train.yaml"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(folder.name, encoding="utf-8")
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", folder.name)
    return folder


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the code that runs be that of a checkout."""
    code = checkout(tmp_path / "code")
    monkeypatch.setattr(birth, "package_folder", lambda: code / "src" / "weilidai")
    monkeypatch.setenv("WEILIDAI_HOME", str(code))
    return code


def test_the_commit_is_that_of_the_code_that_runs_and_not_of_another_home(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert commits() == {"commit": commit_of(running)}
    home = checkout(tmp_path / "home")
    monkeypatch.setenv("WEILIDAI_HOME", str(home))
    assert commits() == {"commit": commit_of(running), "data_commit": commit_of(home)}
    assert commit_of(running) != commit_of(home)


def test_facts_and_settings_that_nobody_committed_hold_a_model_back_in_another_home_too(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = checkout(tmp_path / "home")
    monkeypatch.setenv("WEILIDAI_HOME", str(home))
    assert origin_of(commits()) == Origin()
    (home / "configs" / "train.yaml").write_text("changed", encoding="utf-8")
    held = origin_of(commits())
    assert held.is_held_back
    assert held.remark == f"trained from uncommitted changes to {commits()['data_commit'][:12]}"
    assert not origin_of(commits(), allow_dirty=True).is_held_back
    (home / "configs" / "train.yaml").write_text("home", encoding="utf-8")
    (running / "src" / "weilidai" / "a.py").write_text("changed", encoding="utf-8")
    assert origin_of(commits()).is_held_back


def test_a_package_that_was_installed_has_no_commit_though_it_lies_in_a_checkout(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = running / "venv" / "site-packages" / "weilidai"
    installed.mkdir(parents=True)
    (installed / "a.py").write_text("x", encoding="utf-8")
    monkeypatch.setattr(birth, "package_folder", lambda: installed)
    assert commits() == {"commit": "unknown", "data_commit": commit_of(running)}
    assert origin_of(commits()).remark == "of no known commit: trained outside a checkout"


def test_a_folder_beside_what_is_tracked_is_of_no_commit(running: Path) -> None:
    (running / "unpacked").mkdir()
    (running / "unpacked" / "a.txt").write_text("x", encoding="utf-8")
    assert commit_of(running / "unpacked") == "unknown"


def test_without_git_a_checkout_is_of_no_known_commit_and_its_models_are_held_back(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    told = commits()
    assert told["commit"] == "unknown"
    held = origin_of(told)
    assert held.is_held_back
    assert "git could not look at the checkout" in held.remark
    assert not origin_of({**told, "allow_dirty": "yes"}).is_held_back
    shutil.rmtree(running / ".git")
    assert commits() == {"commit": "unknown"}
    assert not origin_of(commits()).is_held_back


def test_the_digest_of_settings_does_not_depend_on_their_order() -> None:
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_what_can_change_a_result_is_listed_with_its_version() -> None:
    assert {"python", "numpy", "lightgbm"} <= set(versions())
