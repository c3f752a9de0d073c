"""What the project's files must say, and what they must not."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THIS = Path(__file__).resolve()
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".lock", ".ipynb", ".cfg", ".txt", ".json", "", ".ini", ".html"}
MACHINE_PATH = re.compile(r"(?<![\w.:/}])/(?:root|home|Users|work|opt|mnt|private|tmp)/\w")
INDEX_HOST = re.compile(r"index-url|find-links|py[p]i\.|python[h]osted|simple/\b|mirrors?\.", re.IGNORECASE)
MADE = re.compile(r"\..*|mlflow\.db.*|mlartifacts|mlruns|generated|build|dist|__pycache__")
"""What git would ignore."""
LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|WIP)\b")


def project_files() -> list[Path]:
    """Give the files that belong to the project: what git would commit, or everything when there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607  # git of this machine
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if listed.returncode:
        found = [f for f in ROOT.rglob("*") if not any(MADE.fullmatch(part) for part in f.relative_to(ROOT).parts)]
    else:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    return sorted(file for file in found if file.is_file() and file.suffix in TEXT and file != THIS)


FILES = project_files()


def lines_with(pattern: re.Pattern[str], file: Path) -> list[str]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [f"{file.relative_to(ROOT)}:{number}: {line[:120]}" for number, line in lines if pattern.search(line)]


@pytest.mark.parametrize("pattern", [MACHINE_PATH, LEFT_OVER], ids=["path of one machine", "note to self"])
def test_no_file_of_the_project_holds_a(pattern: re.Pattern[str]) -> None:
    assert [line for file in FILES for line in lines_with(pattern, file)] == []


def test_no_file_names_a_package_index() -> None:
    assert [line for file in FILES if file.name != "Makefile" for line in lines_with(INDEX_HOST, file)] == []


def test_the_makefile_names_no_index() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not re.search(r"index-url[ =]|https?://", text.replace("--no-emit-index-url", ""))


def test_notebooks_are_kept_without_outputs() -> None:
    kept = [file for file in FILES if file.suffix == ".ipynb"]
    assert [file for file in kept if '"output_type"' in file.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("name", ["README.md", "models/README.md"])
def test_a_reader_learns_at_once_that_all_of_it_is_synthetic(name: str) -> None:
    first_screen = (ROOT / name).read_text(encoding="utf-8").splitlines()[:25]
    assert "synthetic" in " ".join(first_screen)


def test_the_layout_is_the_promised_one() -> None:
    promised = ["pyproject.toml", "src", "configs", "data", "models", "notebooks", "tests", "README.md", "Makefile",
                "requirements.lock", "LICENSE", "CHANGELOG.md", ".ci/run", "docs"]
    assert [name for name in promised if not (ROOT / name).exists()] == []
