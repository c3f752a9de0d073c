"""People and lender together: whole tables, some blocks at a time, the same bytes however they are cut."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from weilidai.lender import LenderParameters, decide
from weilidai.noise import BLOCK, Noise
from weilidai.parameters import Parameters
from weilidai.pipeline.sheets import Sheet, Words, arrow_table, of_the_contract, words_of
from weilidai.population import Interventions, PopulationParameters, make_people

Array = npt.NDArray[Any]
Made = TypeVar("Made")
Progress = Callable[[int], None]
"""Called with the number of people made since the last call."""
THREADS: Final = 2
"""Threads that make people; these do not depend on it."""
BLOCKS_AT_ONCE: Final = 4
"""Blocks made in one go: with one, arrays are so short that two threads wait for each other and not for numpy."""


@dataclass(frozen=True)
class Simulator:
    """The matched simulator of one regime: people, lender, truth.

    Parameters
    ----------
    population, lender
        Their numbers.
    regime
        Name of the regime, written into every row.
    """

    population: PopulationParameters
    lender: LenderParameters
    regime: str

    @classmethod
    def of(cls, parameters: Parameters) -> "Simulator":
        """Build the simulator from stored parameters."""
        return cls(
            parameters.part("population", PopulationParameters), parameters.part("lender", LenderParameters),
            parameters.regime,
        )

    def block(
        self, seed: int, number: int, set_to: Interventions | None = None, *, blocks: int = 1
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Make a block of people, or ``blocks`` from it on: the applicants' columns and the truth; shape (people,).

        With ``set_to``, the same people with some columns set and everything after them recomputed.
        """
        noise = Noise(seed, number, blocks)
        people = make_people(self.population, noise, set_to)
        made = decide(people.columns, self.lender, noise)
        identity = np.arange(number * BLOCK, (number + blocks) * BLOCK, dtype=np.int64)
        columns = {"person_id": identity, **people.columns, **made.columns}
        return columns, {"person_id": identity, **made.truth}


@dataclass(frozen=True)
class Part:
    """The people of some blocks that are wanted, ``start`` to ``stop - 1``, and the row ``at`` which they come."""

    columns: dict[str, Array]
    truth: dict[str, Array]
    start: int
    stop: int
    at: int

    @property
    def people(self) -> int:
        """Number of people wanted."""
        return self.stop - self.start

    @property
    def by_block(self) -> list[tuple[int, int]]:
        """Start and stop of the people wanted of each block."""
        first = self.start - self.start % BLOCK
        return [(max(start, self.start), min(start + BLOCK, self.stop)) for start in range(first, self.stop, BLOCK)]


def simulate(
    parameters: Parameters, rows: int, seed: int, *, first: int = 0, progress: Progress | None = None,
    threads: int = THREADS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the people number ``first`` to ``first + rows - 1`` of a population.

    Returns
    -------
    applicants, truth
        One row per person, in order; every column of the contract, and the truth behind the decisions.
    """
    sheets: list[Sheet] = []
    one_at_a_time = Lock()

    def fill(part: Part) -> int:
        contract = of_the_contract(part.columns)
        with one_at_a_time:
            if not sheets:
                sheets.extend([Sheet(contract, words_of(parameters.regime), rows), Sheet(part.truth, {}, rows)])
        for sheet, columns in zip(sheets, (contract, part.truth), strict=True):
            sheet.put(part.at, columns, part.start, part.stop)
        return part.people

    for people in _each_part(parameters, rows, seed, first, fill, threads):
        if progress:
            progress(people)
    applicants, truth = (sheet.frame() for sheet in sheets)
    return applicants, truth


def simulate_blocks(
    parameters: Parameters, rows: int, seed: int, *, first: int = 0, progress: Progress | None = None,
    threads: int = THREADS,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the same people some blocks at a time, so that memory does not grow with their number."""
    words = words_of(parameters.regime)

    def frames(part: Part) -> tuple[pd.DataFrame, pd.DataFrame]:
        applicants = _framed(of_the_contract(part.columns), words, part.start, part.stop)
        return applicants, truth_frame(part.truth, part.start, part.stop)

    for applicants, truth in _each_part(parameters, rows, seed, first, frames, threads):
        if progress:
            progress(len(applicants))
        yield applicants, truth


def simulate_arrow(
    parameters: Parameters, rows: int, seed: int, *, first: int = 0, progress: Progress | None = None,
    threads: int = THREADS,
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield the same people block by block as Arrow tables, to be written."""
    words = words_of(parameters.regime)

    def tables(part: Part) -> list[tuple[pa.Table, pa.Table]]:
        contract = of_the_contract(part.columns)
        return [(arrow_table(contract, words, *own), arrow_table(part.truth, {}, *own)) for own in part.by_block]

    for some in _each_part(parameters, rows, seed, first, tables, threads):
        for applicants, truth in some:
            if progress:
                progress(applicants.num_rows)
            yield applicants, truth


def _each_part(
    parameters: Parameters, rows: int, seed: int, first: int, use: Callable[[Part], Made], threads: int
) -> Iterator[Made]:
    """Make some blocks at a time, each used where it is made, and give what came of them in order."""
    simulator = Simulator.of(parameters)
    wanted = range(first // BLOCK, -(-(first + rows) // BLOCK))
    at_once = max(min(BLOCKS_AT_ONCE, len(wanted) // threads), 1)

    def some(number: int) -> Made:
        blocks = min(at_once, wanted.stop - number)
        columns, truth = simulator.block(seed, number, blocks=blocks)
        start = max(first - number * BLOCK, 0)
        stop = min(first + rows - number * BLOCK, blocks * BLOCK)
        return use(Part(columns, truth, start, stop, number * BLOCK + start - first))

    yield from _in_order(some, wanted[::at_once], threads)


def _in_order(task: Callable[[int], Made], numbers: range, threads: int) -> Iterator[Made]:
    """Keep a few blocks under way, never all of them; with one thread, none beside the caller's work."""
    if threads == 1:
        yield from map(task, numbers)
        return
    waiting = []
    with ThreadPoolExecutor(threads) as pool:
        for number in numbers:
            waiting.append(pool.submit(task, number))
            if len(waiting) > threads:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def applicants_frame(columns: dict[str, Array], regime: str, start: int, stop: int) -> pd.DataFrame:
    """Give the contract's columns of some people of a block as a frame with its types."""
    return _framed(of_the_contract(columns), words_of(regime), start, stop)


def truth_frame(truth: dict[str, Array], start: int, stop: int) -> pd.DataFrame:
    """Give the truth of some people of a block as a frame."""
    return _framed(truth, {}, start, stop)


def _framed(columns: dict[str, Array], words: Words, start: int, stop: int) -> pd.DataFrame:
    sheet = Sheet(columns, words, stop - start)
    sheet.put(0, columns, start, stop)
    return sheet.frame()
