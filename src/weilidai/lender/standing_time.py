"""How long an account has been open: no longer than the person and the service allow, long enough for its growth.

A quota is looked at for growth over half a year (D1 section 8); one that differs from the first grant has
stood at least so long. Nobody opens before the name is verified (D3.1.real_name_required) or before the
service is there.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.units import MONTHS_PER_YEAR

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
HALF_YEAR: Final = np.float32(MONTHS_PER_YEAR // 2)


def longest_open(people: Mapping[str, Any]) -> FloatArray:
    """Most months for which anybody can have had the account; shape (people,)."""
    months: FloatArray = np.minimum(people["real_name_months"], people["weilidai_months"])
    return months.astype(np.float32)


def opened_months(months: FloatArray, has_changed: BoolArray, longest: FloatArray) -> FloatArray:
    """Months since the account was opened; shape (people,).

    Parameters
    ----------
    months
        Months as drawn, before anything is known of the person.
    has_changed
        Whether the quota of today differs from the first grant; such accounts stand half a year longer if
        drawn younger than that.
    longest
        See :func:`longest_open`.
    """
    grown = np.where(has_changed & (months < HALF_YEAR), months + HALF_YEAR, months)
    opened: FloatArray = np.minimum(grown, longest)
    return opened


def stood_quota(current_cny: FloatArray, initial_cny: FloatArray, opened: FloatArray) -> FloatArray:
    """Quota of today, still the first grant on an account that nobody has looked at for growth; shape (people,)."""
    return np.where(opened < HALF_YEAR, initial_cny, current_cny)
