import subprocess
from pathlib import Path

import pytest

from weilidai.pipeline.birth import commit_of, digest_of, versions


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


def test_the_digest_of_settings_does_not_depend_on_their_order() -> None:
    assert digest_of({"a": 1, "b": {"c": 2, "d": 3}}) == digest_of({"b": {"d": 3, "c": 2}, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_what_can_change_a_result_is_listed_with_its_version() -> None:
    assert {"python", "numpy", "lightgbm"} <= set(versions())
