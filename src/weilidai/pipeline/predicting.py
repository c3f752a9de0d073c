"""Decisions for a file of any size, written whole or not at all."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from weilidai.dataset.people_files import find_people
from weilidai.errors import DataError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.pipeline.birth import STATEMENT
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.table_writer import TableWriter, output_kind
from weilidai.pipeline.whole import whole_file
from weilidai.progress import Progress

ROWS: Final = 20_000
"""People decided for at a time."""
THREADS: Final = 2
"""Trees are added up outside of Python, so that one chunk's trees and another's words go on together."""


@dataclass(frozen=True)
class Predicted:
    """What a scoring job did."""

    people: int
    invited: int
    warnings: Mapping[str, int]
    """What is doubtful about the table -> pieces of it concerned."""
    is_synthetic: bool = True
    """Whether the model has learnt the simulated lender, and not a table of one's own."""


def predict(
    model: str,
    input_file: Path,
    output_file: Path,
    reasons: Literal["zh", "en"] | None,
    progress: Progress,
    *,
    rows: int = ROWS,
    tracking_uri: str | None = None,
    scale: ScaleSettings | None = None,
) -> Predicted:
    """Decide for everybody in a file.

    Parameters
    ----------
    model
        Address of the model, see :func:`weilidai.load_model`.
    input_file
        Parquet, CSV or JSON with the columns of the contract, or a folder made by ``weilidai generate``.
    output_file
        Parquet or CSV; must not exist.
    reasons
        Language of the reasons; none are computed when left out.
    progress
        Where to report to.
    rows
        People decided for at a time; changes nothing but the memory it takes.
    tracking_uri
        Store that holds the registry, when it is not the usual one.
    scale
        Workers that decide, when it is not this process; ``output_file`` may be a folder then.

    Raises
    ------
    DataError
        The file cannot be read or breaks the contract.
    ResourceError
        The output exists or cannot be written.
    """
    if scale is not None and scale.is_dask:
        from weilidai.pipeline.scale.predicting import Job, predict_on_workers  # which decides by the functions below

        return predict_on_workers(Job(model, input_file, output_file, reasons, rows, tracking_uri), scale, progress)
    kind, people = output_kind(output_file), find_people(input_file)
    with whole_file(output_file) as aside:
        with progress.stage("loading the model"):
            decider = load_model(model, tracking_uri=tracking_uri)
            decider.warns_of_age = False  # the counted warnings of the table say so
        counted, notes = begun(decider), notes_of(decider)
        with progress.stage("deciding", people.row_count()) as advance, TableWriter(aside, kind, notes) as writer:
            for chunk, decided in _decisions(decider, people.chunks(rows), reasons, input_file):
                writer.write(decided.assign(is_synthetic=counted.is_synthetic))
                counted = counted_in(counted, decided, decider, chunk)
                advance(counted.people)
    return counted


def notes_of(decider: Decider) -> dict[str, str]:
    """Say what a file of decisions tells about itself."""
    born = decider.birth_certificate
    statement = str(born.get("statement", STATEMENT if decider.bundle.own_table is None else ""))
    return {"statement": statement, "model": decider.origin, "birth_certificate": dumps(born)}


def begun(decider: Decider) -> Predicted:
    """Give the count of nobody yet."""
    return Predicted(0, 0, Counter(), decider.bundle.own_table is None)


def _decisions(
    decider: Decider, chunks: Iterable[pd.DataFrame], reasons: Literal["zh", "en"] | None, file: Path
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Decide for some chunks at a time, while others are read and written; in their order."""
    waiting: deque[tuple[pd.DataFrame, Future[pd.DataFrame]]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(decide_chunk, decider, chunk, reasons, file)))
            if len(waiting) > THREADS:
                first, decided = waiting.popleft()
                yield first, decided.result()
        for first, decided in waiting:
            yield first, decided.result()


def decide_chunk(
    decider: Decider, chunk: pd.DataFrame, reasons: Literal["zh", "en"] | None, file: Path
) -> pd.DataFrame:
    """Decide for some rows of a file; a row that breaks the contract is placed in the file."""
    try:
        return decider.decide(chunk, reasons=reasons)
    except DataError as error:
        first, last = int(chunk.index[0]) + 1, int(chunk.index[-1]) + 1
        counted = f", counted here from {first} as 1" if first > 1 else ""
        raise DataError(error.what, where=f"{file}, rows {first} to {last}{counted}", cure=error.cure) from error


def counted_in(so_far: Predicted, decided: pd.DataFrame, decider: Decider, chunk: pd.DataFrame) -> Predicted:
    """Count some more decisions in."""
    warnings = Counter(so_far.warnings)
    warnings.update(f"{problem.column}: {problem.what}" for problem in decider.problems(chunk))
    invited = int(decided["is_invited"].sum())
    return Predicted(so_far.people + len(decided), so_far.invited + invited, warnings, so_far.is_synthetic)
