"""Reasons in the words of a mapping."""

import numpy as np
import pandas as pd
import pytest

from own_tables import drawn_table, taiwan
from weilidai.dataset.own_columns import in_own_words
from weilidai.explain.own_reasons import own_reasons, say
from weilidai.pipeline.sources import own_lender

FEATURES = ("delay_1_months", "credit_line_twd", "education", "sex")


@pytest.fixture
def people() -> pd.DataFrame:
    table = drawn_table(3).assign(PAY_0=[2, 0, -2], LIMIT_BAL=[20000.0, 20000.0, 1.5], EDUCATION=[1, 9, 3])
    return in_own_words(table, taiwan())


def told(people: pd.DataFrame, language: str, contributions: list[float], side: str = "adverse") -> list[str]:
    given = np.tile(contributions, (len(people), 1))
    reasons = own_reasons(
        people, given, own_lender(taiwan()).factors, language, features=FEATURES, own=taiwan(), side=side,  # type: ignore[arg-type]
    )
    return [reason.text for reason in reasons[0]]


def test_the_strongest_factor_comes_first_in_both_languages(people: pd.DataFrame) -> None:
    assert told(people, "en", [-2.0, -1.0, 0.3, 0.0]) == [
        "Latest repayment: this weighed against you (repayment in September: 2 months late; the less the better).",
        ("Credit line given so far: this weighed against you "
         "(credit line: 20,000 New Taiwan dollars; the more the better)."),
    ]
    said = "最近一次还款：对您不利（九月还款状态：2个月逾期；越低越好）。"
    assert told(people, "zh", [-2.0, 0.0, 0.3, 0.0]) == [said]


def test_a_protected_factor_is_never_told(people: pd.DataFrame) -> None:
    assert told(people, "en", [0.0, 0.0, 0.0, -5.0]) == []


def test_what_speaks_for_a_person_is_told_on_the_other_side(people: pd.DataFrame) -> None:
    said = told(people, "en", [0.0, 0.0, 1.0, 0.0], "favourable")
    assert said == ["Education: this spoke for you (education: graduate school)."]


def test_a_value_with_words_of_its_own_is_told_in_them() -> None:
    assert say(taiwan().by_name["delay_1_months"], -1, "en") == "paid in full"
    assert say(taiwan().by_name["delay_1_months"], -1, "zh") == "全额还清"


def test_an_unknown_code_and_a_missing_value_are_not_known() -> None:
    assert say(taiwan().by_name["education"], "9", "en") == "not known"
    assert say(taiwan().by_name["education"], None, "zh") == "未知"


def test_a_reason_of_ones_own_table_cites_no_document(people: pd.DataFrame) -> None:
    reason = own_reasons(
        people, np.tile([-2.0, 0.0, 0.0, 0.0], (3, 1)), own_lender(taiwan()).factors, "en", features=FEATURES,
        own=taiwan(),
    )[0][0]
    assert (reason.document, reason.section, reason.value) == (None, None, 2)
