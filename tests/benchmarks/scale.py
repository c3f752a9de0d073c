"""Two workers of one thread against one, by the clock and in CPU seconds: making people and deciding."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.learnt import learnt
from benchmarks.measuring import Bound, Figure, side_by_side
from benchmarks.sizes import Size
from weilidai.matching import load_parameters
from weilidai.models.bundle import save_bundle
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.predicting import predict
from weilidai.pipeline.scale.cluster import Workers, open_workers
from weilidai.pipeline.scale.generating import generate_on_workers
from weilidai.pipeline.scale.settings import ScaleSettings
from weilidai.pipeline.simulate import simulate
from weilidai.progress import Silent

SEED = 3
REGIME = "optimisation"
ONE, TWO = "one worker", "two workers"
RATE, CPU, MILLION = "people/s", "CPU s/million people", 1_000_000
MOST_PIECES = 8
"""Pieces of work for two workers, so that neither waits long for the other at the end."""


def figures(size: Size) -> list[Figure]:
    pieces = min(max(size.people // BLOCK, 2), MOST_PIECES)
    blocks = max(size.people // BLOCK // pieces, 1)
    people, parameters = pieces * blocks * BLOCK, load_parameters(REGIME)
    with ExitStack() as opened:
        shelf = Path(opened.enter_context(TemporaryDirectory()))
        crews = {name: opened.enter_context(crew(count, blocks)) for name, count in ((ONE, 1), (TWO, 2))}
        save_bundle(learnt(size), shelf / "bundle", simulate(parameters, 200, SEED)[0])
        generate_files(people, SEED, REGIME, shelf / "people", Silent())
        jobs: dict[str, Callable[[Workers], object]] = {
            "making people, to Parquet": lambda workers: make(workers, parameters, people, blocks),
            "deciding, Parquet to Parquet": lambda workers: decide(workers, shelf, reasons=False),
            "deciding with reasons, Parquet to Parquet": lambda workers: decide(workers, shelf, reasons=True),
        }
        told = [one for name, job in jobs.items() for one in measured(name, job, crews, people, size)]
        return [*told, on_disk(shelf, people)]


def measured(
    name: str, job: Callable[[Workers], object], crews: dict[str, Workers], people: int, size: Size
) -> list[Figure]:
    spent: dict[str, list[float]] = {ONE: [], TWO: []}

    def work(crew: str) -> None:
        before = cpu_seconds(crews[crew])
        job(crews[crew])
        spent[crew].append(cpu_seconds(crews[crew]) - before)

    two, one = side_by_side(lambda: work(TWO), lambda: work(ONE), repeats=size.repeats)
    own, peer = (statistics.median(spent[crew][1:]) / people for crew in (TWO, ONE))  # the first turn warms up
    called = f"{name}, {people:,} people, {TWO} of one thread"
    return [
        Figure("scale", called, RATE, people / two, f"{ONE} of one thread", people / one, size.repeats,
               wanted_ratio=Bound("at_least", 1.6)),
        Figure("scale", called, CPU, own * MILLION, f"{ONE} of one thread", peer * MILLION, size.repeats),
    ]  # fmt: skip


def cpu_seconds(workers: Workers) -> float:
    """Add up the CPU seconds that the workers have spent since they were started."""
    return sum(workers.client.run(process_time).values())


def on_disk(shelf: Path, people: int) -> Figure:
    decided = shelf / "decided"
    predict(str(shelf / "bundle"), shelf / "people", decided.with_suffix(".parquet"), "zh", Silent())
    made = sum(file.stat().st_size for file in (shelf / "people").rglob("*.parquet"))
    told = decided.with_suffix(".parquet").stat().st_size
    return Figure("scale", "disk of people and the truth behind them", "bytes/person", made / people,
                  "decisions with reasons", told / people, 1)  # fmt: skip


@contextmanager
def crew(count: int, blocks: int) -> Iterator[Workers]:
    settings = ScaleSettings(engine="dask", workers=count, partition_people=max(blocks * BLOCK, 1_000))
    with open_workers(settings, Silent()) as workers:
        yield workers


def make(workers: Workers, parameters: Parameters, people: int, blocks: int) -> None:
    with TemporaryDirectory() as folder:
        generate_on_workers(workers, parameters, people, SEED, Path(folder), lambda _: None,
                            blocks_in_a_file=blocks)  # fmt: skip


def decide(workers: Workers, shelf: Path, *, reasons: bool) -> None:
    found = workers.settings.model_copy(update={"scheduler": workers.client.scheduler.address})
    with TemporaryDirectory() as folder:
        predict(str(shelf / "bundle"), shelf / "people", Path(folder) / "decided", "zh" if reasons else None,
                Silent(), scale=found)  # fmt: skip
