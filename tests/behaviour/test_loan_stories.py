"""Stories of one loan, told in ``loans.yaml``: schedule, interest, leaving early, being late."""

from pathlib import Path
from typing import Any

import pytest

from stories import read
from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.lender.terms import (
    Loan,
    TermsParameters,
    cost_of,
    is_within_cap,
    overdue_charge,
    owed_to_undo,
    repay_early,
    schedule,
)
from weilidai.matching.compose import compose

TOLD = {"first", "last", "interest", "quoted", "irr", "within_cap", "settle", "undo", "overdue"}
STORIES = read(Path(__file__).resolve().parent / "loans.yaml", keys={"title", "loan", *TOLD})
CENT, HUNDREDTH_OF_A_PERCENT = 0.005, 0.00005


@pytest.fixture(scope="module")
def terms() -> TermsParameters:
    return compose(load_book()).part("terms", TermsParameters)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any], terms: TermsParameters) -> None:
    assert TOLD & set(story), "the story says nothing"
    loan = Loan(**story["loan"])
    due, cost = schedule(loan).payment_cny, cost_of(loan)
    amounts = {"first": due[0], "last": due[-1], "interest": cost.interest_cny}
    rates = {"quoted": cost.apr_quoted, "irr": cost.irr_annual}
    for name in amounts.keys() & story.keys():
        assert amounts[name] == pytest.approx(story[name], abs=CENT), name
    for name in rates.keys() & story.keys():
        assert rates[name] == pytest.approx(story[name], abs=HUNDREDTH_OF_A_PERCENT), name
    assert is_within_cap(loan, terms.cap) == story.get("within_cap", is_within_cap(loan, terms.cap))


@pytest.mark.parametrize("story", [s for s in STORIES if "settle" in s], ids=lambda story: story["title"])
def test_it_is_settled_early_as_told(story: dict[str, Any], terms: TermsParameters) -> None:
    told = dict(story["settle"])
    settled = repay_early(Loan(**story["loan"]), told.pop("day"), terms.early)
    assert {name: getattr(settled, f"{name}_cny") for name in told} == pytest.approx(told, abs=CENT)


@pytest.mark.parametrize("story", [s for s in STORIES if "undo" in s], ids=lambda story: story["title"])
def test_it_is_undone_as_told(story: dict[str, Any], terms: TermsParameters) -> None:
    loan, told = Loan(**story["loan"]), story["undo"]
    if told["owes"] is None:
        with pytest.raises(ConfigError, match="hours"):
            owed_to_undo(loan, told["hours"], terms.cooling_off)
    else:
        assert owed_to_undo(loan, told["hours"], terms.cooling_off) == pytest.approx(told["owes"], abs=CENT)


@pytest.mark.parametrize("story", [s for s in STORIES if "overdue" in s], ids=lambda story: story["title"])
def test_being_late_costs_what_is_told(story: dict[str, Any], terms: TermsParameters) -> None:
    loan, told = Loan(**story["loan"]), story["overdue"]
    charge = overdue_charge(loan.amount_cny, loan.daily_rate, told["days"], terms.overdue)
    assert float(charge) == pytest.approx(told["charge"], abs=CENT)
