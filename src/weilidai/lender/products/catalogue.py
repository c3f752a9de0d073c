"""One table of every credit product the documents name: conditions, quota, price, fees and speed.

D3 sections 1, 2, 6 and 8 (the WeChat family and its rivals), D2 section 8 (banks and other lenders), D4 section 4
(quotas, yearly rates, approval), D0 section 8 (state banks, Zhouzhuan), D1 section 9 (the plus service).
"""

from collections.abc import Mapping
from typing import Literal

from weilidai.columns import CATALOGUE
from weilidai.errors import ConfigError, suggest
from weilidai.lender.terms.loan import Loan, Method
from weilidai.lender.terms.overdue import OverdueSettings
from weilidai.parameters import Strict
from weilidai.units import DAYS_PER_YEAR_QUOTED

Unit = Literal["seconds", "minutes", "hours", "days", "working_days"]
_SECONDS: Mapping[str, float] = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
SECONDS_PER_HOUR = 3_600


class Requirement(Strict):
    """One condition on a person; a column outside the contract is a question to be asked."""

    column: str
    comparison: Literal[">=", "<=", "=="]
    value: float
    fact: str
    otherwise: Literal["no", "unknown"] = "no"
    """What a miss means: ``unknown`` where the column only stands in for what another platform sees."""

    @property
    def is_asked(self) -> bool:
        """Whether no column of the contract knows the answer."""
        return self.column not in CATALOGUE


class Cited(Strict):
    """Something that carries no figure: a step to take, a wish of the product."""

    fact: str


class Quota(Strict):
    """Limit range in CNY; none where no document gives it."""

    low_cny: float | None = None
    high_cny: float | None = None
    own_column: str | None = None
    """Column that holds the person's own limit once there is one."""


class Better(Strict):
    """People at a mark are priced in the lower part of the range, the others in the upper."""

    column: str
    mark: float
    lower_part: float
    fact: str


class Rate(Strict):
    """Interest as the documents quote it."""

    basis: Literal["daily", "annual"]
    low: float
    high: float
    fact: str
    own_column: str | None = None
    """Column that holds the person's own daily rate once there is one."""
    better: Better | None = None

    @property
    def daily(self) -> tuple[float, float]:
        """Lowest and highest daily rate; a yearly one is divided by 360."""
        days = 1 if self.basis == "daily" else DAYS_PER_YEAR_QUOTED
        return self.low / days, self.high / days


class InstalmentFee(Strict):
    """Monthly fee on the first amount when a loan is repaid in more than one instalment."""

    monthly_share: float
    replaces_interest: bool


class Wait(Strict):
    """One documented duration."""

    value: float
    unit: Unit
    fact: str


class Speed(Strict):
    """Shortest and longest documented duration of one step."""

    fastest: Wait
    slowest: Wait


class Product(Strict):
    """Everything known of one product."""

    name_en: str
    name_zh: str
    kind: Literal["own", "sibling", "rival", "context"]
    """``context``: named by the documents without a figure; assessed, never ranked."""
    fact: str
    requirements: Mapping[str, Requirement]
    steps: Mapping[str, Cited] = {}
    """What happens while applying, and stands in nobody's way beforehand."""
    wishes: Mapping[str, Cited] = {}
    """Whom the product looks for, without refusing others."""
    quota: Quota = Quota()
    rate: Rate | None = None
    upfront_fee_share: float = 0.0
    instalment_fee: InstalmentFee | None = None
    overdue: OverdueSettings | None = None
    approval: Speed | None = None
    payout: Speed | None = None
    cheaper_than: str | None = None
    """Product it is said to be cheaper than, where no rate is given."""

    def columns(self) -> set[str]:
        """Columns that conditions, quota and price read."""
        rate = self.rate
        further = [self.quota.own_column]
        if rate is not None:
            further += [rate.own_column, rate.better.column if rate.better else None]
        return {*(one.column for one in self.requirements.values()), *(name for name in further if name)}

    def loan(self, amount_cny: float, instalments: int, daily_rate: float, method: Method) -> Loan:
        """Draw an amount at this product's rate and fees."""
        fee = self.instalment_fee if instalments > 1 else None
        return Loan(
            amount_cny, 0.0 if fee and fee.replaces_interest else daily_rate, instalments, method,
            upfront_fee_share=self.upfront_fee_share, monthly_fee_share=fee.monthly_share if fee else 0.0,
        )


class ProductParameters(Strict):
    """The product table."""

    table: Mapping[str, Product]
    hours_per_working_day: float
    """Hours that pass for the borrower while one working day of a lender does."""
    in_range: Mapping[Literal["low", "middle", "high"], float]
    """Where in a person's rate range each view of the price lies, 0 to 1."""

    def product(self, name: str) -> Product:
        """Look up a product.

        Raises
        ------
        ConfigError
            There is none of this name.
        """
        if name not in self.table:
            raise ConfigError(f"there is no product '{name}', {suggest(name, self.table)}")
        return self.table[name]

    def columns(self) -> set[str]:
        """Columns that the whole table reads."""
        return set().union(*(product.columns() for product in self.table.values()))

    def seconds(self, wait: Wait) -> float:
        """Duration in seconds as it passes for the borrower."""
        if wait.unit == "working_days":
            return wait.value * self.hours_per_working_day * SECONDS_PER_HOUR
        return wait.value * _SECONDS[wait.unit]

    def until_money(self, product: Product) -> tuple[float, float]:
        """Shortest and longest time in seconds over the documented steps; NaN when none is documented."""
        steps = [step for step in (product.approval, product.payout) if step is not None]
        if not steps:
            return float("nan"), float("nan")
        return sum(self.seconds(s.fastest) for s in steps), sum(self.seconds(s.slowest) for s in steps)

    def questions(self) -> dict[str, tuple[str, ...]]:
        """Give what no column knows and has to be asked, with the products that ask it."""
        asked: dict[str, list[str]] = {}
        for name, product in self.table.items():
            for requirement in filter(lambda one: one.is_asked, product.requirements.values()):
                asked.setdefault(requirement.column, []).append(name)
        return {column: tuple(products) for column, products in asked.items()}
