"""Seconds from the shell to the end of a command, against an empty Python."""

import json
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.deciding import plain
from benchmarks.learnt import learnt, new_people
from benchmarks.measuring import Bound, Figure, seconds_of
from benchmarks.sizes import Size
from weilidai.models.bundle import save_bundle

RUN = (sys.executable, "-c", "from weilidai.cli import main; main()")
NOTHING = (sys.executable, "-c", "pass")


def figures(size: Size) -> list[Figure]:
    with TemporaryDirectory() as shelf:
        bundle, person = Path(shelf) / "bundle", Path(shelf) / "person.json"
        save_bundle(learnt(size), bundle, new_people(500))
        first = {str(name): plain(value) for name, value in new_people(500).iloc[0].items()}
        person.write_text(json.dumps(first), encoding="utf-8")
        asked = ("ask", "why-not", "--person", str(person), "--model", str(bundle))
        commands = {"--help": (("--help",), 0.4), "facts": (("facts",), 1.0), "ask why-not": (asked, 3.0)}
        turns = [
            [seconds(NOTHING), *(seconds((*RUN, *words)) for words, _ in commands.values())]
            for _ in range(size.repeats)
        ]
    floor, *own = (statistics.median(times) for times in zip(*turns, strict=True))
    return [
        Figure("starting", f"weilidai {name}", "s", took, "an empty Python", floor, size.repeats,
               Bound("at_most", most))
        for (name, (_, most)), took in zip(commands.items(), own, strict=True)
    ]  # fmt: skip


def seconds(command: tuple[str, ...]) -> float:
    return seconds_of(lambda: subprocess.run(command, capture_output=True, check=True))
