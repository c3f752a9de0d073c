import numpy as np
import pandas as pd
import pytest

from weilidai.columns import FEATURES
from weilidai.dataset.contract import require
from weilidai.dataset.label_checks import check_labels, check_leaks
from weilidai.dataset.settings import TableLimits
from weilidai.errors import DataError


def fatal(applicants: pd.DataFrame, limits: TableLimits | None = None) -> list[str]:
    return [str(problem) for problem in check_labels(applicants, limits or TableLimits())]


def test_one_class_only_is_refused(applicants: pd.DataFrame) -> None:
    applicants["is_invited"] = True
    assert fatal(applicants) == ["is_invited: is false for only 0 people; at least 30 needed"]


def test_too_few_rows_are_refused_with_both_counts(applicants: pd.DataFrame) -> None:
    assert "table: 100 rows are too few to learn from; at least 500" in fatal(applicants.iloc[:100])


@pytest.mark.parametrize("label", [np.nan, 2, -1])
def test_a_label_that_is_neither_yes_nor_no_is_refused(applicants: pd.DataFrame, label: float) -> None:
    applicants["is_invited"] = applicants["is_invited"].astype("float64")
    applicants.loc[11, "is_invited"] = label
    with pytest.raises(DataError, match=r"is_invited: is .*\(1 rows; first: 12\)"):
        require(applicants, FEATURES, "train")


@pytest.mark.parametrize("grant", [np.nan, 0.0, -500.0])
def test_a_grant_that_cannot_be_is_refused_for_people_who_opened(applicants: pd.DataFrame, grant: float) -> None:
    opened = applicants.index[applicants["is_opened"]]
    applicants.loc[opened[0], "initial_quota_cny"] = grant
    assert len(fatal(applicants)) == 1


def test_nobody_who_did_not_open_needs_a_grant(applicants: pd.DataFrame) -> None:
    applicants.loc[~applicants["is_opened"], ["initial_quota_cny", "daily_rate", "credit_grade"]] = np.nan
    assert fatal(applicants) == []


def test_a_column_that_copies_the_label_is_named_whichever_way_it_runs(applicants: pd.DataFrame) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, len(applicants))
    applicants["friend_count"] = applicants["is_invited"] + noise
    applicants["monthly_spend_cny"] = -applicants["friend_count"]
    named = [problem.column for problem in check_leaks(applicants, FEATURES, TableLimits())]
    assert named == ["friend_count", "monthly_spend_cny"]


def test_a_strong_but_honest_column_is_no_leak(applicants: pd.DataFrame) -> None:
    noise = np.random.default_rng(1).normal(0, 1, len(applicants))
    applicants["friend_count"] = applicants["is_invited"] * 2 + noise
    assert list(check_leaks(applicants, FEATURES, TableLimits())) == []


def _as_a_kind(invited: pd.Series) -> pd.Series:
    return pd.Series(np.where(invited, "office_worker", "student"), index=invited.index).astype("str")


def _missing_where_not(invited: pd.Series) -> pd.Series:
    return pd.Series(5.0, index=invited.index).where(invited)


def _far_from_the_middle(invited: pd.Series) -> pd.Series:
    noise = np.random.default_rng(2).normal(0, 1, len(invited))
    return pd.Series(500 + np.where(invited, np.sign(noise) * 300, 0) + noise, index=invited.index)


@pytest.mark.parametrize(("column", "copy"), [
    ("user_type", _as_a_kind), ("open_loan_count", _missing_where_not), ("friend_count", _far_from_the_middle),
])
def test_a_copy_is_found_in_a_category_in_gaps_and_in_both_ends(
    applicants: pd.DataFrame, column: str, copy: object
) -> None:
    assert callable(copy)
    applicants[column] = copy(applicants["is_invited"])
    assert [problem.column for problem in check_leaks(applicants, FEATURES, TableLimits())] == [column]
