import pandas as pd

from weilidai.columns import FEATURES
from weilidai.dataset.row_checks import check_combinations, check_ids
from weilidai.dataset.settings import TableLimits


def test_a_repeated_person_is_counted_at_the_later_row(applicants: pd.DataFrame) -> None:
    applicants.loc[9, "person_id"] = applicants.loc[2, "person_id"]
    problem = next(check_ids(applicants, is_fatal=True))
    assert (problem.count, problem.rows, problem.is_fatal) == (1, (10,), True)


def test_nobody_is_verified_longer_than_registered(applicants: pd.DataFrame) -> None:
    applicants.loc[0, "account_age_months"] = 5
    applicants.loc[0, "real_name_months"] = 6
    problem = next(check_combinations(applicants, FEATURES, TableLimits()))
    assert (problem.column, problem.what) == ("real_name_months", "is above account_age_months")


def test_contradictions_are_fatal_only_above_the_tolerated_share(applicants: pd.DataFrame) -> None:
    applicants.loc[0, ["account_age_months", "real_name_months"]] = (5, 6)
    for share, is_fatal in ((0.1, False), (0.0, True)):
        limits = TableLimits(impossible_share=share)
        assert [p.is_fatal for p in check_combinations(applicants, FEATURES, limits)] == [is_fatal]


def test_what_a_withheld_permission_governs_must_not_be_shown(applicants: pd.DataFrame) -> None:
    withheld = ~applicants["has_pay_score_enabled"]
    applicants.loc[withheld, "pay_score"] = 600.0
    problem = next(check_combinations(applicants, FEATURES, TableLimits()))
    assert problem.column == "pay_score"
    assert problem.count == withheld.sum()
