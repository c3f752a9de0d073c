"""A model that was learnt stays in hand, whatever becomes of its run and its store."""

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from weilidai.errors import ResourceError, StoreError, WeilidaiError
from weilidai.pipeline.whole import whole_folder


@contextmanager
def in_hand(bundle: Path, export: Path | None) -> Iterator[None]:
    """Keep a run and its model in the block, and leave the model where it is wanted, also when the block fails.

    Parameters
    ----------
    bundle
        A saved bundle among the temporary files.
    export
        Folder it is wanted in; when it is wanted nowhere, or cannot be left there, and the block fails, it is left
        among the temporary files.

    Raises
    ------
    StoreError, ResourceError
        What the block failed with, and where the model is.
    """
    try:
        yield
    except (StoreError, ResourceError, OSError, MemoryError) as error:
        raise _with_place(error, _left(bundle, export)) from error
    except BaseException as error:
        if export:
            error.add_note(f"its model is whole all the same, in {_left(bundle, export)}")
        raise
    if export:
        _export(bundle, export)


def _export(bundle: Path, export: Path) -> None:
    with whole_folder(export) as aside:  # only what is written here may be told as its fault
        shutil.copytree(bundle, aside, dirs_exist_ok=True)


def _left(bundle: Path, export: Path | None) -> Path:
    if export:
        try:
            _export(bundle, export)
        except (WeilidaiError, OSError):
            pass
        else:
            return export
    # Renamed, for a disk that takes nothing more has it already; closed to others, as what is temporary is.
    bundle.chmod(stat.S_IRWXU)
    return bundle.rename(Path(tempfile.gettempdir()) / f"weilidai-model-{uuid4().hex[:8]}")


def _with_place(error: StoreError | ResourceError | OSError | MemoryError, place: Path) -> WeilidaiError:
    told = "its model is whole all the same"
    cure = f"the model is in {place}; `weilidai predict --model {place}` takes it from there"
    if isinstance(error, MemoryError):
        return ResourceError(f"the run cannot be kept (memory ran out); {told}", cure=cure)
    if isinstance(error, OSError):
        what = error.strerror or type(error).__name__
        return ResourceError(f"the run cannot be kept ({what}); {told}", where=str(error.filename or ""), cure=cure)
    cures = "\n  ".join(filter(None, (error.cure, cure)))
    return type(error)(f"{error.what}; {told}", where=error.where, cure=cures)
