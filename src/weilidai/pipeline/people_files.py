"""People in files: tables read in chunks, whatever their size."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.errors import DataError, suggest

CHUNK_ROWS: Final = 50_000
KINDS: Final = (".parquet", ".csv")
_TEXT_KINDS: Final = ("category", "text")


@dataclass(frozen=True)
class PeopleFile:
    """A table of people in one file, or in a folder of Parquet files as ``weilidai generate`` writes it."""

    parts: tuple[Path, ...]

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Read the table piece by piece; the index counts people from 0 through all pieces.

        Raises
        ------
        DataError
            A file is broken, is not what its name says, or changes while it is read.
        """
        seen = 0
        for part in self.parts:
            with _reading(part):
                for chunk in _csv_chunks(part, rows) if part.suffix.lower() == ".csv" else _parquet_chunks(part, rows):
                    if chunk.empty:  # a heading without rows
                        continue
                    chunk.index = pd.RangeIndex(seen, seen + len(chunk))
                    seen += len(chunk)
                    yield chunk
        if not seen:
            raise DataError("the table has no rows", where=str(self.parts[0]))

    def row_count(self) -> int | None:
        """Count people where the files say so themselves; None for text, which does not."""
        from pyarrow.parquet import read_metadata

        if any(part.suffix.lower() != ".parquet" for part in self.parts):
            return None
        with _reading(self.parts[0]):
            return sum(int(read_metadata(part).num_rows) for part in self.parts)


def find_people(place: Path) -> PeopleFile:
    """Find the table of people behind a path: a file, or a folder of Parquet files.

    Raises
    ------
    DataError
        There is nothing, or nothing that can be read as people.
    """
    if place.is_dir():
        folder = place / "applicants" if (place / "applicants").is_dir() else place
        parts = tuple(sorted(folder.glob("*.parquet")))
        if not parts:
            raise DataError("the folder holds no Parquet files", where=str(place), cure="name a .parquet or .csv file")
        return PeopleFile(parts)
    if not place.exists():
        raise DataError("there is no such file", where=str(place), cure=_near_file(place))
    if place.suffix.lower() not in KINDS:
        raise DataError(f"a file of kind '{place.suffix}' is not read", where=str(place), cure="give .parquet or .csv")
    return PeopleFile((place,))


def _near_file(place: Path) -> str:
    beside = [file.name for file in place.parent.glob("*") if file.suffix in KINDS]
    return suggest(place.name, beside) if beside else "check the path"


def _parquet_chunks(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as opened:
        for batch in opened.iter_batches(batch_size=rows):
            yield batch.to_pandas()


def _csv_chunks(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    _refuse_twice(pd.read_csv(file, header=None, nrows=1, dtype=str, encoding="utf-8-sig").iloc[0].tolist(), file)
    words = {name: str for name, column in CATALOGUE.items() if column.kind in _TEXT_KINDS}
    with pd.read_csv(file, chunksize=rows, dtype=words, encoding="utf-8-sig", low_memory=False) as reader:
        yield from reader


def _refuse_twice(names: list[str], file: Path) -> None:
    # pandas would quietly call the second one by another name.
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"columns occur more than once: {', '.join(twice)}", where=str(file), cure="keep one of each")


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Turn what the readers raise into one message, and notice a file that changes while it is read."""
    before = file.stat()
    try:
        yield
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 at byte {error.start}"
        raise DataError(what, where=str(file), cure="save the file as UTF-8") from error
    except (ValueError, OSError) as error:  # pyarrow's and pandas' own errors are kinds of these two
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        what = f"cannot be read as {file.suffix.removeprefix('.')}: {said[:200]}"
        raise DataError(what, where=str(file), cure="write the file again") from error
    after = file.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DataError("changed while it was being read", where=str(file), cure="run again when nobody writes to it")
