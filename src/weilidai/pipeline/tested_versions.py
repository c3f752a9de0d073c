"""The ranges of library versions that the tests were run with, and what lies outside them."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, Final

from packaging.requirements import Requirement

NOT_INSTALLED: Final = "0"
RANGES_UNKNOWN: Final = "weilidai itself, which is not installed, so that its ranges are unknown"


def untested(made_with: Mapping[str, str] | None = None) -> list[str]:
    """List the packages whose version is outside its tested range, each with range and version.

    Parameters
    ----------
    made_with
        Package -> version, as a birth certificate has it; packages it does not name are not looked at.
        Left out, what is installed.
    """
    try:
        asked = [need for need in map(Requirement, requires("weilidai") or []) if need.marker is None]
    except PackageNotFoundError:
        return [RANGES_UNKNOWN] if made_with is None else []
    found = {need.name: _installed(need.name) if made_with is None else made_with.get(need.name) for need in asked}
    return [
        f"{need}, {number}" for need in asked
        if (number := found[need.name]) is not None and not need.specifier.contains(number)
    ]


def libraries_outside(certificate: Mapping[str, Any]) -> str:
    """Say which libraries, here or where a model was made, are outside the tested range; empty when none is."""
    for whose, off in (("here", untested()), ("where it was made", untested(certificate.get("versions", {})))):
        if off:
            return f"libraries {whose} are outside the tested range: {'; '.join(off)}"
    return ""


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return NOT_INSTALLED
