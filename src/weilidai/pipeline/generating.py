"""Making people: as frames in memory, or as files of any size."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.lender import policy as eligibility
from weilidai.matching.policies import COMPOSITE
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.birth import STATEMENT, birth_certificate
from weilidai.pipeline.learning import Lender
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.simulate import THREADS, simulate, simulate_arrow
from weilidai.pipeline.whole import whole_folder
from weilidai.progress import Advance, Progress

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

BLOCKS_IN_A_FILE: Final = 16
"""About 260,000 people: large enough for readers, small enough for memory."""
CERTIFICATE: Final = "birth_certificate.json"
KINDS: Final = ("applicants", "truth")
"""Folders of a population."""


def generate_frames(
    rows: int, seed: int, regime: str, progress: Progress, readings: Mapping[str, str] | None = None,
    policy: str = COMPOSITE,
) -> tuple[pd.DataFrame, pd.DataFrame, Parameters]:
    """Make people in memory.

    Returns
    -------
    applicants, truth, parameters
        One row per person; the truth behind the decisions; the numbers they were made with.
    """
    parameters = numbers_of(regime, readings, policy)
    with progress.stage("making people", rows) as advance:
        applicants, truth = simulate(parameters, rows, seed, progress=_adding_up(advance))
    return applicants, truth, parameters


def generate_files(
    rows: int, seed: int, regime: str, out: Path, progress: Progress, readings: Mapping[str, str] | None = None,
    policy: str = COMPOSITE, scale: ScaleSettings | None = None,
) -> Path:
    """Make people as ``applicants/*.parquet``, ``truth/*.parquet`` and a birth certificate; whole or not at all.

    With ``scale``, workers of a Dask cluster write them; the files are the same to the last byte.

    Raises
    ------
    ResourceError
        The folder exists and is not empty, or cannot be written; or there are no workers to be had.
    """
    parameters = numbers_of(regime, readings, policy)
    with whole_folder(out) as aside:
        if scale is not None and scale.is_dask:
            _write_on_workers(parameters, rows, seed, aside, progress, scale)
        else:
            with progress.stage("making people", rows) as advance:
                write_people(parameters, rows, seed, aside, advance, blocks_in_a_file=BLOCKS_IN_A_FILE)
        settings = {"rows": rows, "seed": seed, "regime": regime, "readings": dict(readings or {}), "policy": policy}
        written = json.dumps(birth_certificate(parameters, settings, seed), indent=2, ensure_ascii=False)
        (aside / CERTIFICATE).write_text(written + "\n", encoding="utf-8")
    return out


def lender_of(parameters: Parameters) -> Lender:
    """Read what is public inside the lender: policy, grades, documented drivers."""
    numbers = parameters.part("lender", LenderParameters)
    return Lender(eligibility(numbers.eligibility), dict(numbers.pricing.grade_rate), load_book().factors)


def write_people(
    parameters: Parameters, rows: int, seed: int, folder: Path, advance: Advance | None = None, *,
    first: int = 0, blocks_in_a_file: int = BLOCKS_IN_A_FILE, threads: int = THREADS,
) -> None:
    """Write the people number ``first`` to ``first + rows - 1`` as numbered files; ``first`` begins a file."""
    writers: list[Any] = []
    try:
        told = _adding_up(advance) if advance else None
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


def _write_on_workers(
    parameters: Parameters, rows: int, seed: int, folder: Path, progress: Progress, scale: ScaleSettings
) -> None:
    from weilidai.pipeline.scale.cluster import open_workers
    from weilidai.pipeline.scale.generating import generate_on_workers  # which writes by the function above

    with open_workers(scale, progress) as workers, progress.stage("making people", rows) as advance:
        generate_on_workers(workers, parameters, rows, seed, folder, advance, blocks_in_a_file=BLOCKS_IN_A_FILE)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _close(writers: list[Any]) -> None:
    for writer in writers:
        writer.close()


def _adding_up(advance: Advance) -> Advance:
    done = 0

    def add(people: int) -> None:
        nonlocal done
        done += people
        advance(done)

    return add
