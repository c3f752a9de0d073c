"""From an address to a model that decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from weilidai.errors import ConfigError, ModelError, suggest
from weilidai.inference.decider import Decider
from weilidai.models.bundle import load_bundle
from weilidai.models.manifest import MANIFEST
from weilidai.stores import BUNDLE_IN_MODEL

REGISTRY: Final = "models:/"
RUN: Final = "runs:/"


def load_model(uri: str | Path, *, tracking_uri: str | None = None) -> Decider:
    """Load a model.

    Parameters
    ----------
    uri
        A bundle folder, ``models:/<name>@<alias>``, ``models:/<name>/<version>`` or ``runs:/<run id>/model``.
    tracking_uri
        Store that holds the registry; left out, MLFLOW_TRACKING_URI, else the project's own.

    Raises
    ------
    ModelError
        The bundle is missing, broken, tampered with or of another format (exit code 4).
    StoreError
        The store has no such model, version, alias or run, or does not answer (exit code 5).
    ConfigError
        The address is of no known kind (exit code 2).

    Examples
    --------
    ``load_model("models:/weilidai@champion").decide(people, reasons="zh")``
    """
    with located(uri, tracking_uri=tracking_uri) as (folder, digest):
        return Decider(load_bundle(folder, digest=digest), str(uri))


@contextmanager
def located(uri: str | Path, *, tracking_uri: str | None = None) -> Iterator[tuple[Path, str | None]]:
    """Give the bundle folder behind an address, for the time of the block, and its recorded digest when there is one.

    Raises
    ------
    ModelError, StoreError, ConfigError
        As :func:`load_model`; the bundle itself is not read.
    """
    address = str(uri)
    if address.startswith((REGISTRY, RUN)):
        from weilidai.inference.registered import fetched

        with fetched(address, tracking_uri) as found:
            yield found
        return
    try:
        folder = _folder(address)
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a home nobody has, a NUL
        raise ModelError("no folder can have this name", where=address[:200], cure="check the path") from error
    yield folder, None


def _folder(address: str) -> Path:
    scheme, found, _ = address.partition(":/")
    if found and len(scheme) > 1 and not Path(address).exists():
        known = (REGISTRY, RUN, "a folder")
        raise ConfigError("not the address of a model", where=address, cure=suggest(f"{scheme}:/", known))
    folder = Path(address).expanduser()
    if "\0" in address:
        raise ValueError("no path holds a NUL")
    is_kept_by_mlflow = not (folder / MANIFEST).is_file() and (folder / BUNDLE_IN_MODEL).is_dir()
    return folder / BUNDLE_IN_MODEL if is_kept_by_mlflow else folder
