"""What decides a learnt model: people, inputs, policy, settings, code, library versions, all in one digest.

The key holds the digest of the people's content and not those of the facts, parameters and seed they were made
with: whatever changes a value in the table changes the key, whatever leaves the table as it is does not, and a table
of one's own is treated alike. Of the code it holds the modules that the stage can import, however late: a changed
report page does not throw a model away, a changed line of the growing does.
"""

import time
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from json import dumps
from pathlib import Path
from platform import machine
from typing import Any, Final

from weilidai.inference.travelling import PACKAGE, files_reached
from weilidai.pipeline.birth import versions

_DECIDE: Final = ("python", "numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "lightgbm")
"""Libraries of whose version the bytes of a model can depend."""
_BEGUN: Final = time.time()


def stage_key(stage: str, root: str, people: Sequence[str], choices: Mapping[str, Any]) -> str:
    """Give the digest of everything that decides a stage's result.

    Parameters
    ----------
    stage
        Name of the stage.
    root
        Module that holds it, with dots.
    people
        Digests of the tables it reads.
    choices
        What else it is given, plain data.
    """
    decided = {
        "stage": stage, "people": list(people), "choices": dict(choices), "code": code_digest(root),
        "versions": {name: number for name, number in versions().items() if name in _DECIDE}, "machine": machine(),
    }
    return sha256(dumps(decided, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def code_digest(root: str) -> str:
    """SHA-256 over every file of the package that a module can lead to."""
    whole = sha256()
    for file in files_reached(root):
        content = file.read_bytes()
        whole.update(f"{file.relative_to(PACKAGE).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def is_code_as_imported(root: str) -> bool:
    """Tell whether the files of a stage are still those this process may have imported, so that its digest is theirs.

    Somebody who edits while a training or a notebook runs has the old code in memory and the new one on the disk.
    """
    try:
        found = [file.stat() for file in _files(root)]
    except OSError:
        return False
    return all(max(one.st_mtime, one.st_ctime) < _BEGUN for one in found)


@cache
def _files(root: str) -> tuple[Path, ...]:
    return files_reached(root)
