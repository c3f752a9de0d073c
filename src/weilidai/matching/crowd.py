"""People as the moments see them: columns, and a weight for every state a person may be in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Crowd:
    """People with the weight of each state; arrays of shape (people,).

    A weight is a probability while fitting, so that moments move smoothly with the parameters, and the
    outcome itself when generated people are judged. ``marks`` holds the documented values that divide people.
    """

    columns: Mapping[str, Array]
    weights: Mapping[str, Array]
    logits: Mapping[str, Array]
    marks: Mapping[str, float]

    def part(self, who: Array) -> "Crowd":
        """Take some of the people; a column is cut when it is first looked at."""
        chosen = np.flatnonzero(who)
        columns, weights, logits = (_Cut(arrays, chosen) for arrays in (self.columns, self.weights, self.logits))
        return replace(self, columns=columns, weights=weights, logits=logits)


class _Cut(Mapping[str, Array]):
    """Arrays of some people; most moments look at few columns, so most are never copied."""

    def __init__(self, whole: Mapping[str, Array], chosen: Array) -> None:
        self._whole, self._chosen, self._cut = whole, chosen, dict[str, Array]()

    def __getitem__(self, name: str) -> Array:
        if name not in self._cut:
            self._cut[name] = self._whole[name].take(self._chosen)
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def joined(crowds: Sequence[Crowd]) -> Crowd:
    """Put several crowds together as one."""
    def join(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    return replace(
        crowds[0], columns=join([c.columns for c in crowds]), weights=join([c.weights for c in crowds]),
        logits=join([c.logits for c in crowds]),
    )


def outcome_weights(columns: Mapping[str, Array]) -> dict[str, Array]:
    """Weigh every state by its outcome, 0 or 1."""
    states = {
        "eligible": columns["is_eligible"], "invited": columns["is_invited"], "shown": columns["is_invited"],
        "closed": columns["has_closed_entry"], "applied": columns["has_applied"],
        "tried": columns["has_tried"],
        "intercepted": columns["is_intercepted"],
        "reviewed": columns["is_verified"].astype(bool) & ~columns["is_intercepted"].astype(bool),
        "opened": columns["is_opened"], "overdue": columns["is_overdue"],
        "increased": columns["has_quota_increase"], "restricted": columns["is_restricted"],
    }
    return {name: values.astype(np.float32) for name, values in states.items()}


def crowd_of(applicants: pd.DataFrame, truth: pd.DataFrame, marks: Mapping[str, float]) -> Crowd:
    """Read generated tables as a crowd; both hold the same people in the same order."""
    columns = {name: _plain(applicants[name], name) for name in CATALOGUE if name in applicants}
    parts = [name for name in map(str, truth.columns) if name.startswith("logit_")]
    logits = {name.removeprefix("logit_"): truth[name].to_numpy() for name in parts}
    weights = outcome_weights(columns)
    for name, column in CATALOGUE.items():
        if column.group in ("decision", "after_opening") and columns[name].dtype.kind == "f":
            columns[name] = np.nan_to_num(columns[name])
    return Crowd(columns, weights, logits, marks)


def _plain(values: "pd.Series[Any]", name: str) -> Array:
    if name == "snapshot_month":
        return values.astype(str).str[-2:].astype(np.uint8).to_numpy() - np.uint8(1)  # YYYY-MM, codes from 0
    if name in LEVELS:
        codes = pd.Categorical(values, categories=LEVELS[name]).codes
        return np.where(codes < 0, np.uint8(255), codes.astype(np.uint8))
    return values.to_numpy()
