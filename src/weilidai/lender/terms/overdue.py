"""What being overdue costs.

D3 section 6 names half as a penalty and 0.05 % a day for Weilidai, 0.05 % a day for its siblings, without
compounding. The base of the half is not stated; the readings of the conflict stand here under their names.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from weilidai.errors import ConfigError
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_YEAR_QUOTED

FloatArray = npt.NDArray[np.float64]
Reading = Literal["uplift", "uplift_and_flat", "flat_on_top", "flat_alone", "penalty_once"]


class OverdueSettings(Strict):
    """How overdue principal is charged."""

    reading: Reading
    """``uplift``: the own rate and a share of it; ``uplift_and_flat``: the flat rate besides; ``flat_on_top``: the
    own rate and the flat one; ``flat_alone``: the flat rate in its place; ``penalty_once``: a share of the overdue
    principal at once, then the flat rate."""
    uplift_share: float = 0.0
    flat_daily: float = 0.0
    annual_cap: float | None = None
    """Yearly rate at which overdue interest is cut off; none when the cap is for normal interest only."""


def overdue_daily_rate(daily_rate: npt.ArrayLike, settings: OverdueSettings) -> FloatArray:
    """Rate a day on overdue principal, for own rates of any shape."""
    own, flat = np.asarray(daily_rate, dtype=np.float64), settings.flat_daily
    lifted = own * (1 + settings.uplift_share)
    by_reading = {
        "uplift": lifted, "uplift_and_flat": lifted + flat, "flat_on_top": own + flat,
        "flat_alone": np.full_like(own, flat), "penalty_once": np.full_like(own, flat),
    }
    rate = by_reading[settings.reading]
    return rate if settings.annual_cap is None else np.minimum(rate, settings.annual_cap / DAYS_PER_YEAR_QUOTED)


def overdue_charge(
    principal_cny: npt.ArrayLike, daily_rate: npt.ArrayLike, days: npt.ArrayLike, settings: OverdueSettings,
) -> FloatArray:
    """Interest and penalty in CNY for days overdue: amount times rate times days, without compounding.

    Raises
    ------
    ConfigError
        On a negative number of days.
    """
    owed, late = np.asarray(principal_cny, dtype=np.float64), np.asarray(days, dtype=np.float64)
    if np.any(late < 0):
        raise ConfigError("days overdue must not be negative")
    charge: FloatArray = owed * overdue_daily_rate(daily_rate, settings) * late
    if settings.reading == "penalty_once":
        charge = charge + owed * settings.uplift_share * (late > 0)
    return charge
