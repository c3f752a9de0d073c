"""Reading people from files: Parquet, CSV or JSON in, one honest table out, or one clear refusal."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.errors import ConfigError, DataError, suggest

if TYPE_CHECKING:
    import pyarrow as pa

READERS: Final = (".parquet", ".csv", ".json")
MOST_ROWS: Final = 20_000_000
MOST_COLUMNS: Final = 2_000
MOST_BYTES: Final = 16 * 2**30
"""What a file may take in memory once unpacked."""
ROWS_AT_A_TIME: Final = 200_000
_RAGGED: Final = re.compile(r"(?:Row #\d+: )?Expected \d+ columns, got \d+")


def read_people(path: Path) -> pd.DataFrame:
    """Read a whole table of people.

    Parameters
    ----------
    path
        A ``.parquet`` or ``.csv`` file, a ``.json`` file with one person or a list of them, or a folder of
        ``.parquet`` files, which are read in the order of their names.

    Raises
    ------
    ConfigError
        There is no such file, or its kind is not known.
    DataError
        It cannot be read as a table, is larger than the limits, or changes while it is read.
    """
    parts = list(read_in_parts(path, rows=MOST_ROWS))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def read_in_parts(path: Path, rows: int = ROWS_AT_A_TIME) -> Iterator[pd.DataFrame]:
    """Read a table of people in parts of at most ``rows``, so that Parquet of any size fits in memory.

    Raises
    ------
    ConfigError, DataError
        As for :func:`read_people`; the latter perhaps only after some parts.
    """
    for file in _files(path):
        with _unchanged(file):
            yield from _READ[file.suffix.lower()](file, rows)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(path.glob("*.parquet"))
        if not inside:
            raise ConfigError("the folder holds no .parquet file", where=str(path), cure="name a file of people")
        return inside
    if not path.is_file():
        raise ConfigError("there is no such file", where=str(path), cure=_near(path))
    if path.suffix.lower() not in READERS:
        kinds = ", ".join(READERS)
        raise ConfigError(f"a table cannot be read from '{path.suffix}'", where=str(path), cure=f"use {kinds}")
    return [path]


@contextmanager
def _unchanged(file: Path) -> Iterator[None]:
    """Refuse a file that is written to while it is read, and turn what a reader raises into one sentence."""
    import pyarrow as pa

    before = _stamp(file)
    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        raise DataError(f"cannot be read as a table ({_without_values(said)})", where=str(file)) from error
    if _stamp(file) != before:
        raise DataError("was changed while it was read", where=str(file), cure="run again when it is finished")


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _parquet(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as opened:
        meta = opened.metadata
        unpacked = sum(meta.row_group(place).total_byte_size for place in range(meta.num_row_groups))
        _check_size(file, meta.num_rows, meta.num_columns, unpacked)
        if not meta.num_rows:
            yield opened.read().to_pandas()
        for batch in opened.iter_batches(batch_size=min(rows, max(meta.num_rows, 1))):
            yield batch.to_pandas()


def _csv(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    import pyarrow as pa

    _check_size(file, 0, 0, file.stat().st_size)
    try:
        read = _csv_table(file, use_threads=True)
    except pa.ArrowInvalid:
        read = _csv_table(file, use_threads=False)  # slower, but its message numbers the row
    _check_size(file, read.num_rows, read.num_columns, read.nbytes)
    yield from _parts(read.to_pandas(), rows)


def _csv_table(file: Path, *, use_threads: bool) -> "pa.Table":
    from pyarrow import csv, string

    words = {name: string() for name, column in CATALOGUE.items() if column.kind in ("category", "text")}
    return csv.read_csv(
        file, read_options=csv.ReadOptions(use_threads=use_threads),
        convert_options=csv.ConvertOptions(column_types=words, strings_can_be_null=True),
    )


def _json(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    _check_size(file, 0, 0, file.stat().st_size)
    read = json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    people = read if isinstance(read, list) else [read]
    if not all(isinstance(person, dict) for person in people):
        form = "write {column: value, ...} for each person"
        raise DataError("holds something else than people", where=str(file), cure=form)
    yield from _parts(pd.DataFrame(people), rows)


_READ: Final = {".parquet": _parquet, ".csv": _csv, ".json": _json}


def _parts(people: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    for start in range(0, max(len(people), 1), rows):
        yield people.iloc[start : start + rows].reset_index(drop=True)


def _check_size(file: Path, rows: int, columns: int, unpacked: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or unpacked > MOST_BYTES:
        raise DataError(
            f"is too large: {rows} rows, {columns} columns, {unpacked / 2**30:.1f} GiB unpacked", where=str(file),
            cure=f"split it; at most {MOST_ROWS} rows, {MOST_COLUMNS} columns, {MOST_BYTES / 2**30:.0f} GiB",
        )


def _near(path: Path) -> str:
    parent = path.absolute().parent
    if not parent.is_dir():
        return "its folder does not exist either"
    known = [entry.name for entry in parent.iterdir() if entry.suffix.lower() in READERS]
    return suggest(path.name, known) if known else "its folder holds no table"


def _without_values(said: str) -> str:
    """Cut off the row a reader quotes: it may be a person's."""
    found = _RAGGED.search(said)
    return found[0] if found else said


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key occurs twice")
    return read


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a value; leave the key out or write null")
