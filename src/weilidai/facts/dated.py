"""Figures that hold in one regime: the targets in the settings of the regimes, as the facts they test see them.

What may stand in those settings is the matter of :mod:`weilidai.matching.regimes`; here they are only looked up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from weilidai.facts.schema import Bound, Fact
from weilidai.places import configs_dir
from weilidai.plain_yaml import read_yaml


@dataclass(frozen=True)
class DatedTarget:
    """A figure that the people of one regime are held to."""

    fact: str
    regime: str
    moment: str
    relation: str
    """``equal``, or the change (``times_reference``) or difference (``plus_reference``) against the reference."""
    wanted: float | None
    """None where it is the fact's own value."""
    value_index: int
    tolerance: float
    bound: Bound
    why: str

    def wanted_of(self, fact: Fact) -> float:
        """Give the figure asked for: the target's own, or the fact's."""
        return fact.values[self.value_index] if self.wanted is None else self.wanted


def dated_targets() -> Mapping[str, tuple[DatedTarget, ...]]:
    """Give fact id -> the targets that test it in regimes, in the order of the regimes' names."""
    return _dated(configs_dir() / "regime")


@lru_cache(maxsize=4)
def _dated(folder: Path) -> Mapping[str, tuple[DatedTarget, ...]]:
    found: dict[str, tuple[DatedTarget, ...]] = {}
    for file in sorted(folder.glob("*.yaml")):
        for target in _read(file):
            found[target.fact] = (*found.get(target.fact, ()), target)
    return found


def _read(file: Path) -> Iterator[DatedTarget]:
    """Read the targets of one regime; settings that cannot be read are told of by who loads the regime."""
    page = read_yaml(file)
    data: dict[str, Any] = page.data if isinstance(page.data, dict) and not page.defects else {}
    for row in data.get("targets") or ():
        if isinstance(row, dict) and {"fact", "moment", "relation", "tolerance", "why"} <= set(row):
            yield DatedTarget(
                row["fact"], file.stem, row["moment"], row["relation"], row.get("wanted"), row.get("value_index", 0),
                row["tolerance"], row.get("bound", "near"), row["why"],
            )
