"""How many spreads an interval must reach to hold the share it promises, for everybody and group by group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
Groups = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Reach:
    """Spreads on either side of the middle that hold the promised share of people.

    Parameters
    ----------
    overall
        For everybody without a group of their own.
    column
        Category column of the groups; None when all are treated alike.
    by_group
        Group -> spreads, for groups large enough to tell (Mondrian conformal prediction, Vovk et al., 2005).
    """

    overall: float
    column: str | None = None
    by_group: Mapping[str, float] = field(default_factory=dict)

    def of(self, people: pd.DataFrame) -> FloatArray:
        """Give each person's spreads; shape (people,)."""
        if self.column is None:
            return np.full(len(people), self.overall)
        codes, seen = pd.factorize(people[self.column].to_numpy(dtype=object))
        return np.append(self.of_groups(seen), self.overall)[codes]  # a missing group has the code -1, the last

    def of_groups(self, groups: Iterable[Any]) -> FloatArray:
        """Give the spreads of people whose groups are known; shape (people,)."""
        return np.array([self.by_group.get(group, self.overall) for group in groups], dtype=np.float64)

    def to_dict(self) -> dict[str, Any]:
        """Write as plain JSON-able data."""
        return {"overall": self.overall, "column": self.column, "by_group": dict(self.by_group)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Reach":
        """Read back what :meth:`to_dict` wrote."""
        by_group = {str(group): float(spreads) for group, spreads in data["by_group"].items()}
        column = data["column"]
        return cls(float(data["overall"]), None if column is None else str(column), by_group)


def find_reach(needed: FloatArray, share: float, column: str | None, groups: Groups, minimum: int) -> Reach:
    """Find the spreads from people whom the model has not learnt from.

    Parameters
    ----------
    needed
        Spreads with which each person's interval would just hold; shape (people,).
    share
        Share of people an interval promises to hold.
    column, groups
        Category column and each person's group; no column, no groups.
    minimum
        Fewest people of a group for spreads of its own.
    """
    overall = conformal_factor(needed, share)
    if column is None:
        return Reach(overall)
    names, counts = np.unique(groups.astype(str), return_counts=True)
    large = [str(name) for name, count in zip(names, counts, strict=True) if count >= minimum]
    return Reach(overall, column, {name: conformal_factor(needed[groups == name], share) for name in large})


def conformal_factor(score: FloatArray, share: float) -> float:
    """Find the score that at least ``share`` of new people will not exceed, whatever the model got wrong.

    Examples
    --------
    >>> conformal_factor(np.arange(1.0, 20.0), share=0.9)
    18.0
    """
    place = min(int(np.ceil((len(score) + 1) * share)), len(score)) - 1
    return float(np.partition(score, place)[place])
