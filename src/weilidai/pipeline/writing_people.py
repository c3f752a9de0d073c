"""People as numbered Parquet files, in this process or as a piece of the work of many."""

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.birth import STATEMENT
from weilidai.pipeline.simulate import THREADS, simulate_arrow
from weilidai.progress import Advance

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

BLOCKS_IN_A_FILE: Final = 16
"""About 260,000 people: large enough for readers, small enough for memory."""
KINDS: Final = ("applicants", "truth")
"""Folders of a population."""


def write_people(
    parameters: Parameters, rows: int, seed: int, folder: Path, advance: Advance | None = None, *,
    first: int = 0, blocks_in_a_file: int = BLOCKS_IN_A_FILE, threads: int = THREADS,
) -> None:
    """Write the people number ``first`` to ``first + rows - 1`` as numbered files; ``first`` begins a file."""
    writers: list[Any] = []
    try:
        told = adding_up(advance) if advance else None
        blocks = simulate_arrow(parameters, rows, seed, first=first, progress=told, threads=threads)
        for number, tables in zip(count(first // BLOCK), blocks, strict=False):
            if number % blocks_in_a_file == 0:
                _close(writers)
                name = f"part-{number // blocks_in_a_file:05d}.parquet"
                places = [_made(folder / kind) / name for kind in KINDS]
                writers = [_writer(place, table.schema) for place, table in zip(places, tables, strict=True)]
            for writer, table in zip(writers, tables, strict=True):
                writer.write_table(table)
    finally:
        _close(writers)


def _writer(file: Path, schema: "pa.Schema") -> "ParquetWriter":
    """Open a file: dictionaries for words only, as numbers hardly repeat, and no ranges but of the person number."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    # without the Arrow schema readers find text where a dictionary was written, as in any other file
    writer = ParquetWriter(
        file, schema, use_dictionary=words, write_statistics=["person_id"], store_schema=False
    )
    writer.add_key_value_metadata({"statement": STATEMENT})
    return writer


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _close(writers: list[Any]) -> None:
    for writer in writers:
        writer.close()


def adding_up(advance: Advance) -> Advance:
    """Turn how many more into how many by now."""
    done = 0

    def add(people: int) -> None:
        nonlocal done
        done += people
        advance(done)

    return add
