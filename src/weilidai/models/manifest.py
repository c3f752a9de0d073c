"""Sealing a folder: a list of digests that is checked before anything in the folder is understood.

A damaged LightGBM text does not raise, it aborts the process; so no byte reaches a parser before its
digest was found right, and what is parsed are the very bytes that were checked.
"""

import json
import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from weilidai.errors import ModelError, ResourceError, suggest

MANIFEST: Final = "manifest.json"
FORMAT: Final = 3
"""Version of the folder's layout; raised when an older reader would misunderstand it."""
OLDEST_FORMAT: Final = 3
"""Format 1 did not seal its manifest; format 2 held nobody to explain against and one interval for all grants."""

_LARGEST_FILE_BYTES: Final = 512 * 2**20
_LARGEST_MANIFEST_BYTES: Final = 2**20
_OPENING: Final = sum(getattr(os, word, 0) for word in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
"""Links are not followed, and a pipe that nobody writes to is not waited for. Not every system has each of them."""
_SEAL: Final = "seal"
"""Key of the manifest that holds the digest of everything else it says."""
_NAME: Final = re.compile(r"[a-z][a-z_]*\.(?:txt|json)")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PICKLES: Final = (".pkl", ".pickle", ".joblib", ".skops", ".cloudpickle", ".dill", ".pt", ".npy")
_MAGIC: Final = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_SAVE_AGAIN: Final = "fetch the bundle again from where it was made, or train again"


def seal(contents: Mapping[str, bytes], folder: Path, notes: Mapping[str, Any]) -> str:
    """Write files and their manifest aside, then give the folder its name: it is there whole or not at all.

    Parameters
    ----------
    contents
        File name -> content.
    folder
        Final place; must not exist.
    notes
        What else the manifest says, plain data.

    Returns
    -------
    str
        SHA-256 of the manifest, which stands for the whole folder.

    Raises
    ------
    ResourceError
        The place is taken, or cannot be written to.
    """
    folder = folder.absolute()
    if os.path.lexists(folder):
        raise ResourceError("there is something already", where=str(folder), cure="name a folder that does not exist")
    manifest = _manifest(contents, notes)
    aside = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.new")
    try:
        aside.mkdir(parents=True)
        for name, content in (*contents.items(), (MANIFEST, manifest)):
            _write(aside / name, content)
        aside.rename(folder)
    except OSError as error:
        raise ResourceError(f"the bundle cannot be written ({error.strerror})", where=str(folder)) from error
    finally:
        _clear(aside)
    return sha256(manifest).hexdigest()


def read_sealed(folder: Path, names: Iterable[str], *, digest: str | None = None) -> dict[str, bytes]:
    """Read a sealed folder whose every file is the one its manifest speaks of.

    Parameters
    ----------
    folder
        The folder.
    names
        Files it must hold beside the manifest, no more and no fewer.
    digest
        SHA-256 of the manifest as recorded elsewhere, when it is.

    Raises
    ------
    ModelError
        Anything is missing, added, changed, or not a plain file.
    """
    wanted = tuple(names)
    _check_entries(folder, {*wanted, MANIFEST})
    raw = _read(folder / MANIFEST, _LARGEST_MANIFEST_BYTES)
    if digest is not None and sha256(raw).hexdigest() != digest:
        raise ModelError(
            "this is not the bundle that was registered: its manifest has another digest",
            where=str(folder), cure=_SAVE_AGAIN,
        )
    listed = _listed(raw, folder / MANIFEST, wanted)
    return {name: _checked(folder / name, listed[name]) for name in wanted}


def names_listed(folder: Path) -> frozenset[str]:
    """Give the files a manifest speaks of, unchecked; none when it cannot be read, which :func:`read_sealed` tells."""
    try:
        manifest = plain_json(_read(folder / MANIFEST, _LARGEST_MANIFEST_BYTES), folder)
    except ModelError:
        return frozenset()
    listed = manifest.get("files") if isinstance(manifest, dict) else None
    return frozenset(listed) if isinstance(listed, dict) else frozenset()


def digest_of(folder: Path) -> str:
    """Give the SHA-256 of a folder's manifest."""
    return sha256(_read(folder / MANIFEST, _LARGEST_MANIFEST_BYTES)).hexdigest()


def plain_json(raw: bytes, place: Path) -> Any:  # noqa: ANN401  # what a file holds is known once it is read
    """Read JSON strictly: UTF-8, every key once, no NaN or infinity."""
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"is not plain JSON ({error})", where=str(place), cure=_SAVE_AGAIN) from error


def dump_json(data: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Write plain data as readable JSON; the same data gives the same bytes."""
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode("utf-8")


def _manifest(contents: Mapping[str, bytes], notes: Mapping[str, Any]) -> bytes:
    files = {name: {"sha256": sha256(content).hexdigest(), "bytes": len(content)} for name, content in contents.items()}
    said = {"format": FORMAT, **notes, "files": files}
    return dump_json({**said, _SEAL: sha256(dump_json(said)).hexdigest()})


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _clear(aside: Path) -> None:
    if aside.is_dir():
        for leftover in aside.iterdir():
            leftover.unlink(missing_ok=True)
        aside.rmdir()


def _check_entries(folder: Path, wanted: set[str]) -> None:
    _refuse_pickle(folder)
    if not folder.is_dir():
        raise ModelError("there is no model bundle", where=str(folder), cure=_near_folder(folder))
    found = {entry.name: entry for entry in os.scandir(folder)}
    for name, entry in sorted(found.items()):
        _refuse_pickle(Path(entry.path))
        if not entry.is_file(follow_symlinks=False):
            raise ModelError("a bundle holds plain files only, no links, folders or devices", where=entry.path)
        if name not in wanted:
            raise ModelError("does not belong to the bundle", where=entry.path, cure="take it out of the folder")
    for name in sorted(wanted - set(found)):
        raise ModelError("is missing from the bundle", where=str(folder / name), cure=_SAVE_AGAIN)


def _refuse_pickle(path: Path) -> None:
    is_pickle = path.suffix.lower() in _PICKLES
    if not is_pickle and path.is_file() and not path.is_symlink():
        with path.open("rb") as file:
            is_pickle = file.read(2) in _MAGIC
    if is_pickle:
        raise ModelError(
            "pickles and their like are never opened: reading one runs whatever code it carries",
            where=str(path), cure="use a bundle folder or models:/<name>@<alias>",
        )


def _near_folder(folder: Path) -> str:
    parent = folder.absolute().parent
    known = [entry.name for entry in parent.iterdir() if (entry / MANIFEST).is_file()] if parent.is_dir() else []
    return suggest(folder.name, known) if known else "make one with `weilidai train`"


def _read(path: Path, largest: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | _OPENING)
        with open(handle, "rb") as file:  # noqa: PTH123  (the handle was opened without following links)
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode) or found.st_size > largest:
                raise ModelError(f"is not a plain file of at most {largest} bytes", where=str(path))
            return file.read()
    except OSError as error:
        raise ModelError(f"cannot be read ({error.strerror})", where=str(path), cure=_SAVE_AGAIN) from error


def _listed(raw: bytes, place: Path, wanted: Iterable[str]) -> dict[str, Any]:
    manifest = plain_json(raw, place)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError("is not the manifest of a bundle", where=str(place), cure=_SAVE_AGAIN)
    _check_format(manifest.get("format"), place)
    _check_seal(manifest, raw, place)
    listed: dict[str, Any] = manifest["files"]
    odd = [name for name in listed if not _NAME.fullmatch(name)]
    if odd:
        raise ModelError("lists a name that leads out of the folder or is no text file", where=str(place))
    if set(listed) != set(wanted):
        raise ModelError("lists other files than a bundle has", where=str(place), cure=_SAVE_AGAIN)
    for name, entry in listed.items():
        if not isinstance(entry, dict) or not _DIGEST.fullmatch(str(entry.get("sha256"))):
            raise ModelError(f"has no digest for {name}", where=str(place), cure=_SAVE_AGAIN)
    return listed


def _check_format(found: object, place: Path) -> None:
    if type(found) is not int or not OLDEST_FORMAT <= found <= FORMAT:
        raise ModelError(
            f"the bundle has format {found!r}, this version reads {OLDEST_FORMAT} to {FORMAT}",
            where=str(place), cure="install the version of weilidai that made it, or train again",
        )


def _check_seal(manifest: Mapping[str, Any], raw: bytes, place: Path) -> None:
    said = {name: value for name, value in manifest.items() if name != _SEAL}
    # Only one spelling is right, so that not even a cut last line end goes unnoticed.
    if manifest.get(_SEAL) != sha256(dump_json(said)).hexdigest() or dump_json(manifest) != raw:
        raise ModelError("was changed or cut since it was saved: its seal differs", where=str(place), cure=_SAVE_AGAIN)


def _checked(path: Path, listed: Mapping[str, Any]) -> bytes:
    content = _read(path, _LARGEST_FILE_BYTES)
    if len(content) != listed.get("bytes") or sha256(content).hexdigest() != listed["sha256"]:
        raise ModelError("was changed or cut since it was saved: its digest differs", where=str(path), cure=_SAVE_AGAIN)
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key occurs twice")
    return read


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number")
