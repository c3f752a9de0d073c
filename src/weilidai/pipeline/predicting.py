"""Decisions for a file of any size, written whole or not at all."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from weilidai.dataset.people_files import find_people
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.pipeline.deciding import Predicted, begun, counted_in, decide_chunk, notes_of
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.table_writer import TableWriter, output_kind
from weilidai.pipeline.whole import whole_file
from weilidai.progress import Progress

ROWS: Final = 20_000
"""People decided for at a time."""
THREADS: Final = 2
"""Trees are added up outside of Python, so that one chunk's trees and another's words go on together."""


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
        from weilidai.pipeline.scale.predicting import Job, predict_on_workers

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
