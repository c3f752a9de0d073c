"""Reading one file of a table: Parquet, CSV or JSON in, whole columns out, within limits."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import FileMetaData

MOST_ROWS: Final = 20_000_000
MOST_COLUMNS: Final = 2_000
MOST_BYTES: Final = 16 * 2**30
"""What a file may take in memory once unpacked."""
_RAGGED: Final = re.compile(r"(?:Row #\d+: )?Expected \d+ columns, got \d+")
_NOT_UTF8: Final = "save the file as UTF-8"


def read_parquet(file: Path, rows: int, *, start: int = 0, stop: int | None = None) -> Iterator[pd.DataFrame]:
    """Read a Parquet file, or its rows ``start`` to ``stop - 1``, in parts of at most ``rows``.

    Only the row groups that hold such rows are unpacked, so that any size fits in memory.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as opened:
        meta = opened.metadata
        unpacked = sum(meta.row_group(place).total_byte_size for place in range(meta.num_row_groups))
        _check_size(file, meta.num_rows, meta.num_columns, unpacked)
        _refuse_twice(opened.schema_arrow.names, file)
        _refuse_nested(opened.schema_arrow, file)
        groups, seen = _groups_between(meta, start, stop)
        for batch in opened.iter_batches(batch_size=rows, row_groups=groups):
            first, last = max(start - seen, 0), (len(batch) if stop is None else min(stop - seen, len(batch)))
            seen += len(batch)
            if first < last:
                wanted = batch.slice(first, last - first)
                _refuse_broken_text(wanted, file)
                yield wanted.to_pandas()


def _groups_between(meta: "FileMetaData", start: int, stop: int | None) -> tuple[list[int], int]:
    """Name the row groups that hold rows ``start`` to ``stop - 1``, and the row that the first of them begins with."""
    ends = list(accumulate(meta.row_group(place).num_rows for place in range(meta.num_row_groups)))
    begins = [0, *ends[:-1]]
    last = ends[-1] if stop is None and ends else (stop or 0)
    held = [place for place, (begin, end) in enumerate(zip(begins, ends, strict=False)) if begin < last and end > start]
    return held, begins[held[0]] if held else 0


def read_csv(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    """Read a CSV file whole, for only then every part has the same types, and hand it out in parts."""
    import pyarrow as pa

    _check_size(file, 0, 0, file.stat().st_size)
    try:
        read = _csv_table(file, use_threads=True)
    except pa.ArrowInvalid:
        read = _csv_table(file, use_threads=False)  # slower, but its message numbers the row
    _check_size(file, read.num_rows, read.num_columns, read.nbytes)
    _refuse_twice(read.column_names, file)
    _refuse_odd_text(read, file)
    yield from _parts(read.to_pandas(), rows)


def read_json(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    """Read a JSON file of one person, or of a list of people as pandas writes its records."""
    _check_size(file, 0, 0, file.stat().st_size)
    try:
        read = json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise DataError(f"is not JSON: {error.msg}", where=f"{file}:{error.lineno}:{error.colno}") from None
    except (UnicodeDecodeError, RecursionError):
        raise DataError("is not JSON in UTF-8", where=str(file)) from None
    people = read if isinstance(read, list) else [read]
    if not all(isinstance(person, dict) for person in people):
        cure = 'write {"column": value, ...} for one person, or a list of these'
        raise DataError("holds something else than people", where=str(file), cure=cure)
    for person in people:
        if nested := [name for name, value in person.items() if isinstance(value, dict | list)]:
            raise DataError("holds no single value", where=f"{file}, column {nested[0]}")
    table = pd.DataFrame(people)
    _check_size(file, len(table), table.shape[1], 0)
    yield from _parts(table, rows)


READERS: Final[Mapping[str, Callable[[Path, int], Iterator[pd.DataFrame]]]] = {
    ".parquet": read_parquet, ".csv": read_csv, ".json": read_json,
}
"""Ending of a file's name -> how it is read."""


def without_values(said: str) -> str:
    """Cut off the row a reader quotes: it may be a person's."""
    found = _RAGGED.search(said)
    return found[0] if found else " ".join(said.split())[:200]


def _csv_table(file: Path, *, use_threads: bool) -> "pa.Table":
    from pyarrow import csv, string

    words = {name: string() for name, column in CATALOGUE.items() if column.kind in ("category", "text")}
    return csv.read_csv(
        file, read_options=csv.ReadOptions(use_threads=use_threads),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=words, strings_can_be_null=True),
    )


def _refuse_odd_text(table: "pa.Table", file: Path) -> None:
    import pyarrow.types as kinds

    for name, column in zip(table.column_names, table.columns, strict=True):
        if kinds.is_binary(column.type):
            raise DataError("is not UTF-8", where=f"{file}, column {name}", cure=_NOT_UTF8)
        # A quote left open swallows the file to its end, silently, as one last value.
        if kinds.is_string(column.type) and len(column) and "\n" in (column[-1].as_py() or ""):
            raise DataError("the last value runs over a line end", where=f"{file}, column {name}",
                            cure="close the quote that was left open")


def _refuse_nested(schema: "pa.Schema", file: Path) -> None:
    import pyarrow.types as kinds

    for field in schema:
        if kinds.is_nested(field.type):
            raise DataError("holds no single value", where=f"{file}, column {field.name}")


def _refuse_broken_text(batch: "pa.RecordBatch", file: Path) -> None:
    """See that text is UTF-8: a Parquet file can say so of any bytes, and nobody looks before they are read."""
    import pyarrow as pa
    import pyarrow.types as kinds

    for field, column in zip(batch.schema, batch.columns, strict=True):
        if kinds.is_string(field.type) or kinds.is_large_string(field.type):
            try:
                column.validate(full=True)
            except pa.ArrowInvalid:
                raise DataError("is not UTF-8", where=f"{file}, column {field.name}", cure=_NOT_UTF8) from None


def _refuse_twice(names: list[str], file: Path) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"columns occur more than once: {', '.join(twice)}", where=str(file), cure="keep one of each")


def _parts(people: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    for start in range(0, len(people), rows):
        yield people.iloc[start : start + rows].reset_index(drop=True)


def _check_size(file: Path, rows: int, columns: int, unpacked: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or unpacked > MOST_BYTES:
        raise DataError(
            f"is too large: {rows} rows, {columns} columns, {unpacked / 2**30:.1f} GiB unpacked", where=str(file),
            cure=f"split it; at most {MOST_ROWS} rows, {MOST_COLUMNS} columns, {MOST_BYTES / 2**30:.0f} GiB",
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            raise DataError("given twice", where=f"column {name}", cure="give every column once")
        read[name] = value
    return read


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a value; leave the key out or write null")
