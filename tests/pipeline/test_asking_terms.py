"""On what terms one person would borrow."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from rich.console import Console
from scipy.optimize import brentq

import weilidai
from current_numbers import current_numbers
from weilidai.errors import ConfigError, DataError
from weilidai.explain.loan_terms import Terms
from weilidai.explain.verdict import Verdict, verdict_on
from weilidai.parameters import Parameters
from weilidai.pipeline import asking, asking_terms
from weilidai.pipeline.asking_terms import ask_terms

KEYS = [
    "question", "is_invited", "p_invite", "threshold", "quota_cny", "quota_low_cny", "quota_high_cny", "daily_rate",
    "credit_grade", "loan", "early_repayment", "overdue", "cooling_off", "journey",
    "sources", "language", "note",
]
LOAN_KEYS = [
    "amount_cny", "instalments", "method", "is_above_grant", "largest_grant_cny",
    "is_above_largest_grant", "quoted_annual_rate", "irr_annual_nominal", "irr_annual",
    "is_within_cap", "cap_annual", "total_interest_cny", "total_fees_cny", "schedule",
]


@pytest.fixture(autouse=True)
def _numbers_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def now(_regime: str) -> Parameters:
        return current_numbers()

    monkeypatch.setattr(asking, "load_parameters", now)


@pytest.fixture
def file(tmp_path: Path, people: pd.DataFrame) -> Path:
    people.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path / "people.csv"


def shown(answer: Terms) -> str:
    out = io.StringIO()
    Console(file=out, width=200, force_terminal=False).print(answer)
    return out.getvalue()


def test_grant_and_rate_are_those_of_the_decision(model: Path, file: Path, people: pd.DataFrame) -> None:
    verdict = ask_terms(str(model), file, "17", "en").verdict
    decided = weilidai.load_model(model).decide(people.iloc[[17]]).iloc[0]
    for name in ("p_invite", "quota_cny", "quota_low_cny", "quota_high_cny", "daily_rate", "credit_grade"):
        assert getattr(verdict, name) == decided[name]


def test_without_an_amount_the_grant_is_borrowed_for_a_year(model: Path, file: Path) -> None:
    answer = ask_terms(str(model), file, "17", "en")
    assert answer.loan.amount_cny == answer.verdict.quota_cny
    assert (answer.loan.instalments, len(answer.loan.schedule)) == (12, 12)
    assert not answer.loan.is_above_grant


def test_the_figures_are_those_of_the_daily_rate(model: Path, file: Path) -> None:
    answer = ask_terms(str(model), file, "17", "en", amount_cny=12_000, method="equal_principal")
    rate = answer.verdict.daily_rate
    assert answer.loan.quoted_annual_rate == pytest.approx(360 * rate)
    assert answer.loan.irr_annual_nominal == pytest.approx(360 * rate, abs=1e-9)
    assert answer.loan.total_interest_cny == pytest.approx(12_000 * 30 * rate * 6.5, abs=0.01)
    assert answer.loan.schedule[0]["principal_cny"] == 1000
    assert answer.loan.schedule[-1]["balance_cny"] == 0
    assert answer.overdue.principal_cny == 1000
    assert answer.overdue.charge_cny == pytest.approx(1000 * 1.5 * rate * 30, abs=0.01)
    assert answer.early is not None
    assert (answer.early.principal_cny, answer.early.fee_cny) == (11_000, 0)
    assert answer.early.saved_cny == pytest.approx(answer.loan.total_interest_cny - 12_000 * 30 * rate, abs=0.02)
    assert (answer.cooling_off.hours, answer.cooling_off.owed_cny) == (24, 12_000)


@pytest.mark.parametrize("method", ["equal_instalment", "equal_principal"])
@pytest.mark.parametrize("instalments", [1, 3, 12, 36])
def test_the_irr_is_the_root_that_scipy_finds(
    model: Path, file: Path, instalments: int, method: Literal["equal_instalment", "equal_principal"]
) -> None:
    loan = ask_terms(
        str(model), file, "17", "en", amount_cny=9_000, instalments=instalments, method=method
    ).loan

    def worth(monthly: float) -> float:
        paid = (row["payment_cny"] / (1 + monthly) ** row["instalment"] for row in loan.schedule)
        return sum(paid) - loan.amount_cny

    monthly = brentq(worth, 0, 1, xtol=1e-12)
    assert 12 * monthly == pytest.approx(loan.irr_annual_nominal, abs=2e-5)
    assert (1 + monthly) ** 12 - 1 == pytest.approx(loan.irr_annual, abs=2e-5)


def test_023_thousandths_a_day_are_quoted_as_eight_point_two_eight_percent_a_year(
    model: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_the_best_rate(*given: object) -> Verdict:
        return replace(verdict_on(*given), daily_rate=0.00023)  # type: ignore[arg-type]

    monkeypatch.setattr(asking_terms, "verdict_on", at_the_best_rate)
    answer = ask_terms(str(model), file, "17", "en")
    assert answer.loan.quoted_annual_rate == pytest.approx(0.0828)
    assert "0.023%" in shown(answer)
    assert "8.28%" in shown(answer)


def test_the_way_to_the_money_takes_the_documented_times(model: Path, file: Path) -> None:
    journey = ask_terms(str(model), file, "17", "en").journey
    assert (journey.approval_seconds, journey.payout_seconds, journey.steps) == (20, 120, 5)
    assert journey.checking_seconds >= 23 + 18 + 35
    assert journey.total_seconds == journey.checking_seconds + 140


def test_the_whole_schedule_is_there_in_full(model: Path, file: Path) -> None:
    answer = ask_terms(str(model), file, "17", "en", instalments=24)
    (table,) = [part for part in answer.in_full() if getattr(part, "row_count", 0) == 24]
    assert table.caption is None  # type: ignore[union-attr]


def test_a_loan_of_one_instalment_cannot_end_after_a_month_early(model: Path, file: Path) -> None:
    answer = ask_terms(str(model), file, "17", "en", instalments=1)
    assert answer.early is None
    assert answer.to_dict()["early_repayment"] is None
    assert "repaid early" not in shown(answer)


def test_an_amount_above_the_grant_is_said(model: Path, file: Path) -> None:
    answer = ask_terms(str(model), file, "17", "en", amount_cny=900_000)
    assert answer.loan.is_above_grant
    assert "above the first grant" in shown(answer)
    assert answer.loan.is_above_largest_grant
    assert "No such loan would be given" in shown(answer)
    assert "No such loan" not in shown(ask_terms(str(model), file, "17", "en"))


@pytest.mark.parametrize("grade", ["AAA", "AA", "A"])
def test_a_grade_cites_its_own_prices(
    model: Path, file: Path, monkeypatch: pytest.MonkeyPatch, grade: str
) -> None:
    def graded(*given: object) -> Verdict:
        return replace(verdict_on(*given), credit_grade=grade)  # type: ignore[arg-type]

    monkeypatch.setattr(asking_terms, "verdict_on", graded)
    sources = ask_terms(str(model), file, "17", "en").sources
    assert [one.fact for one in sources["grade"]] == [f"D1.6.daily_rate_{grade.lower()}"]
    assert [one.fact for one in sources["quoted"]] == [f"D1.6.annual_rate_{grade.lower()}"]


def test_the_time_says_what_it_counts(model: Path, file: Path) -> None:
    assert "identity checks included" in " ".join(shown(ask_terms(str(model), file, "17", "en")).split())


def test_every_item_names_a_document_and_section(model: Path, file: Path) -> None:
    sources = ask_terms(str(model), file, "17", "en").sources
    assert {name: sorted({(one.document, one.section) for one in found}) for name, found in sources.items()} == {
        "grant": [("D3", 2)], "daily": [("D2", 8)], "grade": [("D1", 6)], "quoted": [("D1", 6)], "irr": [("D2", 5)],
        "interest": [("D3", 6)], "early": [("D1", 6)], "overdue": [("D3", 6)], "cooling_off": [("D3", 9)],
        "cap": [("D2", 5)], "journey": [("D1", 4), ("D2", 2)],
    }


def test_the_answer_is_plain_json_with_these_keys(model: Path, file: Path) -> None:
    written = json.loads(json.dumps(ask_terms(str(model), file, "17", "en").to_dict(), allow_nan=False))
    assert list(written) == KEYS
    assert list(written["loan"]) == LOAN_KEYS
    assert set(written["loan"]["schedule"][0]) == {
        "instalment", "payment_cny", "principal_cny", "interest_cny", "fee_cny", "balance_cny",
    }
    assert "not the bank's decision" in written["note"]


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


def test_chinese_and_english_carry_the_same_figures(model: Path, file: Path) -> None:
    english, chinese = (ask_terms(str(model), file, "17", language) for language in ("en", "zh"))
    plain = {"language", "note"}
    ours, theirs = english.to_dict(), chinese.to_dict()
    assert {k: v for k, v in ours.items() if k not in plain} == {k: v for k, v in theirs.items() if k not in plain}
    assert figures(shown(english)) == figures(shown(chinese))
    assert "24小时" in shown(chinese)


@pytest.mark.parametrize("amount", [0.0, -1.0, float("nan")])
def test_what_no_loan_can_be_is_refused(model: Path, file: Path, amount: float) -> None:
    with pytest.raises(ConfigError, match="amount above 0"):
        ask_terms(str(model), file, "17", "en", amount_cny=amount)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_person_who_breaks_the_contract_is_placed_in_the_file(
    tmp_path: Path, model: Path, people: pd.DataFrame, language: Literal["en", "zh"]
) -> None:
    people.iloc[[17]].drop(columns="friend_count").to_csv(tmp_path / "one.csv", index=False)
    with pytest.raises(DataError, match="friend_count: is missing") as caught:
        ask_terms(str(model), tmp_path / "one.csv", None, language)
    assert caught.value.where == str(tmp_path / "one.csv")
