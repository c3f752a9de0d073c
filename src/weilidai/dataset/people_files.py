"""People in files: the one way in, for a table of any size and for a single person."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from weilidai.dataset.table_readers import READERS, read_parquet, without_values
from weilidai.errors import DataError, suggest

CHUNK_ROWS: Final = 50_000
MOST_PERSON_BYTES: Final = 1_000_000
MANY_CURE: Final = "give one person, or say which of a table's: --id PERSON_ID; for many use weilidai predict"
_KINDS: Final = ", ".join(READERS)


@dataclass(frozen=True)
class PeopleFile:
    """A table of people in one file, or in a folder of Parquet files as ``weilidai generate`` writes it."""

    parts: tuple[Path, ...]

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Read the table piece by piece; the index counts people from 0 through all pieces.

        Raises
        ------
        DataError
            A file is broken, too large, not what its name says, or changes while it is read.
        """
        seen = 0
        for part in self.parts:
            with _reading(part):
                for chunk in READERS[part.suffix.lower()](part, rows):
                    chunk.index = pd.RangeIndex(seen, seen + len(chunk))
                    seen += len(chunk)
                    yield chunk
        if not seen:
            raise DataError("the table has no rows", where=str(self.parts[0]))

    def pieces(self, people: int) -> tuple["Piece", ...]:
        """Cut the table into pieces of at most so many people, none across two files.

        Raises
        ------
        DataError
            The table is text, which cannot be read from the middle, or has no rows.
        """
        from pyarrow.parquet import read_metadata

        found: list[Piece] = []
        seen = 0
        for part in self.parts:
            if part.suffix.lower() != ".parquet":
                raise DataError("only Parquet can be read piece by piece", where=str(part),
                                cure="write the table as Parquet, or leave --scale out")
            with _reading(part):
                rows = int(read_metadata(part).num_rows)
            found += [Piece(part, at, min(at + people, rows), seen + at) for at in range(0, rows, people)]
            seen += rows
        if not found:
            raise DataError("the table has no rows", where=str(self.parts[0]))
        return tuple(found)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notice, when the block ends, that a file changed meanwhile."""
        with ExitStack() as all_parts:
            for part in self.parts:
                all_parts.enter_context(_unchanged(part))
            yield

    def row_count(self) -> int | None:
        """Count people where the files say so themselves; None for text, which does not."""
        from pyarrow.parquet import read_metadata

        if any(part.suffix.lower() != ".parquet" for part in self.parts):
            return None
        with _reading(self.parts[0]):
            return sum(int(read_metadata(part).num_rows) for part in self.parts)


@dataclass(frozen=True)
class Piece:
    """Some rows of one Parquet file: ``start`` to ``stop - 1``, the first of them number ``before`` of the table."""

    file: Path
    start: int
    stop: int
    before: int

    def __len__(self) -> int:
        return self.stop - self.start

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
        """Read the piece in parts; the index counts people through the whole table.

        Raises
        ------
        DataError
            As :meth:`PeopleFile.chunks`.
        """
        seen = self.before
        with _reading(self.file):
            for chunk in read_parquet(self.file, rows, start=self.start, stop=self.stop):
                chunk.index = pd.RangeIndex(seen, seen + len(chunk))
                seen += len(chunk)
                yield chunk


def find_people(place: Path) -> PeopleFile:
    """Find the table of people behind a path: a Parquet, CSV or JSON file, or a folder of Parquet files.

    Raises
    ------
    DataError
        There is nothing, or nothing that can be read as people.
    """
    if place.is_dir():
        folder = place / "applicants" if (place / "applicants").is_dir() else place
        parts = tuple(sorted(folder.glob("*.parquet")))
        if not parts:
            raise DataError("the folder holds no Parquet files", where=str(place), cure=f"name a file: {_KINDS}")
        return PeopleFile(parts)
    if not place.exists():
        raise DataError("there is no such file", where=str(place), cure=_near_file(place))
    if place.suffix.lower() not in READERS:
        raise DataError(f"a file of kind '{place.suffix}' is not read", where=str(place), cure=f"give one of {_KINDS}")
    return PeopleFile((place,))


def read_person(file: Path) -> pd.DataFrame:
    """Read one person: a JSON object or a list of one, or a table of one row.

    Returns
    -------
    DataFrame
        One row; the columns are those of the file, not yet checked against a model.

    Raises
    ------
    DataError
        The file is missing, too large, of another kind, damaged, or holds anything but one person.
    """
    if file.is_dir():
        raise DataError("holds many people", where=str(file), cure="say which one: --id PERSON_ID")
    found = find_people(file)
    if file.stat().st_size > MOST_PERSON_BYTES:
        what = f"larger than {MOST_PERSON_BYTES:,} bytes, too large for one person"
        raise DataError(what, where=str(file), cure=MANY_CURE)
    people = pd.concat(list(found.chunks()))
    if len(people) != 1:
        raise DataError(f"holds {len(people)} people", where=str(file), cure=MANY_CURE)
    return people


def _near_file(place: Path) -> str:
    beside = [file.name for file in place.parent.glob("*") if file.suffix.lower() in READERS]
    return suggest(place.name, beside) if beside else "check the path"


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Turn what the readers raise into one message, and notice a file that changes while it is read."""
    import pyarrow as pa

    try:
        with _unchanged(file):
            yield
    except MemoryError:  # one of pyarrow's own too, and no fault of the file
        raise
    except UnicodeDecodeError as error:
        raise DataError("is not UTF-8", where=str(file), cure="save the file as UTF-8") from error
    except (ValueError, OSError, pa.ArrowException) as error:
        said = without_values(str(error)) or type(error).__name__
        what = f"cannot be read as {file.suffix.lower().removeprefix('.')}: {said}"
        raise DataError(what, where=str(file), cure="write the file again") from error


@contextmanager
def _unchanged(file: Path) -> Iterator[None]:
    before = _stamp(file)
    yield
    if _stamp(file) != before:
        raise DataError("changed while it was being read", where=str(file), cure="run again when nobody writes to it")


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
