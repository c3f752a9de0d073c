import numpy as np
import pandas as pd

from weilidai.models.known_answers import PEOPLE_KEPT, choose_people, difference, people_from, people_to_dict, to_plain

PEOPLE = pd.DataFrame({
    "user_type": pd.Series(["student", None] * 50, dtype="str"),
    "has_salary_card": [True, False] * 50,
    "debt_to_income_share": np.linspace(0, 1, 100, dtype=np.float32),
    "open_loan_count": [np.nan, 2.0] * 50,
})  # fmt: skip


def test_kept_people_come_back_to_the_last_bit() -> None:
    kept = people_to_dict(PEOPLE, list(PEOPLE.columns))
    assert people_to_dict(people_from(kept), list(PEOPLE.columns)) == kept
    assert people_from(kept)["debt_to_income_share"].equals(PEOPLE["debt_to_income_share"])


def test_half_of_the_kept_people_are_eligible_where_there_are_enough() -> None:
    is_eligible = np.arange(100) < 70
    kept = choose_people(PEOPLE, list(PEOPLE.columns), is_eligible)
    assert len(kept) == PEOPLE_KEPT
    assert (kept["debt_to_income_share"] < 0.7).sum() == PEOPLE_KEPT // 2


def test_people_are_kept_when_nobody_or_everybody_is_eligible() -> None:
    for is_eligible in (np.zeros(100, dtype=bool), np.ones(100, dtype=bool)):
        assert len(choose_people(PEOPLE, ["user_type"], is_eligible)) >= PEOPLE_KEPT // 2


def test_a_difference_is_named_by_its_column() -> None:
    answers = to_plain(pd.DataFrame({"p_invite": [0.25, 0.5], "is_invited": [False, True]}))
    nearly = {**answers, "p_invite": [0.25, 0.5 + 1e-15]}
    assert difference(answers, answers, exact=True) is None
    assert difference(nearly, answers, exact=False) is None
    assert difference(nearly, answers, exact=True) == "p_invite"
    assert difference({**answers, "p_invite": [0.25, 0.5 + 1e-9]}, answers, exact=False) == "p_invite"
    assert difference({**answers, "is_invited": [True, True]}, answers, exact=False) == "is_invited"
    assert difference({"p_invite": [0.25, 0.5]}, answers, exact=False) == "is_invited"
