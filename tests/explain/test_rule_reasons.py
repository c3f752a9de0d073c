"""Hard rules in words."""

import numpy as np
import pandas as pd

from weilidai.explain.rule_reasons import OTHER_RULE, RULE_WORDS, failures
from weilidai.facts import load_book
from weilidai.rules import Eligibility, Rule


def test_every_rule_of_the_lender_has_its_words() -> None:
    lender = load_book().assumptions["A.lender.rules"].values
    assert set(lender) | {"prequalification"} == set(RULE_WORDS)


def test_rules_come_in_the_order_in_which_the_lender_meets_them(people: pd.DataFrame, policy: Eligibility) -> None:
    failed = policy.failed(people)
    order = list(failed)
    for row, found in enumerate(failures(people, failed, policy, most=99)):
        assert [failure.rule for failure in found] == [name for name in order if failed[name][row]]


def test_no_more_rules_are_told_than_asked_for(people: pd.DataFrame, policy: Eligibility) -> None:
    failed = {name: np.ones(len(people), dtype=bool) for name in policy.failed(people)}
    assert {len(found) for found in failures(people, failed, policy, most=3)} == {3}


def test_the_score_is_told_by_the_line_on_which_most_is_missing(people: pd.DataFrame, policy: Eligibility) -> None:
    some = people.head(3).assign(
        account_age_months=[12, 0, 12], daily_payment_count=[0.0, 9.0, 10.0], credit_card_count=[1, 2, np.nan]
    )
    failed = {"prequalification": np.array([True, True, True])}
    found = [failure.column for (failure,) in failures(some, failed, policy, most=4)]
    assert found == ["daily_payment_count", "account_age_months", "credit_card_count"]


def test_a_rule_without_words_of_its_own_is_still_told(people: pd.DataFrame, policy: Eligibility) -> None:
    new = Eligibility((Rule("loyal", "account_age_months", ">=", 99, "A.loyal"),), policy.scorecard)
    (found,) = failures(people.head(1), {"loyal": np.array([True])}, new, most=4)
    assert (found[0].words, found[0].bar) == (OTHER_RULE, 99)
