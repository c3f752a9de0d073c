"""The first grant by the documents' arithmetic alone; nothing is learnt.

D1 section 5 (``D1.5.share_of_annual_spend``, ``D1.5.share_of_licaitong``, ``D1.5.quota_range`` and means with
relative spreads by kind of user): a part of a year's spending and of the Licaitong holding, kept within what the
documents tell of the person's kind, or else within the documented range.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.models.features import numbers

if TYPE_CHECKING:
    from weilidai.facts import Book

FloatArray = npt.NDArray[np.float64]

_MONTHS_A_YEAR: Final = 12
_KINDS: Final = {"wecom_user": "wecom", "self_employed": "self_employed", "office_worker": "office"}
"""Kind of user -> end of the facts that tell its mean and spread."""


@dataclass(frozen=True)
class FirstGrantRule:
    """What the documents say a first grant refers to.

    Parameters
    ----------
    spending_share, licaitong_share
        Parts of a year's spending and of the Licaitong holding.
    low_cny, high_cny
        Documented range of a first grant.
    bands
        Kind of user -> smallest and largest typical grant, yuan.
    """

    spending_share: float
    licaitong_share: float
    low_cny: float
    high_cny: float
    bands: Mapping[str, tuple[float, float]]

    def mean_cny(self, people: pd.DataFrame) -> FloatArray:
        """Give the grant, yuan; what nobody can see of a person counts as the middle of the range; shape (people,)."""
        spent = numbers(people["monthly_spend_cny"]).astype(np.float64) * _MONTHS_A_YEAR
        held = np.nan_to_num(numbers(people["licaitong_balance_cny"]).astype(np.float64))
        low, high = (self._ends(people, place) for place in (0, 1))
        reference = np.where(np.isnan(spent), (low + high) / 2, spent * self.spending_share)
        return np.clip(reference + held * self.licaitong_share, low, high)

    def _ends(self, people: pd.DataFrame, place: int) -> FloatArray:
        anybody = (self.low_cny, self.high_cny)
        kinds = people["user_type"].to_numpy(dtype=object)
        return np.array([self.bands.get(kind, anybody)[place] for kind in kinds], dtype=np.float64)


def first_grant_rule(book: "Book") -> FirstGrantRule:
    """Read the arithmetic out of the facts."""
    low, high = book.fact("D1.5.quota_range").values
    bands = {}
    for kind, end in _KINDS.items():
        (mean,) = book.fact(f"D1.5.quota_mean_{end}").values
        below, above = book.fact(f"D1.5.quota_spread_{end}").values
        bands[kind] = (mean * (1 + below), mean * (1 + above))
    return FirstGrantRule(
        spending_share=float(np.mean(book.fact("D1.5.share_of_annual_spend").values)),
        licaitong_share=float(book.fact("D1.5.share_of_licaitong").values[0]),
        low_cny=float(low), high_cny=float(high), bands=bands,
    )
