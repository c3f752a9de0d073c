"""Where the project's data, configs and models live on this machine."""

import os
from pathlib import Path
from typing import Final

from weilidai.errors import ConfigError

HOME_VARIABLE: Final = "WEILIDAI_HOME"
_CURE: Final = (
    f"run the command inside a checkout of the project, or set {HOME_VARIABLE} to the folder that holds data/facts"
)


def project_root() -> Path:
    """Find the project folder: the one that holds ``data/facts``.

    Asked in this order: the environment variable ``WEILIDAI_HOME``, the checkout the package is installed
    from, the current folder and its parents.

    Returns
    -------
    Path
        An absolute folder.

    Raises
    ------
    ConfigError
        When ``WEILIDAI_HOME`` names a folder without ``data/facts``, or no place has one.
    """
    named = os.environ.get(HOME_VARIABLE, "").strip()
    if named:
        return _checked(as_typed(named).resolve())
    here = Path.cwd()
    for place in (_checkout(), here, *here.parents):
        if _is_root(place):
            return place
    raise ConfigError("no folder with data/facts was found", where=str(here), cure=_CURE)


def data_dir() -> Path:
    """Folder of facts, matched parameters and generated tables."""
    return project_root() / "data"


def configs_dir() -> Path:
    """Folder of the settings files."""
    return project_root() / "configs"


def package_folder() -> Path:
    """Folder of the code that runs, wherever it was installed."""
    return Path(__file__).resolve().parent


def as_typed(path: str) -> Path:
    """Take a path as a shell does: ``~`` is a home; of somebody nobody knows it stays a character of a name."""
    typed = Path(path)
    try:
        return typed.expanduser()
    except RuntimeError:
        return typed


def _checkout() -> Path:
    return Path(__file__).resolve().parents[2]


def _is_root(place: Path) -> bool:
    return (place / "data" / "facts").is_dir()


def _checked(place: Path) -> Path:
    if not _is_root(place):
        raise ConfigError(f"{HOME_VARIABLE} names a folder without data/facts", where=str(place), cure=_CURE)
    return place
