"""The ranges of library versions that the tests were run with, and what lies outside them."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Final

from packaging.requirements import Requirement

NOT_INSTALLED: Final = "0"


def untested(made_with: Mapping[str, str] | None = None) -> list[str]:
    """List the packages whose version is outside its tested range, each with range and version.

    Parameters
    ----------
    made_with
        Package -> version, as a birth certificate has it; packages it does not name are not looked at.
        Left out, what is installed.
    """
    asked = [need for need in map(Requirement, requires("weilidai") or []) if need.marker is None]
    found = {need.name: _installed(need.name) if made_with is None else made_with.get(need.name) for need in asked}
    return [
        f"{need}, {number}" for need in asked
        if (number := found[need.name]) is not None and not need.specifier.contains(number)
    ]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return NOT_INSTALLED
