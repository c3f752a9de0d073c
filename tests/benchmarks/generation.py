"""Making people: in memory and to Parquet, against drawing as many random numbers, and against scikit-learn."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.datasets import make_classification

from benchmarks.measuring import Bound, Figure, side_by_side
from benchmarks.sizes import Size
from weilidai.matching import load_parameters
from weilidai.pipeline.generating import generate_files
from weilidai.pipeline.simulate import THREADS, simulate, simulate_blocks
from weilidai.progress import for_this_terminal

NORMALS = 60
CHUNK = 1 << 14
SEED = 1
REGIME = "optimisation"


def figures(size: Size) -> list[Figure]:
    parameters = load_parameters(REGIME)
    width = len(simulate(parameters, 1, SEED)[0].columns)
    own, floor, peer = side_by_side(
        lambda: sum(len(people) for people, _ in simulate_blocks(parameters, size.people, SEED)),
        lambda: draw_normals(size.people),
        lambda: make_classification(size.people, width, n_informative=10, random_state=SEED),
        repeats=size.repeats,
    )
    one_frame, to_parquet = side_by_side(
        lambda: simulate(parameters, size.people, SEED), lambda: to_disk(size.people), repeats=size.repeats
    )
    rate = [size.people / seconds for seconds in (own, floor, peer, one_frame, to_parquet)]
    made = f"making {size.people:,} people, all {width} columns and the truth"
    return [
        Figure("generation", f"{made}, block by block in memory", "people/s", rate[0],
               f"drawing {NORMALS} float32 normals each, SFC64, {THREADS} threads", rate[1], size.repeats,
               Bound("at_least", 800_000), Bound("at_least", 1 / 5)),
        Figure("generation", f"{made}, block by block in memory", "people/s", rate[0],
               f"scikit-learn's make_classification, {width} columns", rate[2], size.repeats,
               wanted_ratio=Bound("at_least", 1.0)),
        Figure("generation", f"{made}, as one frame", "people/s", rate[3], "block by block", rate[0], size.repeats),
        Figure("generation", f"{made}, to Parquet", "people/s", rate[4], "as one frame in memory", rate[3],
               size.repeats, Bound("at_least", 300_000)),
    ]  # fmt: skip


def draw_normals(people: int) -> None:
    """Draw as many random numbers as a table of so many people would hold, chunk by chunk on the same threads."""
    chunks = -(-people // CHUNK)

    def draw(number: int) -> None:
        generator = np.random.Generator(np.random.SFC64([SEED, number]))
        generator.standard_normal((min(CHUNK, people - number * CHUNK), NORMALS), dtype=np.float32)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(draw, range(chunks)))


def to_disk(people: int) -> None:
    with TemporaryDirectory() as folder:
        generate_files(people, SEED, REGIME, Path(folder) / "people", for_this_terminal())
