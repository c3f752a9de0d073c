"""What a loan costs, from its schedule to leaving it early or paying late."""

from weilidai.lender.terms.cost import CapSettings, Cost, cost_of, is_within_cap, quoted_annual_rate
from weilidai.lender.terms.leaving import CoolingOffSettings, EarlySettings, owed_to_undo, repay_early
from weilidai.lender.terms.loan import Loan, Schedule, schedule
from weilidai.lender.terms.overdue import OverdueSettings, overdue_charge, overdue_daily_rate
from weilidai.lender.terms.review import (
    PriceSettings,
    ReviewSettings,
    discounted_rate,
    may_ask_lower_rate,
    months_to_review,
    reviews_held,
    star_rate,
)
from weilidai.parameters import Strict

__all__ = [
    "Cost", "Loan", "Schedule", "TermsParameters", "cost_of", "discounted_rate", "is_within_cap",
    "may_ask_lower_rate", "months_to_review", "overdue_charge", "overdue_daily_rate", "owed_to_undo",
    "quoted_annual_rate", "repay_early", "reviews_held", "schedule", "star_rate",
]


class TermsParameters(Strict):
    """Every number of Weilidai's contract beside the rate itself."""

    cap: CapSettings
    early: EarlySettings
    cooling_off: CoolingOffSettings
    overdue: OverdueSettings
    review: ReviewSettings
    price: PriceSettings
