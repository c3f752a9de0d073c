"""How much memory writing people takes, few and many; each in a process of its own."""

import statistics
import subprocess
import sys

from benchmarks.measuring import Bound, Figure
from benchmarks.sizes import Size

MIB = 1024.0
WRITE = """
import resource, sys, tempfile, pathlib
from weilidai.pipeline.generating import generate_files
from weilidai.progress import for_this_terminal
with tempfile.TemporaryDirectory() as folder:
    generate_files(int(sys.argv[1]), 1, "optimisation", pathlib.Path(folder) / "people", for_this_terminal())
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
TIMES = {"few": 5, "many": 1}
"""Writing very many takes minutes; its peak differs little from one time to the next."""


def figures(size: Size) -> list[Figure]:
    few = statistics.median(peak_mib(size.few_on_disk) for _ in range(min(TIMES["few"], size.repeats)))
    many = statistics.median(peak_mib(size.many_on_disk) for _ in range(TIMES["many"]))
    return [
        Figure("memory", f"peak memory of writing {size.many_on_disk:,} people", "MiB", many,
               f"writing {size.few_on_disk:,} people", few, TIMES["many"],
               Bound("at_most", 2048), Bound("at_most", 1.2)),
    ]  # fmt: skip


def peak_mib(people: int) -> float:
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(people)], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(done[done.index("peak") + 1]) / MIB
