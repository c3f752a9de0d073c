import numpy as np
import pandas as pd
import pytest

from weilidai.columns import FEATURES
from weilidai.dataset.contract import check_table, require
from weilidai.dataset.problems import Problem
from weilidai.errors import ConfigError, DataError


def problems_of(applicants: pd.DataFrame, column: str, purpose: str = "train") -> list[Problem]:
    found = check_table(applicants, FEATURES, purpose)  # type: ignore[arg-type]
    return [problem for problem in found if problem.column == column]


@pytest.mark.parametrize("purpose", ["train", "score"])
def test_a_table_that_keeps_the_contract_passes_without_a_word(applicants: pd.DataFrame, purpose: str) -> None:
    assert require(applicants, FEATURES, purpose) == []  # type: ignore[arg-type]


def test_all_breaches_are_told_at_once(applicants: pd.DataFrame) -> None:
    applicants.loc[3, "age_years"] = 7
    applicants.loc[4, "monthly_spend_cny"] = np.inf
    broken = applicants.drop(columns="friend_count")
    with pytest.raises(DataError) as told:
        require(broken, FEATURES, "train")
    assert told.value.exit_code == 3
    for column in ("age_years", "monthly_spend_cny", "friend_count"):
        assert f"\n  {column}: " in str(told.value)
    assert "3 places" in str(told.value)


def test_a_missing_column_names_the_near_one(applicants: pd.DataFrame) -> None:
    renamed = applicants.rename(columns={"friend_count": "friends_count"})
    assert "did you mean 'friends_count'" in problems_of(renamed, "friend_count")[0].what
    assert not problems_of(renamed, "friends_count")[0].is_fatal


def test_an_optional_column_may_be_absent_when_people_are_scored_but_not_when_they_are_learnt_from(
    applicants: pd.DataFrame,
) -> None:
    less = applicants.drop(columns=["pay_score", "person_id"])
    assert [p.is_fatal for p in problems_of(less, "pay_score", "score")] == [False]
    assert [p.is_fatal for p in problems_of(less, "pay_score", "train")] == [True]
    assert problems_of(less, "person_id", "score") == []


def test_a_column_that_occurs_twice_is_refused(applicants: pd.DataFrame) -> None:
    doubled = pd.concat([applicants, applicants[["friend_count"]]], axis=1)
    assert [p.what for p in problems_of(doubled, "friend_count")] == ["occurs 2 times as a column"]


def test_an_unknown_column_is_left_out_with_a_warning(applicants: pd.DataFrame) -> None:
    applicants["shoe_size"] = 42
    assert [p.is_fatal for p in require(applicants, FEATURES, "train")] == [False]


def test_the_order_of_the_columns_does_not_matter(applicants: pd.DataFrame) -> None:
    assert require(applicants[applicants.columns[::-1]], FEATURES, "train") == []


def test_an_unknown_wanted_column_is_a_mistake_of_the_caller(applicants: pd.DataFrame) -> None:
    with pytest.raises(ConfigError, match="did you mean 'friend_count'"):
        check_table(applicants, ["friends_count"], "score")


def test_a_table_without_rows_is_refused(applicants: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="has no rows"):
        require(applicants.iloc[:0], FEATURES, "score")


def test_one_person_can_be_scored(applicants: pd.DataFrame) -> None:
    assert require(applicants.iloc[[5]], FEATURES, "score") == []


def test_a_message_shows_rows_but_no_value_of_a_person(applicants: pd.DataFrame) -> None:
    applicants.loc[[10, 20], "monthly_spend_cny"] = -98765.0
    with pytest.raises(DataError) as told:
        require(applicants, FEATURES, "score")
    assert "(2 rows; first: 11, 21)" in str(told.value)
    assert "98765" not in str(told.value)
