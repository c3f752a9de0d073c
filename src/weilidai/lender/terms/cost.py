"""What a loan costs: interest, the quoted yearly rate, the internal rate of return, and the cap.

D1 section 6 quotes a daily rate times 360; D2 section 5 has the loan page show the yearly internal rate of
return and keeps the yearly rate at 24 % or below.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from weilidai.lender.terms.loan import Loan, Schedule, exact_schedule, schedule
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_YEAR_QUOTED, MONTHS_PER_YEAR


class CapSettings(Strict):
    """The lender's own ceiling on the yearly rate."""

    annual: float
    measured_on: Literal["quoted", "irr"]
    """Whether normal interest or the whole cost with fees has to stay below it."""


@dataclass(frozen=True)
class Cost:
    """What a loan costs as a whole."""

    interest_cny: float
    fees_cny: float
    apr_quoted: float
    """Daily rate times 360, without compounding."""
    irr_monthly: float
    """Monthly rate at which the payments are worth what was received."""

    @property
    def total_cny(self) -> float:
        """Interest and fees together."""
        return self.interest_cny + self.fees_cny

    @property
    def irr_annual_nominal(self) -> float:
        """Twelve times the monthly rate; equals the quoted rate when there is no fee."""
        return self.irr_monthly * MONTHS_PER_YEAR

    @property
    def irr_annual(self) -> float:
        """Yearly rate with monthly compounding."""
        return float((1 + self.irr_monthly) ** MONTHS_PER_YEAR - 1)


def quoted_annual_rate(daily_rate: float) -> float:
    """Quote a daily rate by the year.

    Examples
    --------
    >>> round(quoted_annual_rate(0.00023), 6)
    0.0828
    """
    return daily_rate * DAYS_PER_YEAR_QUOTED



def cost_of(loan: Loan) -> Cost:
    """Add up a loan's cost over its schedule; rates are those before rounding to the cent."""
    written = schedule(loan)
    fees = loan.amount_cny * loan.upfront_fee_share + float(written.fee_cny.sum())
    return Cost(
        float(written.interest_cny.sum()), fees, quoted_annual_rate(loan.daily_rate), irr_monthly(exact_schedule(loan)),
    )


def irr_monthly(written: Schedule) -> float:
    """Find the monthly rate at which the payments are worth what was received; 0 when nothing is charged."""
    months = np.arange(1, written.loan.instalments + 1)
    payments, received = written.payment_cny, written.loan.received_cny

    def surplus(rate: float) -> float:
        return float(received - (payments / (1 + rate) ** months).sum())

    if surplus(0.0) >= 0:
        return 0.0
    above = 1.0
    while surplus(above) < 0:
        above *= 2
    return float(brentq(surplus, 0.0, above, xtol=1e-12))


def is_within_cap(loan: Loan, settings: CapSettings) -> bool:
    """Whether the yearly rate keeps the cap, on the measure that the reading takes."""
    cost = cost_of(loan)
    yearly = cost.apr_quoted if settings.measured_on == "quoted" else cost.irr_annual_nominal
    # A rate at the cap, written as a daily one, must not fail by rounding.
    return yearly <= settings.annual or bool(np.isclose(yearly, settings.annual, rtol=1e-12))
