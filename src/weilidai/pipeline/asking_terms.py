"""On what terms one person would borrow: the model's grant and rate, put into the lender's contract."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from weilidai.explain.loan_terms import CoolingOff, Early, Journey, LoanCost, Overdue, Terms
from weilidai.explain.sources import Source
from weilidai.explain.verdict import Verdict, verdict_on
from weilidai.facts import Book, load_book
from weilidai.lender import LenderParameters
from weilidai.lender.terms import (
    Loan,
    TermsParameters,
    cost_of,
    is_within_cap,
    overdue_charge,
    overdue_daily_rate,
    owed_to_undo,
    repay_early,
    schedule,
)
from weilidai.lender.terms.loan import Method
from weilidai.parameters import Parameters
from weilidai.pipeline.asking import asked_person, parameters_of, placed
from weilidai.pipeline.citing import cite, cite_numbers
from weilidai.units import DAYS_PER_MONTH, SECONDS_PER_MINUTE

INSTALMENTS: Final = 12
OVERDUE_DAYS: Final = 30
_DOCUMENTED: Final[Mapping[str, tuple[str, ...]]] = {
    "grant": ("D3.2.weilidai_quota_range",),
    "daily": ("D2.8.weilidai_rate",),
    "irr": ("D2.5.discloses_irr",),
    "interest": ("D3.6.weilidai_interest_by_day", "D3.6.weilidai_no_fee"),
}
"""Item -> facts that say how it is measured."""
_LARGEST: Final = "D3.2.weilidai_quota_range"
_BY_GRADE: Final[Mapping[str, str]] = {"grade": "D1.6.daily_rate_", "quoted": "D1.6.annual_rate_"}
"""Item -> beginning of the facts, one for each grade."""
_GRADED: Final = ("aaa", "aa", "a")
_NUMBERED: Final[Mapping[str, tuple[str, ...]]] = {
    "early": ("terms.early.fee_cny",),
    "overdue": ("terms.overdue.uplift_share",),
    "cooling_off": ("terms.cooling_off.hours",),
    "cap": ("terms.cap.annual",),
    "journey": (
        "lender.identity_check.mean_seconds.face", "lender.identity_check.mean_seconds.phone",
        "lender.identity_check.mean_seconds.identity_card", "lender.opening_times.approval_seconds",
        "lender.opening_times.mean_payout_minutes", "lender.journey.steps",
    ),
}
"""Item -> stored numbers it is computed from."""


def ask_terms(
    model: str, file: Path, person_id: str | None, language: Literal["en", "zh"], tracking_uri: str | None = None,
    *, amount_cny: float | None = None, instalments: int = INSTALMENTS, method: Method = "equal_instalment",
) -> Terms:
    """Answer what a person would get, and on what terms.

    Parameters
    ----------
    model, file, person_id, language, tracking_uri
        As for :func:`weilidai.pipeline.asking.ask_why_not`.
    amount_cny
        Amount to borrow; the first grant when left out.
    instalments
        Monthly instalments.
    method
        The same principal each month, or the same payment.

    Raises
    ------
    DataError
        The file holds no such person, or not one.
    ConfigError
        No loan can be of this amount or length.
    """
    decider, person = asked_person(model, file, person_id, tracking_uri)
    with placed(file):
        verdict = verdict_on(decider, person)
    book, parameters = load_book(), parameters_of(decider)
    terms = parameters.part("terms", TermsParameters)
    amount = _cents(verdict.quota_cny if amount_cny is None else amount_cny)
    loan = Loan(amount, verdict.daily_rate, instalments, method)
    return Terms(
        verdict=verdict,
        loan=_cost(loan, verdict, terms, max(book.fact(_LARGEST).values)),
        early=_early(loan, terms) if instalments > 1 else None,
        overdue=_overdue(loan, terms),
        cooling_off=CoolingOff(terms.cooling_off.hours, _cents(owed_to_undo(loan, 0, terms.cooling_off))),
        journey=_journey(parameters.part("lender", LenderParameters)),
        sources=_sources(book, parameters, verdict.credit_grade),
        language=language,
    )


def _journey(lender: LenderParameters) -> Journey:
    times = lender.opening_times
    return Journey(
        lender.journey.steps, sum(lender.identity_check.mean_seconds.values()), sum(times.approval_seconds) / 2,
        times.mean_payout_minutes * SECONDS_PER_MINUTE,
    )


def _cost(loan: Loan, verdict: Verdict, terms: TermsParameters, largest_cny: float) -> LoanCost:
    cost = cost_of(loan)
    rows: list[dict[str, Any]] = schedule(loan).to_frame().to_dict("records")  # type: ignore[assignment]
    return LoanCost(
        amount_cny=loan.amount_cny, instalments=loan.instalments, method=loan.method,
        is_above_grant=loan.amount_cny > verdict.quota_cny, largest_grant_cny=largest_cny,
        is_above_largest_grant=loan.amount_cny > largest_cny,
        quoted_annual_rate=cost.apr_quoted, irr_annual_nominal=cost.irr_annual_nominal, irr_annual=cost.irr_annual,
        is_within_cap=is_within_cap(loan, terms.cap), cap_annual=terms.cap.annual,
        total_interest_cny=_cents(cost.interest_cny), total_fees_cny=_cents(cost.fees_cny), schedule=tuple(rows),
    )


def _early(loan: Loan, terms: TermsParameters) -> Early:
    """Settle after one month, the first instalment being paid."""
    settled = repay_early(loan, DAYS_PER_MONTH, terms.early)
    return Early(
        DAYS_PER_MONTH, settled.instalments_paid, _cents(settled.principal_cny), _cents(settled.interest_cny),
        _cents(settled.fee_cny), _cents(settled.total_cny), _cents(settled.saved_cny),
    )


def _overdue(loan: Loan, terms: TermsParameters) -> Overdue:
    principal = float(schedule(loan).principal_cny[0])
    charge = float(overdue_charge(principal, loan.daily_rate, OVERDUE_DAYS, terms.overdue))
    rate = float(overdue_daily_rate(loan.daily_rate, terms.overdue))
    return Overdue(OVERDUE_DAYS, _cents(principal), rate, _cents(charge))


def _sources(book: Book, parameters: Parameters, grade: str) -> dict[str, tuple[Source, ...]]:
    documented = {name: cite(book, facts) for name, facts in _DOCUMENTED.items()}
    graded = [grade.lower()] if grade.lower() in _GRADED else _GRADED
    documented |= {name: cite(book, [fact + one for one in graded]) for name, fact in _BY_GRADE.items()}
    return documented | {name: cite_numbers(book, parameters, paths) for name, paths in _NUMBERED.items()}


def _cents(amount_cny: float) -> float:
    return round(amount_cny, 2)
