"""What a documented behaviour adds to the chance of an increase, everything else that is documented being equal.

People who hold savings use their quota less, and people who use it much repay more often, so shares of two groups
mix one behaviour with another. The effect is read from a least-squares line through all of them together.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from weilidai.matching.crowd import Crowd
from weilidai.matching.picking import OPENED, Select, above, all_of, flagged, least, other_than
from weilidai.matching.profiles import at

Array = npt.NDArray[Any]

GROWTH_MARKS: Final[Mapping[str, str]] = {
    "applications_least": "lender.reduction.applications_least",
    "retained_months": "lender.increase.loyalty.retained_months",
    "services_from": "lender.increase.terms.services.mark",
    "use_low": "lender.increase.use.low",
    "use_high": "lender.increase.use.high",
    "highest_quota_cny": "lender.growth.high_cny",
}
"""Name of a mark -> the number of the simulator that holds it."""
GROWTH_FACT_MARKS: Final[Mapping[str, str]] = {
    "on_time_lag": "D1.8.lag_on_time",
    "merchant_kinds": "D3.5.merchant_kinds_least",
    "cross_platform_lag": "D1.8.lag_cross_platform",
    "deposit_cny": "D3.5.deposit_least",
    "deposit_months": "D3.5.deposit_kept",
}
"""Name of a mark -> the fact that holds it."""


def increase_effect(name: str) -> Callable[[Crowd], float]:
    """Points that one driver adds to the chance of an increase among accounts that may grow.

    Accounts that are stopped, reduced, closed or at the highest quota may not. NaN where nobody is left, or all of
    them are alike.
    """
    place = list(DRIVERS).index(name) + 1

    def moment(crowd: Crowd) -> float:
        part = crowd.part(_MAY_GROW(crowd))
        drivers = [select(part).astype(np.float64) for select in DRIVERS.values()]
        design = np.column_stack([np.ones(len(drivers[0])), *drivers])
        if len(design) <= design.shape[1] or not np.ptp(drivers[place - 1]):
            return float("nan")
        effects = np.linalg.lstsq(design, part.weights["increased"].astype(np.float64), rcond=None)[0]
        return float(effects[place])

    return moment


_MAY_GROW: Final = all_of(
    OPENED, other_than(flagged("is_overdue")), other_than(flagged("has_limit_freeze")),
    other_than(flagged("has_forbidden_use")), other_than(flagged("is_quota_closed")),
    least("quota_change_6m_share", 0), other_than(least("current_quota_cny", "highest_quota_cny")),
)
DRIVERS: Final[Mapping[str, Select]] = {
    "on_time": least("on_time_count", "on_time_lag"),
    "merchants": all_of(
        least("merchant_category_count", "merchant_kinds"), least("opened_months_ago", "cross_platform_lag")
    ),
    "savings": lambda c: least("licaitong_months", "deposit_months")(c) * np.minimum(
        c.columns["licaitong_balance_cny"] / at(c, "deposit_cny"), 1
    ),
    "use_band": all_of(
        least("utilisation_share", "use_low"), other_than(above("utilisation_share", "use_high"))
    ),
    "bills": least("bill_payment_count_1m", "bills_least"),
    "instalments": flagged("uses_instalments"),
    "salary_card": flagged("has_salary_card"),
    "lingqiantong": above("lingqiantong_earnings_cny", 0),
    "services": least("nonsocial_function_count", "services_from"),
    "reborrowed": flagged("has_reborrowed"),
    "retained": least("opened_months_ago", "retained_months"),
}
"""Documented driver of growth -> who shows it; of savings, the part of the documented deposit that has stayed."""
MEASURED: Final = ("on_time", "merchants", "savings", "use_band", "lingqiantong", "services", "retained")
"""Drivers whose effect is a statistic; the others are only held equal."""
