"""People and lender together: whole tables, block by block, the same bytes however they are cut."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.lender import LenderParameters, decide
from weilidai.matching.regimes import load_regime
from weilidai.noise import BLOCK, Noise
from weilidai.parameters import Parameters
from weilidai.population import Interventions, PopulationParameters, make_people

Array = npt.NDArray[Any]
Progress = Callable[[int], None]
"""Called with the number of people made since the last call."""
THREADS: Final = 2
"""Blocks made at a time; the people do not depend on it."""


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
        self, seed: int, number: int, set_to: Interventions | None = None
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Make one block of people: the applicants' columns and the truth; arrays of shape (BLOCK,).

        With ``set_to``, the same people with some columns set and everything after them recomputed.
        """
        noise = Noise(seed, number)
        people = make_people(self.population, noise, set_to)
        made = decide(people.columns, self.lender, noise)
        identity = np.arange(number * BLOCK, (number + 1) * BLOCK, dtype=np.int64)
        columns = {"person_id": identity, **people.columns, **made.columns}
        return columns, {"person_id": identity, **made.truth}


def simulate(
    parameters: Parameters, rows: int, seed: int, *, first: int = 0, progress: Progress | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the people number ``first`` to ``first + rows - 1`` of a population.

    Returns
    -------
    applicants, truth
        One row per person, in order; every column of the contract, and the truth behind the decisions.
    """
    parts = list(simulate_blocks(parameters, rows, seed, first=first, progress=progress))
    applicants = pd.concat([a for a, _ in parts], ignore_index=True)
    truth = pd.concat([t for _, t in parts], ignore_index=True)
    return applicants, truth


def simulate_blocks(
    parameters: Parameters, rows: int, seed: int, *, first: int = 0, progress: Progress | None = None,
    threads: int = THREADS,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the same people block by block, so that memory does not grow with their number."""
    simulator = Simulator.of(parameters)
    numbers = range(first // BLOCK, -(-(first + rows) // BLOCK))

    def one(number: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        columns, truth = simulator.block(seed, number)
        start = max(first - number * BLOCK, 0)
        stop = min(first + rows - number * BLOCK, BLOCK)
        return applicants_frame(columns, simulator.regime, start, stop), truth_frame(truth, start, stop)

    for applicants, truth in _in_order(one, numbers, threads):
        if progress:
            progress(len(applicants))
        yield applicants, truth


def _in_order(task: Callable[[int], Any], numbers: range, threads: int) -> Iterator[Any]:
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
    year = load_regime(regime).year
    frame: dict[str, Any] = {}
    for name, column in CATALOGUE.items():
        if name == "regime":
            frame[name] = _spelt(np.zeros(stop - start, dtype=np.int8), (regime,))
        elif name == "snapshot_month":
            frame[name] = _spelt(columns[name][start:stop], [f"{year}-{month:02d}" for month in range(1, 13)])
        elif name in LEVELS:
            frame[name] = _spelt(columns[name][start:stop], LEVELS[name])
        else:
            frame[name] = _typed(columns[name][start:stop], column.kind, may_be_missing=column.may_be_missing)
    return pd.DataFrame(frame)


def truth_frame(truth: dict[str, Array], start: int, stop: int) -> pd.DataFrame:
    """Give the truth of some people of a block as a frame."""
    return pd.DataFrame({name: values[start:stop] for name, values in truth.items()})


def _spelt(codes: Array, words: Sequence[str]) -> "pd.api.extensions.ExtensionArray":
    """Spell codes, none beyond the words; unlike Python strings, a dictionary of words costs next to nothing."""
    spelt = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes >= len(words)), pa.array(words))
    names: pd.api.extensions.ExtensionArray = pd.array(spelt.cast(pa.large_string()), dtype="str")
    return names  # text also where no one here has opened


def _typed(values: Array, kind: str, *, may_be_missing: bool) -> Array:
    if kind == "flag":
        return values.astype(bool)
    if kind == "count" and not may_be_missing and values.dtype != np.int64:
        return values.astype(np.int32)
    return values
