"""What no life goes beyond: launches, ages, means and habits that bound people's columns.

One home for each bound: the population keeps to them, and the checks for impossible rows look for them. The
numbers come from the stored parameters (``population.bounds``); each has its why among the assumptions.
"""

from collections.abc import Mapping

from weilidai.parameters import Strict

Month = tuple[int, int]
"""Year and month."""


class Launches(Strict):
    """Year and month in which something began, so that nobody has it for longer."""

    wechat: Month
    wechat_pay: Month
    licaitong: Month
    lingqiantong: Month
    housing_fund: Month
    weilidai: Month


class Ages(Strict):
    """Ages in completed years from which, or between which, something can be."""

    account_from: int
    """Age from which a person may have opened an account."""
    working_from: int
    """Age from which a person may have worked."""
    adult_from: int
    """Age from which a person may borrow, invest and insure."""
    by_user_type: Mapping[str, tuple[int, int]]
    """Kind of user -> youngest and oldest age at which somebody is one."""


class Means(Strict):
    """What an income allows at most, and at least; beyond it a figure is not believed."""

    least_income_cny: Mapping[str, float]
    """Lowest income a year of some kinds of users; nothing for the others."""
    spending_per_income: float
    """Spending a year through WeChat, as a multiple of the yearly income."""
    spending_allowance_cny: float
    """Spending a year that others pay for: parents, a spouse, savings."""
    flow_per_spending: float
    """Flow a year, as a multiple of the most one can spend in it."""
    savings_per_income: float
    """Holdings, as a multiple of the yearly income."""
    best_yearly_yield: float
    """Most that a yuan in Lingqiantong ever earned in a year."""
    without_housing_fund: tuple[str, ...]
    """Kinds of users for whom nobody pays into the housing fund."""


class Habits(Strict):
    """How often something can be done, and how far away."""

    payments_per_open: float
    """Payments for each time WeChat is opened."""
    automatic_payments: float
    """Payments a day that need no opening."""
    posts_per_open: float
    """Moments posts for each time WeChat is opened."""
    large_payment_cny: float
    """Amount from which a payment or transfer is a large one."""
    other_place_km: float
    """Distance between two logins from which the later one is a login from another place."""


class Credit(Strict):
    """What credit and its repayment allow."""

    least_line_per_card_cny: float
    lines_per_income: float
    """Credit lines, as a multiple of the yearly income; never below what the cards have."""
    least_on_time_share: float
    """Share of repayments on time of people without an overdue event."""
    repayments_24m: float
    """Repayments in 24 months, cards apart, of the busiest borrower."""


class Bounds(Strict):
    """Everything that bounds a person's columns."""

    launched: Launches
    ages: Ages
    means: Means
    habits: Habits
    credit: Credit
