"""The lock files answer pyproject.toml, and every package in them is pinned to its hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ASKED = {
    "requirements.lock": [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]],
    "requirements-dev.lock": [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]],
}
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<rest>(?:.*\\\n)+.*)$", re.MULTILINE)


def entries(lock: str) -> dict[str, list[re.Match[str]]]:
    found: dict[str, list[re.Match[str]]] = {}
    for match in ENTRY.finditer((ROOT / lock).read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(match["name"]), []).append(match)
    return found


@pytest.mark.parametrize("lock", ASKED)
def test_every_package_asked_for_is_locked_within_its_range(lock: str) -> None:
    locked = entries(lock)
    for text in ASKED[lock]:
        asked = Requirement(text)
        versions = [match["version"] for match in locked.get(canonicalize_name(asked.name), [])]
        assert versions, f"{asked.name} is not in {lock}; run 'make lock'"
        assert all(asked.specifier.contains(version) for version in versions), f"{asked} against {versions}"


@pytest.mark.parametrize("lock", ASKED)
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
    hashed = [match for matches in entries(lock).values() for match in matches if "--hash=sha256:" in match["rest"]]
    assert len(pinned) == len(hashed) > len(ASKED[lock])


def test_both_locks_agree_on_what_they_share() -> None:
    runtime, dev = entries("requirements.lock"), entries("requirements-dev.lock")
    for name in runtime.keys() & dev.keys():
        assert {m["version"] for m in runtime[name]} == {m["version"] for m in dev[name]}, name


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = [line for line in text.splitlines() if re.match(r'\s+"[a-z-]+>=', line)]
    assert len(asked) > len(PROJECT["project"]["dependencies"])
    assert [line for line in asked if "  # " not in line] == []
