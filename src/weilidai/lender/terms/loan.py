"""A loan and its repayment schedule.

D1 and D3 section 6: interest is charged by the day on what is still owed. A month has 30 days, so that twelve
months are the 360 days by which the documents annualise. What is due is due in cents: the interest of each month
is rounded, and the last instalment takes the rest, so that every column adds up.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.errors import ConfigError
from weilidai.units import DAYS_PER_MONTH

FloatArray = npt.NDArray[np.float64]
Method = Literal["equal_principal", "equal_instalment"]
CENTS: Final = 100


@dataclass(frozen=True)
class Loan:
    """An amount drawn for a number of monthly instalments.

    Parameters
    ----------
    amount_cny
        Amount drawn; above 0.
    daily_rate
        Interest a day as a fraction of what is owed.
    instalments
        Number of monthly instalments; at least 1.
    method
        The same principal each month (payments fall), or the same payment each month.
    upfront_fee_share
        Fee taken off the amount when it is drawn.
    monthly_fee_share
        Fee a month, of the amount first drawn.

    Raises
    ------
    ConfigError
        On an amount or number of instalments that is not positive, or a negative rate or fee.
    """

    amount_cny: float
    daily_rate: float
    instalments: int
    method: Method = "equal_instalment"
    upfront_fee_share: float = 0.0
    monthly_fee_share: float = 0.0

    def __post_init__(self) -> None:
        if not (self.amount_cny > 0 and self.instalments >= 1):
            raise ConfigError("a loan needs an amount above 0 and at least one instalment")
        prices = {name: getattr(self, name) for name in ("daily_rate", "upfront_fee_share", "monthly_fee_share")}
        for name, price in prices.items():
            if not 0 <= price < 1:
                raise ConfigError(f"{name} must lie from 0 to below 1; 0.05 % a day is written 0.0005")

    @property
    def monthly_rate(self) -> float:
        """Interest of a 30-day month as a fraction of what is owed."""
        return self.daily_rate * DAYS_PER_MONTH

    @property
    def received_cny(self) -> float:
        """What the borrower gets in hand."""
        return self.amount_cny * (1 - self.upfront_fee_share)


@dataclass(frozen=True)
class Schedule:
    """What is due each month; all arrays (instalments,), in CNY."""

    loan: Loan
    principal_cny: FloatArray
    interest_cny: FloatArray
    fee_cny: FloatArray

    @property
    def payment_cny(self) -> FloatArray:
        """Principal, interest and fee of each month."""
        return self.principal_cny + self.interest_cny + self.fee_cny

    @property
    def balance_cny(self) -> FloatArray:
        """What is owed after each payment; zero at the end."""
        return np.maximum(self.loan.amount_cny - np.cumsum(self.principal_cny), 0.0)

    def to_frame(self) -> pd.DataFrame:
        """One row per instalment, to the cent."""
        columns = {
            "instalment": np.arange(1, self.loan.instalments + 1), "payment_cny": self.payment_cny,
            "principal_cny": self.principal_cny, "interest_cny": self.interest_cny, "fee_cny": self.fee_cny,
            "balance_cny": self.balance_cny,
        }
        return pd.DataFrame(columns).round(2)


def schedule(loan: Loan) -> Schedule:
    """Write the repayment schedule of a loan, to the cent.

    All payments are the same under equal instalments, and all principals under equal principal, but for the last.

    Examples
    --------
    >>> written = schedule(Loan(12_000, 0.0005, 12, "equal_principal"))
    >>> [round(float(due), 2) for due in written.payment_cny[:2]]
    [1180.0, 1165.0]
    """
    exact = exact_schedule(loan)
    usual = _in_cents(float(exact.payment_cny[0] - exact.fee_cny[0]))
    usual_principal = _in_cents(loan.amount_cny / loan.instalments)
    owed = _in_cents(loan.amount_cny)
    principal, interest = [], []
    for left in reversed(range(loan.instalments)):
        charged = _in_cents(owed * loan.monthly_rate / CENTS)
        wanted = usual_principal if loan.method == "equal_principal" else usual - charged
        # A loan of a few cents a month may be repaid before its last month, never beyond what is owed.
        repaid = min(max(wanted, 0), owed) if left else owed
        principal.append(repaid)
        interest.append(charged)
        owed -= repaid
    fee = np.array([_in_cents(float(due)) for due in exact.fee_cny])
    return Schedule(loan, np.array(principal) / CENTS, np.array(interest) / CENTS, fee / CENTS)


def exact_schedule(loan: Loan) -> Schedule:
    """Write the schedule without rounding; its internal rate of return is that of the contract."""
    principal = _principal(loan)
    owed_before = loan.amount_cny - np.concatenate(([0.0], np.cumsum(principal)[:-1]))
    fee = np.full(loan.instalments, loan.amount_cny * loan.monthly_fee_share)
    return Schedule(loan, principal, owed_before * loan.monthly_rate, fee)


def _in_cents(amount_cny: float) -> int:
    return round(amount_cny * CENTS)


def _principal(loan: Loan) -> FloatArray:
    """Principal of each month; under equal instalments it grows by the monthly rate."""
    if loan.method == "equal_principal" or loan.monthly_rate == 0:
        return np.full(loan.instalments, loan.amount_cny / loan.instalments)
    growth = (1 + loan.monthly_rate) ** np.arange(loan.instalments)
    principal: FloatArray = loan.amount_cny * growth / growth.sum()
    return principal
