"""Measure everything and write the figures as JSON and as a page: ``make bench``, with ARGS="--size fifth" for less."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.page import page
from benchmarks.sizes import SIZES, Size
from benchmarks.wechat_page import wechat_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
PARTS: Mapping[str, str] = {
    "starting": "starting", "generation": "generation", "memory": "memory", "training": "training",
    "deciding": "deciding", "doors": "serving_one", "scale": "scale",
}
"""Part -> module that measures it."""
VERSIONED = ("weilidai", "numpy", "pandas", "pyarrow", "scikit-learn", "lightgbm", "mlflow", "dask")


def measure(parts: Iterable[str], size: Size) -> dict[str, Any]:
    """Measure some parts, and say on what machine."""
    busy = os.getloadavg()[0]
    figures: list[Figure] = []
    for part in parts:
        figures += import_module(f"benchmarks.{PARTS[part]}").figures(size)
    return {
        "machine": {**machine(), "load before the run": f"{busy:.1f}"},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in VERSIONED}},
        "figures": [figure.to_dict() for figure in figures],
    }


def machine() -> dict[str, str]:
    """Describe the machine without its name."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": models[0] if models else platform.machine(), "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB", "system": platform.system(),
    }


def merged(before: Mapping[str, Any], found: Mapping[str, Any], parts: Iterable[str]) -> dict[str, Any]:
    """Keep the figures of the parts that were not measured again."""
    again = set(parts)
    kept = [figure for figure in before.get("figures", []) if figure["part"] not in again]
    return {**found, "figures": [*kept, *found["figures"]]}


def main(arguments: list[str] | None = None) -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--size", choices=list(SIZES), default="whole", help="how much is measured of everything")
    reader.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    reader.add_argument("--out", type=Path, default=DOCS, help="folder for benchmarks.json and benchmarks.md")
    asked = reader.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    place = asked.out / "benchmarks.json"
    before = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    found = merged(before, measure(asked.parts, SIZES[asked.size]), asked.parts)
    place.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (asked.out / "benchmarks.md").write_text(page(found), encoding="utf-8")
    if told := wechat_page(found):
        (asked.out / "wechat_size.md").write_text(told, encoding="utf-8")
    missed = [figure["name"] for figure in found["figures"] if figure["is_met"] is False]
    sys.stdout.write(f"{len(found['figures'])} figures, short of the target: {', '.join(missed) or 'none'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
