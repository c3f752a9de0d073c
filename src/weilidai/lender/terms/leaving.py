"""Leaving a loan before its end: early repayment and the cooling-off time.

D1 and D2 section 6: repaying early costs no fee and interest runs to the day; D3 section 9: a loan can be undone
within 24 hours without condition.
"""

from dataclasses import dataclass

from weilidai.errors import ConfigError
from weilidai.lender.terms.loan import Loan, schedule
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_MONTH


class EarlySettings(Strict):
    """Price of repaying early."""

    fee_cny: float


class CoolingOffSettings(Strict):
    """Time in which a loan can be undone, and the days of interest it still costs."""

    hours: float
    charged_days: float


@dataclass(frozen=True)
class EarlyRepayment:
    """What settles a loan on a day."""

    instalments_paid: int
    principal_cny: float
    interest_cny: float
    """Interest since the last instalment, to the day."""
    fee_cny: float
    saved_cny: float
    """Interest and fees of the schedule that fall away."""

    @property
    def total_cny(self) -> float:
        """Amount to transfer."""
        return self.principal_cny + self.interest_cny + self.fee_cny


def repay_early(loan: Loan, day: int, settings: EarlySettings) -> EarlyRepayment:
    """Settle a loan on a day, counted from the drawing, after paying every instalment due by then.

    A monthly fee of the product is due for the month that has begun; later ones fall away.

    Raises
    ------
    ConfigError
        The day lies before the drawing or after the last instalment.
    """
    if not 0 <= day <= loan.instalments * DAYS_PER_MONTH:
        raise ConfigError(f"day {day} lies outside the loan's {loan.instalments * DAYS_PER_MONTH} days")
    paid, days = divmod(day, DAYS_PER_MONTH)
    written = schedule(loan)
    owed = loan.amount_cny if paid == 0 else float(written.balance_cny[paid - 1])
    interest = owed * loan.daily_rate * days
    begun = loan.amount_cny * loan.monthly_fee_share * (days > 0)
    ahead = float(written.interest_cny[paid:].sum() + written.fee_cny[paid:].sum())
    fee = settings.fee_cny + begun
    return EarlyRepayment(paid, owed, interest, fee, ahead - interest - fee)


def owed_to_undo(loan: Loan, hours: float, settings: CoolingOffSettings) -> float:
    """Amount in CNY that undoes a loan inside the cooling-off time.

    Raises
    ------
    ConfigError
        The time has passed.
    """
    if not 0 <= hours <= settings.hours:
        what = f"a loan can be undone for {settings.hours:g} hours, not after {hours:g}"
        raise ConfigError(what, cure="repay it early: there is no fee, interest runs to the day")
    return loan.received_cny + loan.amount_cny * loan.daily_rate * settings.charged_days
