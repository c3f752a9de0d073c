"""What everybody on WeChat would cost, written from the measured scaling: docs/wechat_size.md.

It goes by the CPU seconds that a person takes, which hardly depend on what else a machine does. How much faster two
workers are than one by the clock does: on a machine whose cores are taken it says nothing about other machines.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.page import spell

PEOPLE = 1_300_000_000
"""People, about as many as use WeChat."""
WORKERS = (2, 16, 128, 1024)
SECONDS_PER_HOUR = 3600
MILLION = 1_000_000
GIB = 2**30
TOP = """# The size of WeChat: what 1.3 billion people cost

Written by `make bench` from `docs/benchmarks.json`; `docs/how-to-scale.md` says how to run it. Every figure below is
an extrapolation from the measured ones beside it, by the assumptions at the end, and was not run at this size.
"""
ASSUMED = """## Assumptions

- Work over partitions is linear in people: every partition is made, decided and explained by itself, and people of
  one are no harder than those of another. Tests hold that the results do not depend on the partitions.
- A person takes as many CPU seconds on another machine, and with more workers, as the larger of the two measured
  here; the CPU of the process that hands out the work is not counted.
- A worker computes for the part of its time that each of the two measured did, its efficiency above, however many
  they are. That is not known: where workers share cores with one another or with other work, as they may have here,
  it is too little, and where a disk or a network is short it is too much. Core hours do not depend on it. More than
  a thousand workers ask more of one scheduler than was looked at.
- Disk is shared, holds what is written above, and takes it as fast as the workers write: the rate of one worker is
  named so that a disk can be held against it.
- A worker holds one partition at a time; its memory does not depend on how many people there are.
- Nobody needs 1.3 billion people to learn from. Trees grow on as many as the memory of the process that starts the
  training holds, at about 2.5 kB a person; `weilidai study` draws the learning curve that says how few are enough.
- The check of the parameters brings together, in the process that starts it, the columns of the moments that are no
  sums, about a quarter of them, so it is run on millions and not on everybody; its intervals shrink with the root of
  the people.
"""


@dataclass(frozen=True)
class Work:
    """One kind of work, as two workers and one did it.

    Parameters
    ----------
    name
        What was done, and for how many.
    one, two
        People a second, by the clock.
    cpu_seconds
        CPU seconds of the workers for a person, the larger of both.
    """

    name: str
    one: float
    two: float
    cpu_seconds: float

    @property
    def what(self) -> str:
        return self.name.partition(", ")[0]

    @property
    def efficiency(self) -> float:
        """Part of their time that two workers computed."""
        return min(self.two * self.cpu_seconds / 2, 1.0)

    @property
    def core_hours(self) -> float:
        return PEOPLE * self.cpu_seconds / SECONDS_PER_HOUR

    def hours_with(self, workers: int) -> float:
        return self.core_hours / (workers * self.efficiency)


def wechat_page(found: Mapping[str, Any]) -> str:
    """Write the page; empty where the scaling was not measured."""
    measured = [figure for figure in found["figures"] if figure["part"] == "scale"]
    works = works_of(measured)
    if not works:
        return ""
    disk = next((figure for figure in measured if figure["unit"] == "bytes/person"), None)
    busy = found["machine"].get("load before the run", "unknown")
    machine = (f"Measured on {found['machine']['cores']} cores of {found['machine']['processor']}; load before the "
               f"run: {busy}.")  # fmt: skip
    parts = [TOP, machine + "\n", _measured(works), _cores(works), _wall(works)]
    return "\n".join([*parts, *([_disk(disk, works)] if disk else []), ASSUMED])


def works_of(measured: list[Mapping[str, Any]]) -> list[Work]:
    """Put the rate and the CPU seconds of each kind of work together."""
    cpu = {figure["name"]: max(figure["own"], figure["peer"]) / MILLION for figure in measured
           if figure["unit"] == "CPU s/million people"}  # fmt: skip
    return [
        Work(figure["name"].rpartition(", two workers")[0], figure["peer"], figure["own"], cpu[figure["name"]])
        for figure in measured if figure["unit"] == "people/s" and figure["name"] in cpu
    ]


def _measured(works: list[Work]) -> str:
    rows = ["## Measured\n", "| what | one worker | two workers | ratio | CPU seconds for a million | efficiency |",
            "|---|---|---|---|---|---|"]  # fmt: skip
    rows += [
        f"| {work.name} | {spell(work.one)} people/s | {spell(work.two)} people/s | {spell(work.two / work.one)} | "
        f"{spell(work.cpu_seconds * MILLION)} | {work.efficiency:.0%} |"
        for work in works
    ]
    rows.append("\nThe efficiency is the part of their time in which two workers computed. Where the ratio is far from "
                "2, they shared cores or waited: nothing below follows from the ratio.")  # fmt: skip
    return "\n".join(rows) + "\n"


def _cores(works: list[Work]) -> str:
    rows = ["## Core hours for 1.3 billion people\n", "| what | core hours |", "|---|---|"]
    rows += [f"| {work.what} | {spell(work.core_hours)} |" for work in works]
    return "\n".join(rows) + "\n"


def _wall(works: list[Work]) -> str:
    heads = " | ".join(f"{count:,} workers" for count in WORKERS)
    rows = ["## Hours by the clock, at the measured efficiency\n", f"| what | {heads} |",
            "|---|" + "---|" * len(WORKERS)]  # fmt: skip
    rows += [f"| {work.what} | {' | '.join(spell(work.hours_with(count)) for count in WORKERS)} |" for work in works]
    return "\n".join(rows) + "\n"


def _disk(disk: Mapping[str, Any], works: list[Work]) -> str:
    fastest = disk["own"] / min(work.cpu_seconds for work in works) / 2**20
    rows = ["## Disk and memory\n", "| what | measured | 1.3 billion people |", "|---|---|---|"]
    for name, each in ((disk["name"], disk["own"]), (disk["against"], disk["peer"])):
        rows.append(f"| {name} | {spell(each)} bytes/person | {spell(PEOPLE * each / GIB)} GiB |")
    rows.append(f"\nOne worker writes or reads at most {spell(fastest)} MiB a second of people. Its memory is that of "
                "`scale.memory_per_worker_gib`, 4 GiB by default.")  # fmt: skip
    return "\n".join(rows) + "\n"
