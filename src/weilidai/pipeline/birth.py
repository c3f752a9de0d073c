"""The birth certificate of an artefact: from which code, facts, parameters, settings and seed it came."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from json import dumps
from pathlib import Path
from platform import python_version
from typing import Any, Final

from weilidai.facts import load_book
from weilidai.parameters import Parameters
from weilidai.pipeline.tested_versions import libraries_outside
from weilidai.places import package_folder, project_root
from weilidai.tracking.promotion_log import Origin

OWN_STATEMENT: Final = "learnt from a table of one's own: no simulator, so no truth, no ceiling and no document"
UNKNOWN: Final = "unknown"
DIRTY: Final = "-dirty"
"""End of a commit's name when files that can change a model were changed since."""
ALLOWED: Final = "allow_dirty"
"""Entry of a certificate: whoever trained wanted the model promoted although files were changed."""
UNTOLD: Final = "untold"
"""Entry of a certificate: why nobody can say whether the files of a checkout were changed."""
_HARMLESS: Final = (":(exclude)docs", ":(exclude)tests", ":(exclude)*.md")
"""Tracked files that change no model."""
_ELSEWHERE: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""What git sets for the hooks it runs; with it, it would look at another checkout than the one it is asked about."""
_MAKING: Final = ("src", "data")
"""Folders where a new file can change a model; a settings file of one's own is recorded whole in the run."""
STATEMENT: Final = "synthetic: a simulated lender, neither the bank's model nor its data"
PACKAGES: Final = ("weilidai", "numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "lightgbm", "shap", "mlflow")
"""Packages whose version can change a result."""


def birth_certificate(parameters: Parameters, settings: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Say where an artefact comes from.

    Parameters
    ----------
    parameters
        The simulator's numbers.
    settings
        Our choices, resolved.
    seed
        Seed of the population.

    Returns
    -------
    dict
        Plain JSON-able data: ``statement``, what :func:`commits` tells, ``facts_digest``, ``parameters_digest``,
        ``settings_digest``, ``settings``, ``regime``, ``seed``, ``versions`` and ``created`` (UTC).
    """
    return {
        "statement": STATEMENT,
        **commits(),
        "facts_digest": load_book().digest,
        "parameters_digest": parameters.digest,
        "settings_digest": digest_of(settings),
        "settings": dict(settings),
        "regime": parameters.regime,
        "seed": seed,
        "versions": versions(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def own_birth_certificate(
    settings: Mapping[str, Any], seed: int, digests: Mapping[str, str], table: Mapping[str, Any]
) -> dict[str, Any]:
    """Say where an artefact of a table of one's own comes from.

    Parameters
    ----------
    settings
        Our choices, resolved.
    seed
        Seed of the split by person.
    digests
        ``table_digest`` and ``mapping_digest``.
    table
        What is told of the table.

    Returns
    -------
    dict
        As :func:`birth_certificate`, with ``source`` and ``table`` in place of regime, facts and parameters.
    """
    return {
        "statement": OWN_STATEMENT,
        "source": "table",
        "table": dict(table),
        **commits(),
        **digests,
        "settings_digest": digest_of(settings),
        "settings": dict(settings),
        "seed": seed,
        "versions": versions(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def commits() -> dict[str, str]:
    """Give the commit of the code that runs, and what else is known of where code, facts and settings come from.

    Returns
    -------
    dict
        ``commit`` of the checkout that holds the package, ``unknown`` when it was installed elsewhere. ``data_commit``
        of the folder with facts and settings, when that is another one: it says nothing about the code. ``untold``:
        why nobody can say whether files were changed, when there is a checkout and git does not answer for it.
    """
    code, home = package_folder(), project_root()
    checkout = code.parents[1] if code.parent.name == "src" else code
    told = {"commit": UNKNOWN if _is_beside(code) else commit_of(checkout)}
    if checkout != home:
        told["data_commit"] = commit_of(home)
    if any((place / ".git").exists() and commit_of(place) == UNKNOWN for place in {checkout, home}):
        told[UNTOLD] = "git could not look at the checkout"
    return told


def commit_of(folder: Path) -> str:
    """Give the commit a checkout stands at, with ``-dirty`` when files were changed since; else ``unknown``.

    Only files that can change a model count: pages and tests do not, nor do new files outside ``src`` and ``data``.
    Where git cannot tell, files are taken for changed. A folder of which nothing is tracked is no part of the checkout
    around it.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit or _is_beside(folder):
        return UNKNOWN
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".", *_HARMLESS)
    added = _git(folder, "status", "--porcelain", "--untracked-files=normal", "--", *_MAKING)
    return commit if changed == added == "" else f"{commit}{DIRTY}"


def origin_of(certificate: Mapping[str, Any], *, allow_dirty: bool = False) -> Origin:
    """Say what the promotion log must tell of the code and libraries a model comes from, and what holds it back."""
    bar = libraries_outside(certificate)
    commit, data = (str(certificate.get(name, "")) for name in ("commit", "data_commit"))
    off = [f"uncommitted changes to {one.removesuffix(DIRTY)[:12]}" for one in (commit, data) if one.endswith(DIRTY)]
    off += [f"files nobody can vouch for: {certificate[UNTOLD]}"] if UNTOLD in certificate else []
    if off:
        is_allowed = allow_dirty or bool(certificate.get(ALLOWED))
        return Origin(f"{'allowed although ' if is_allowed else ''}trained from {', '.join(off)}", not is_allowed, bar)
    return Origin("of no known commit: trained outside a checkout" if commit in ("", UNKNOWN) else "", bar=bar)


def digest_of(settings: Mapping[str, Any]) -> str:
    """SHA-256 over settings, whatever the order of their keys."""
    return sha256(dumps(settings, sort_keys=True, default=str).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Give the installed version of everything that can change a result."""
    return {"python": python_version(), **{name: _version(name) for name in PACKAGES}}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return UNKNOWN


def _is_beside(folder: Path) -> bool:
    """Tell whether git answers that it holds nothing of a folder, which is then merely beside what it holds."""
    return _git(folder, "ls-files", "--", ".") == ""


def _git(folder: Path, *arguments: str) -> str | None:
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    try:
        done = subprocess.run(  # noqa: S603  # fixed arguments
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # the user's own git
            capture_output=True, text=True, timeout=20, check=False,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
