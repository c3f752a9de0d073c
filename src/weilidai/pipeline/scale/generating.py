"""Making people on workers: every file of the population is a piece of work of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from weilidai.errors import ResourceError
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.scale.cluster import Workers
from weilidai.pipeline.writing_people import KINDS, write_people
from weilidai.progress import Advance

SHARED_CURE: Final = "write to a folder that every machine of the cluster sees under the same path"
_ASIDE: Final = ".part-"


def generate_on_workers(
    workers: Workers, parameters: Parameters, rows: int, seed: int, folder: Path, advance: Advance, *,
    blocks_in_a_file: int,
) -> None:
    """Write the files of a population, each by some worker; the same bytes as one process writes.

    Parameters
    ----------
    workers
        Who does it; each must see ``folder``.
    parameters, rows, seed
        What the population is defined by.
    folder
        Place that exists, and that nobody reads yet.
    advance
        Told the number of people made.
    blocks_in_a_file
        Blocks of people a file holds.
    """
    in_a_file = blocks_in_a_file * BLOCK
    at_once = max(workers.settings.partition_people // in_a_file, 1) * in_a_file
    pieces = [(first, min(at_once, rows - first)) for first in range(0, rows, at_once)]
    for kind in KINDS:
        (folder / kind).mkdir(exist_ok=True)
    done = 0
    for number, _ in workers.do(write_piece, pieces, workers.share(parameters), seed, folder, blocks_in_a_file):
        done += pieces[number][1]
        advance(done)
    for left in folder.glob(f"{_ASIDE}*"):  # of workers that died
        shutil.rmtree(left, ignore_errors=True)


def write_piece(piece: tuple[int, int], parameters: Parameters, seed: int, folder: Path, blocks_in_a_file: int) -> None:
    """Write the files of some people aside and name them when they are whole; doing it again changes nothing.

    Raises
    ------
    ResourceError
        This machine does not see the folder, or its disk is full.
    """
    first, rows = piece
    with _aside(folder) as aside:
        write_people(parameters, rows, seed, aside, first=first, blocks_in_a_file=blocks_in_a_file, threads=1)
        for kind in KINDS:
            for file in sorted((aside / kind).iterdir()):
                file.replace(folder / kind / file.name)


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise ResourceError("a worker does not see this folder", where=str(folder), cure=SHARED_CURE)
    aside = folder / f"{_ASIDE}{uuid4().hex[:8]}"
    aside.mkdir()
    try:
        yield aside
    except OSError as error:
        raise ResourceError(f"a worker cannot write: {error.strerror}", where=str(folder)) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
