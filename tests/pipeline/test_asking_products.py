"""Which product fits one person."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

import weilidai
from current_numbers import current_numbers
from weilidai.columns import CATALOGUE
from weilidai.errors import ConfigError, DataError
from weilidai.explain.product_choice import ProductAnswer, ProductChoice
from weilidai.explain.product_words import is_said, say_question
from weilidai.lender.products.catalogue import ProductParameters
from weilidai.parameters import Parameters
from weilidai.pipeline import asking
from weilidai.pipeline.answer_charts import charts
from weilidai.pipeline.asking_products import ask_which_product

KEYS = [
    "question", "is_invited", "p_invite", "threshold", "quota_cny", "quota_low_cny", "quota_high_cny", "daily_rate",
    "credit_grade", "amount_cny", "instalments", "products", "cheapest", "cheapest_if_met", "askable", "is_minor",
    "language", "note",
]
PRODUCT_KEYS = [
    "product", "name", "kind", "eligible", "conditions", "limit_low_cny", "limit_high_cny", "is_from_model",
    "covers_amount", "daily_rate_low", "daily_rate_high", "upfront_fee_share", "monthly_fee_share", "irr_annual",
    "cost_cny", "said_cheaper_than", "seconds_fastest", "seconds_slowest", "said", "sources", "because",
]
KNOWN = {"real_name_months": 24, "account_age_months": 48, "debit_card_count": 1,
         "pay_score": 650, "age_years": 30, "has_salary_card": False,
         "has_pay_score_enabled": True}
Ask = Callable[..., ProductChoice]


@pytest.fixture(autouse=True)
def _numbers_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def now(_regime: str) -> Parameters:
        return current_numbers()

    monkeypatch.setattr(asking, "load_parameters", now)


@pytest.fixture(scope="module")
def decided(model: Path, people: pd.DataFrame) -> pd.DataFrame:
    return weilidai.load_model(model).decide(people)


@pytest.fixture
def ask(tmp_path: Path, model: Path, people: pd.DataFrame, decided: pd.DataFrame) -> Ask:
    """Ask about somebody whom the model does not invite, changed by the columns given."""
    turned_down = people.loc[~decided["is_invited"] & (decided["p_invite"] == 0)].iloc[[0]]

    def asked(amount: float = 2000, instalments: int = 12, language: str = "en", **columns: Any) -> ProductChoice:
        row = json.loads(turned_down.to_json(orient="records"))[0] | KNOWN | columns
        (tmp_path / "person.json").write_text(json.dumps(row), encoding="utf-8")
        return ask_which_product(str(model), tmp_path / "person.json", None, language,  # type: ignore[arg-type]
                                 amount_cny=amount, instalments=instalments)

    return asked


def named(answer: ProductChoice, product: str) -> ProductAnswer:
    return next(one for one in answer.products if one.product == product)


def shown(answer: ProductChoice) -> str:
    out = io.StringIO()
    Console(file=out, width=240, force_terminal=False).print(answer)
    return out.getvalue()


def test_every_product_of_the_documents_is_answered(ask: Ask) -> None:
    table = current_numbers().part("products", ProductParameters).table
    assert [one.product for one in ask().products] == list(table)


def test_whoever_is_not_invited_is_told_so_and_where_it_is_documented(ask: Ask) -> None:
    own = named(ask(), "weilidai")
    assert own.eligible == "no"
    assert [(one.rule, one.source.document, one.source.section) for one in own.because] == [("invited", "D3", 2)]


def test_whoever_is_invited_gets_the_models_grant_and_rate(
    tmp_path: Path, model: Path, people: pd.DataFrame, decided: pd.DataFrame
) -> None:
    chosen = decided["is_invited"] & (people["age_years"] >= 18) & (people["real_name_months"] >= 1)
    people.loc[chosen & (people["debit_card_count"] >= 1)].head(1).to_csv(tmp_path / "one.csv", index=False)
    answer = ask_which_product(str(model), tmp_path / "one.csv", None, "en")
    own = named(answer, "weilidai")
    assert own.eligible == "yes"
    assert own.limit_low_cny == own.limit_high_cny == answer.verdict.quota_cny == answer.amount_cny
    assert own.daily_rate_low == own.daily_rate_high == answer.verdict.daily_rate
    assert [one.product for one in answer.products if one.is_from_model] == ["weilidai"]
    assert "(the model; range in D3, section 2)" in shown(answer)


def test_599_points_close_the_sibling_and_600_open_it(ask: Ask) -> None:
    assert named(ask(pay_score=600), "we2000").eligible == "yes"
    closed = named(ask(pay_score=599), "we2000")
    assert (closed.eligible, [one.text for one in closed.because]) == ("no", ["a WeChat pay score of at least 600"])


def test_a_limit_below_the_amount_has_no_cost(ask: Ask) -> None:
    one = named(ask(amount=2001), "we2000")
    assert (one.covers_amount, one.irr_annual, one.cost_cny) == (False, None, None)


def test_an_open_question_is_settled_by_the_persons_file(ask: Ask) -> None:
    before, after = ask(), ask(zhima_score=650)
    assert (named(before, "jiebei").eligible, named(after, "jiebei").eligible) == ("unknown", "yes")
    assert "zhima_score" in before.askable
    assert "zhima_score" not in after.askable
    assert named(ask(zhima_score=599), "jiebei").eligible == "no"


def test_the_cheapest_costs_least_among_the_open_ones(ask: Ask) -> None:
    answer = ask()
    prices = {one.product: one.irr_annual for one in answer.products if one.eligible == "yes" and one.irr_annual}
    assert answer.cheapest == min(prices, key=lambda name: prices[name])


def test_the_bank_would_be_cheaper_if_its_questions_were_answered_well(ask: Ask) -> None:
    answer = ask()
    assert answer.cheapest_if_met == "bank_credit_loan"
    said = shown(answer)
    assert "If the open questions were answered well: Bank credit loan" in said
    assert "salary statements" in said


def test_nothing_open_is_said_and_not_hidden(ask: Ask) -> None:
    answer = ask(amount=5000, pay_score=500)
    assert answer.cheapest is None
    assert answer.to_dict()["cheapest"] is None
    assert "No product with a documented price is open" in shown(answer)


def test_the_answer_is_plain_json_with_these_keys(ask: Ask) -> None:
    written = json.loads(json.dumps(ask().to_dict(), allow_nan=False))
    assert list(written) == KEYS
    assert all(list(one) == PRODUCT_KEYS for one in written["products"])
    assert set(written["products"][0]["conditions"][0]) == {"rule", "column", "standing", "text", "source"}
    assert set(written["cheapest"]) == {"product", "name", "irr_annual", "cost_cny", "open_questions"}


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text))


def test_chinese_and_english_carry_the_same_figures(ask: Ask) -> None:
    english, chinese = ask(language="en"), ask(language="zh")
    for ours, theirs in zip(english.products, chinese.products, strict=True):
        words = {"name", "conditions", "said"}
        one, other = ours.to_dict(), theirs.to_dict()
        assert {k: v for k, v in one.items() if k not in words} == {k: v for k, v in other.items() if k not in words}
    assert (english.cheapest, english.cheapest_if_met) == (chinese.cheapest, chinese.cheapest_if_met)
    assert set(figures(shown(english))) == set(figures(shown(chinese)))
    assert "小鹅花钱" in shown(chinese)


def test_products_without_figures_are_told_of_and_not_assessed(ask: Ask) -> None:
    answer = ask()
    context = [one for one in answer.products if one.kind == "context"]
    assert [one.product for one in context] == ["weilidai_plus", "zhouzhuan"]
    assert all(one.said and one.irr_annual is None for one in context)
    assert shown(answer).count("named by the documents, not assessed") == len(context)


def test_every_question_of_the_table_has_its_words() -> None:
    asked = current_numbers().part("products", ProductParameters).questions()
    assert [name for name in asked if not is_said(name) or name in CATALOGUE] == []


def test_a_further_column_that_is_no_number_is_refused(ask: Ask) -> None:
    with pytest.raises(DataError, match="text where a number belongs") as caught:
        ask(zhima_score="high")
    assert "high" not in str(caught.value)


@pytest.mark.parametrize(("amount", "instalments"), [(0, 12), (-5, 12), (1000, 0)])
def test_what_no_loan_can_be_is_refused(ask: Ask, amount: float, instalments: int) -> None:
    with pytest.raises(ConfigError, match="a loan needs"):
        ask(amount=amount, instalments=instalments)


@pytest.mark.parametrize(("language", "said"), [("en", "You are under age"), ("zh", "您未成年")])
def test_no_loan_is_suggested_to_a_minor(ask: Ask, language: str, said: str) -> None:
    answer = ask(language=language, age_years=16, zhima_score=700)
    assert answer.is_minor
    assert (answer.cheapest, answer.cheapest_if_met) == (None, None)
    assert said in shown(answer)
    assert charts(answer.to_dict())[1:] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_asked_stands_in_words_beside_its_name(ask: Ask, language: str) -> None:
    answer = ask(language=language)
    assert answer.askable
    for name in answer.askable:
        told = say_question(name, language)  # type: ignore[arg-type]  # the two languages
        assert told.count(name) == 1
        assert len(told) > len(name) + 3
        assert "".join(told.split()) in "".join(shown(answer).split())
