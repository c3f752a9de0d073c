"""People from a table of one's own: read whole, held against its mapping, with everything wrong said at once."""

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd

from weilidai.dataset.contract import PROBLEMS_SHOWN, check_table
from weilidai.dataset.own_columns import in_own_words, keys_and_labels, missing_headings
from weilidai.dataset.people_files import find_people
from weilidai.dataset.problems import Problem
from weilidai.dataset.settings import TableLimits
from weilidai.errors import DataError
from weilidai.own_table import OwnTable

_GZIP: Final = ".gz"
_MOST_UNPACKED: Final = 4 * 2**30
_CHUNK: Final = 2**20


@dataclass(frozen=True)
class OwnPeople:
    """A table as a training reads it."""

    people: pd.DataFrame
    digest: str
    """SHA-256 of the file."""


def read_table(file: Path, own: OwnTable, limits: TableLimits) -> OwnPeople:
    """Read a table of one's own and hold it against its mapping.

    Parameters
    ----------
    file
        Parquet or CSV, also CSV packed by gzip; or a folder of Parquet files.
    own
        What its columns mean.
    limits
        When the table is refused.

    Raises
    ------
    DataError
        The file cannot be read, or breaks the mapping; all breaches are listed, no value is shown.
    """
    raw, digest = read_raw(file)
    people, problems = take_in(raw, own, limits)
    fatal = [problem for problem in problems if problem.is_fatal]
    if fatal:
        lines = [str(problem) for problem in fatal[:PROBLEMS_SHOWN]]
        rest = [f"and {len(fatal) - PROBLEMS_SHOWN} more"] if len(fatal) > PROBLEMS_SHOWN else []
        raise DataError(
            f"the table breaks its mapping in {len(fatal)} places\n  " + "\n  ".join([*lines, *rest]),
            where=f"{file}, {len(raw)} rows", cure="mend the table, or say in the mapping what it holds",
        )
    return OwnPeople(people, digest)


def take_in(raw: pd.DataFrame, own: OwnTable, limits: TableLimits) -> tuple[pd.DataFrame, list[Problem]]:
    """Bring a table as it came under the names of its mapping, and list every breach, fatal ones and warnings."""
    problems = list(missing_headings(raw, own))
    labels, wrong = keys_and_labels(raw, own)
    people = pd.concat([labels, in_own_words(raw, own)], axis=1)
    absent = {name for name in own.contract.columns if name not in people}
    for name in absent:
        if own.contract.columns[name].may_be_missing:
            people[name] = float("nan")
    found = check_table(people, own.by_name, "train", limits, own.contract)
    return people, problems + wrong + [one for one in found if one.column not in absent]


def read_raw(file: Path) -> tuple[pd.DataFrame, str]:
    """Read a table as it is, with the digest of its file."""
    with _unpacked(file) as plain:
        found = find_people(plain)
        table = pd.concat(list(found.chunks()))
        digest = sha256()
        for part in found.parts:
            digest.update(part.read_bytes())
    return table, digest.hexdigest()


@contextmanager
def _unpacked(file: Path) -> Iterator[Path]:
    if file.suffix.lower() != _GZIP or not file.is_file():
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="weilidai-") as shelf:
        plain = Path(shelf) / file.stem
        try:
            with gzip.open(file) as packed, plain.open("wb") as out:
                while block := packed.read(_CHUNK):
                    out.write(block)
                    if out.tell() > _MOST_UNPACKED:
                        raise DataError(f"unpacks to more than {_MOST_UNPACKED / 2**30:.0f} GiB", where=str(file))
        except (EOFError, gzip.BadGzipFile, OSError) as error:
            raise DataError(f"cannot be unpacked ({type(error).__name__})", where=str(file)) from error
        yield plain
