"""What everybody on WeChat would cost, written from the measured scaling: docs/wechat_size.md."""

from collections.abc import Mapping
from typing import Any

from benchmarks.page import spell

PEOPLE = 1_300_000_000
"""People, about as many as use WeChat."""
WORKERS = (2, 16, 128, 1024)
SECONDS_PER_HOUR = 3600
GIB = 2**30
TOP = """# The size of WeChat: what 1.3 billion people cost

Written by `make bench` from `docs/benchmarks.json`; `docs/how-to-scale.md` says how to run it. Every figure below is
an extrapolation from the measured ones beside it, by the assumptions at the end, and was not run at this size.
"""
ASSUMED = """## Assumptions

- Work over partitions is linear in people: every partition is made, decided and explained by itself, and people of
  one are no harder than those of another. Tests hold that the results do not depend on the partitions.
- The efficiency of the second worker, as measured, is that of each doubling of the workers after it, up to the
  largest number above; where the workers have cores of their own, which those measured here shared with whatever else
  ran, this is the cautious side. More than a thousand workers ask more of one scheduler than was looked at.
- Disk is shared, holds what is written above, and takes it as fast as the workers write: the rate of each table is
  named so that a disk can be held against it.
- A worker holds one partition at a time; its memory does not depend on how many people there are.
- Nobody needs 1.3 billion people to learn from. Trees grow on as many as the memory of the process that starts the
  training holds, at about 1.3 kB a person; `weilidai study` draws the learning curve that says how few are enough.
- The check of the parameters brings together, in the process that starts it, the columns of the few moments that are
  no sums, so it is run on millions and not on everybody; its intervals shrink with the root of the people.
"""


def wechat_page(found: Mapping[str, Any]) -> str:
    """Write the page; empty where the scaling was not measured."""
    measured = [figure for figure in found["figures"] if figure["part"] == "scale"]
    rates = [figure for figure in measured if figure["unit"] == "people/s"]
    if not rates:
        return ""
    disk = next((figure for figure in measured if figure["unit"] == "bytes/person"), None)
    busy = found["machine"].get("load before the run", "unknown")
    machine = (f"Measured on {found['machine']['cores']} cores of {found['machine']['processor']}; load before the "
               f"run: {busy}.")  # fmt: skip
    parts = [TOP, machine + "\n", _measured(rates), _cores(rates), _wall(rates)]
    return "\n".join([*parts, *([_disk(disk, rates)] if disk else []), ASSUMED])


def _measured(rates: list[Mapping[str, Any]]) -> str:
    rows = ["## Measured\n", "| what | one worker | two workers | ratio |", "|---|---|---|---|"]
    rows += [
        f"| {figure['name'].rpartition(', two workers')[0]} | {spell(figure['peer'])} people/s | "
        f"{spell(figure['own'])} people/s | {spell(figure['ratio'])} |"
        for figure in rates
    ]
    return "\n".join(rows) + "\n"


def _cores(rates: list[Mapping[str, Any]]) -> str:
    rows = ["## Core hours for 1.3 billion people\n", "| what | core hours, at the rate of one worker |", "|---|---|"]
    rows += [f"| {_what(figure)} | {spell(PEOPLE / figure['peer'] / SECONDS_PER_HOUR)} |" for figure in rates]
    return "\n".join(rows) + "\n"


def _wall(rates: list[Mapping[str, Any]]) -> str:
    heads = " | ".join(f"{count:,} workers" for count in WORKERS)
    rows = ["## Hours by the clock\n", f"| what | {heads} |", "|---|" + "---|" * len(WORKERS)]
    for figure in rates:
        hours = " | ".join(spell(hours_with(figure, count)) for count in WORKERS)
        rows.append(f"| {_what(figure)} | {hours} |")
    return "\n".join(rows) + "\n"


def _disk(disk: Mapping[str, Any], rates: list[Mapping[str, Any]]) -> str:
    fastest = max(figure["peer"] for figure in rates) * disk["own"] / 2**20
    rows = ["## Disk and memory\n", "| what | measured | 1.3 billion people |", "|---|---|---|"]
    for name, each in ((disk["name"], disk["own"]), (disk["against"], disk["peer"])):
        rows.append(f"| {name} | {spell(each)} bytes/person | {spell(PEOPLE * each / GIB)} GiB |")
    rows.append(f"\nOne worker writes or reads at most {spell(fastest)} MiB a second of people. Its memory is that of "
                "`scale.memory_per_worker_gib`, 4 GiB by default.")  # fmt: skip
    return "\n".join(rows) + "\n"


def hours_with(figure: Mapping[str, Any], workers: int) -> float:
    """Give the hours of so many workers; each doubling keeps the efficiency that the second worker had."""
    doublings = workers.bit_length() - 1
    speed = figure["peer"] * figure["ratio"] ** doublings
    return float(PEOPLE / speed / SECONDS_PER_HOUR)


def _what(figure: Mapping[str, Any]) -> str:
    return str(figure["name"]).partition(", ")[0]
