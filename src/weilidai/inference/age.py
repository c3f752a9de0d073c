"""How far the people a model is asked about live after those it learnt from, counted in their own months."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from weilidai.dataset.problems import Problem, breaches

MONTH: Final = "snapshot_month"
LEARNT_FROM: Final = "learnt_from"
"""Entry of the birth certificate: first and newest month of the people learnt from, and the months till it warns."""
_WRITTEN: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class StaleModelWarning(UserWarning):
    """The model learnt from people of too long ago to be asked about these."""


@dataclass(frozen=True)
class ModelAge:
    """The newest month a model learnt from, and how much later its people may live until it warns."""

    newest: str
    warn_after_months: int

    @classmethod
    def of(cls, certificate: Mapping[str, Any]) -> "ModelAge | None":
        """Read it from a birth certificate; None when it knows no months, or nobody wants a warning."""
        told = certificate.get(LEARNT_FROM) or {}
        limit, newest = told.get("warn_after_months"), str(told.get("newest", ""))
        return cls(newest, int(limit)) if limit is not None and _WRITTEN.fullmatch(newest) else None

    def warning(self, months: Iterable[object]) -> str | None:
        """Say that somebody lives too long after the model, or nothing."""
        behind = max((self._behind(month) for month in months), default=0)
        return self._said(behind) if behind > self.warn_after_months else None

    def problems(self, people: pd.DataFrame) -> list[Problem]:
        """Count the people who live too long after the model; they are decided all the same."""
        behind = {month: self._behind(month) for month in months_of(people)}
        if not behind or max(behind.values()) <= self.warn_after_months:
            return []
        late = np.array([behind.get(month, 0) if isinstance(month, str) else 0 for month in people[MONTH]])
        told = self._said(max(behind.values()))
        return list(breaches(MONTH, told, late > self.warn_after_months, is_fatal=False))

    def _behind(self, month: object) -> int:
        """Count the months from the newest one learnt from; 0 for what is no month, which the contract judges."""
        later = months_between(self.newest, month)
        return 0 if later is None else later

    def _said(self, behind: int) -> str:
        return (
            f"up to {behind} months after the newest people the model learnt from ({self.newest}), more than the "
            f"{self.warn_after_months} its settings allow: learn it anew"
        )


def months_of(people: pd.DataFrame) -> frozenset[str]:
    """Give the different months of a table that tells them; what is no text is none."""
    if list(people.columns).count(MONTH) != 1:
        return frozenset()
    months = people[MONTH]
    told = months.to_numpy(dtype=object) if months.dtype == np.object_ else months.unique()
    return frozenset(month for month in told if isinstance(month, str))


def months_between(earlier: object, later: object) -> int | None:
    """Count the months between two written ``YYYY-MM``; None when one of them is not."""
    found = [_WRITTEN.fullmatch(text) if isinstance(text, str) else None for text in (earlier, later)]
    if found[0] is None or found[1] is None:
        return None
    first, second = (12 * int(one[1]) + int(one[2]) for one in found if one is not None)
    return second - first
