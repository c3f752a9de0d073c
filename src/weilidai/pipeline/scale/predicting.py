"""Deciding on workers: the people of a file in pieces, each decided for as one process would."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final, Literal
from uuid import uuid4

from weilidai.dataset.people_files import Piece, find_people
from weilidai.errors import ResourceError
from weilidai.inference.decider import Decider
from weilidai.inference.loading import located
from weilidai.models.bundle import load_bundle
from weilidai.models.manifest import digest_of
from weilidai.pipeline.deciding import Predicted, begun, counted_in, decide_chunk, notes_of
from weilidai.pipeline.scale.cluster import Workers, open_workers
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.table_writer import TableWriter, output_kind
from weilidai.pipeline.whole import require_file_place, require_place, whole_file, whole_folder
from weilidai.progress import Advance, Progress

PARQUET: Final = ".parquet"
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True)
class Job:
    """What is to be decided: by which model, for whom, to where, in which language, how many at a time."""

    model: str
    input_file: Path
    output_file: Path
    reasons: Literal["zh", "en"] | None
    rows: int
    tracking_uri: str | None = None

    @property
    def is_to_a_folder(self) -> bool:
        """Whether each piece stays a file of its own, which no single process has to write."""
        return not self.output_file.suffix


@dataclass(frozen=True)
class Sealed:
    """A bundle as each worker reads it: the folder, and the digest it must have."""

    folder: Path
    digest: str
    address: str


def predict_on_workers(job: Job, scale: ScaleSettings, progress: Progress) -> Predicted:
    """Decide for everybody in a Parquet file or folder; the same decisions as one process makes, to the last digit.

    Raises
    ------
    DataError
        The table is not Parquet, or breaks the contract.
    ResourceError
        The output exists or cannot be written, or there are no workers to be had.
    """
    require_place(job.output_file) if job.is_to_a_folder else require_file_place(job.output_file)
    kind = "" if job.is_to_a_folder else output_kind(job.output_file)
    people = find_people(job.input_file)
    pieces = people.pieces(scale.partition_people)
    with located(job.model, tracking_uri=job.tracking_uri) as (folder, digest), people.watched():
        with progress.stage("loading the model"):
            sealed = Sealed(folder.resolve(), digest or digest_of(folder), job.model)
            decider = verified(sealed)
        with open_workers(scale, progress) as workers, _place(job) as (shelf, aside):
            with progress.stage("deciding", sum(map(len, pieces))) as advance:
                counted = _decide(workers, pieces, sealed, job, shelf, begun(decider), advance)
            if aside is not None:
                with progress.stage("putting the pieces together"):
                    _put_together(shelf, aside, kind, notes_of(decider))
    return counted


@contextmanager
def _place(job: Job) -> Iterator[tuple[Path, Path | None]]:
    """Hand out a folder for the pieces, and the file they are put together in when there is to be one."""
    if job.is_to_a_folder:
        with whole_folder(job.output_file) as folder:
            yield folder, None
        return
    # Beside the output, for workers on other machines see that folder and not this machine's temporary one.
    with (
        TemporaryDirectory(prefix=f".{job.output_file.name}.", dir=job.output_file.absolute().parent) as shelf,
        whole_file(job.output_file) as aside,
    ):
        yield Path(shelf), aside


def _decide(
    workers: Workers, pieces: tuple[Piece, ...], sealed: Sealed, job: Job, shelf: Path, counted: Predicted,
    advance: Advance,
) -> Predicted:
    numbered = list(enumerate(pieces))
    for _, done in workers.do(decide_piece, numbered, sealed, job, shelf.resolve()):
        warnings = Counter(counted.warnings)
        warnings.update(done.warnings)
        people, invited = counted.people + done.people, counted.invited + done.invited
        counted = Predicted(people, invited, warnings, counted.is_synthetic)
        advance(counted.people)
    for left in shelf.glob(".*"):  # of workers that died
        left.unlink(missing_ok=True)  # one that was only taken for dead clears up behind itself
    return counted


def decide_piece(numbered: tuple[int, Piece], sealed: Sealed, job: Job, shelf: Path) -> Predicted:
    """Decide for one piece, write it aside and name it when it is whole; doing it again changes nothing.

    Raises
    ------
    DataError
        A row breaks the contract; it is placed in the file.
    ModelError
        The bundle that this machine sees is not the one that was asked for.
    ResourceError
        This machine does not see the folder of the pieces, or cannot write there.
    """
    number, piece = numbered
    decider = verified(sealed)
    if not shelf.is_dir():
        raise ResourceError("a worker does not see this folder", where=str(shelf),
                            cure="write to a folder that every machine of the cluster sees under the same path")
    aside = shelf / f".{number}.{uuid4().hex[:8]}"
    counted = begun(decider)
    try:
        with TableWriter(aside, PARQUET, notes_of(decider)) as writer:
            for chunk in piece.chunks(job.rows):
                decided = decide_chunk(decider, chunk, job.reasons, job.input_file)
                writer.write(decided.assign(is_synthetic=counted.is_synthetic))
                counted = counted_in(counted, decided, decider, chunk)
        aside.replace(shelf / f"part-{number:05d}{PARQUET}")
    except OSError as error:
        raise ResourceError(f"a worker cannot write: {error.strerror}", where=str(shelf)) from error
    finally:
        aside.unlink(missing_ok=True)
    return counted


def verified(sealed: Sealed) -> Decider:
    """Open the bundle, once in each process; its digests, trees and known answers are looked at then."""
    with _ONE_AT_A_TIME:
        return _opened(sealed)


@lru_cache(maxsize=1)
def _opened(sealed: Sealed) -> Decider:
    decider = Decider(load_bundle(sealed.folder, digest=sealed.digest), sealed.address)
    decider.warns_of_age = False  # the counted warnings of the table say so
    return decider


def _put_together(shelf: Path, aside: Path, kind: str, notes: Mapping[str, str]) -> None:
    from pyarrow.parquet import ParquetFile

    with TableWriter(aside, kind, notes) as writer:
        for file in sorted(shelf.glob(f"part-*{PARQUET}")):
            with ParquetFile(file) as opened:
                for group in range(opened.metadata.num_row_groups):
                    writer.write(opened.read_row_group(group).to_pandas())
