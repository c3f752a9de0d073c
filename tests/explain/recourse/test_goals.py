import numpy as np
import pandas as pd

from simulated_bundle import learnt
from weilidai.explain.recourse.goals import InvitationGoal, QuotaGoal


def test_rows_and_tables_get_the_same_figures_to_the_last_digit(people: pd.DataFrame, case) -> None:
    bundle = learnt()
    for place in range(40):
        row = people.iloc[[place]]
        _, models, board = case(row)
        assert models.probability(board.present)[0] == bundle.invite.probability(row)[0]
        assert models.quota_cny(board.present)[0] >= bundle.quota.mean_cny(row)[0] * (1 - 1e-12)


def test_whom_a_rule_excludes_has_no_chance(people: pd.DataFrame, case) -> None:
    outside = people.loc[~people["is_covered_area"].astype(bool)].iloc[[0]]
    _, models, board = case(outside)
    assert models.probability(board.present)[0] == 0


def test_a_chance_that_costs_some_of_the_grant_is_not_the_goal(people: pd.DataFrame, case) -> None:
    _, models, board = case(people.iloc[[0]])
    goal = InvitationGoal(models, board.present)
    goal.wanted = 0.0
    assert goal.judge(board.present).reached[0]
    goal.kept *= 1.01
    assert not goal.judge(board.present).reached[0]


def test_a_higher_grant_that_costs_some_of_the_chance_is_not_the_goal(people: pd.DataFrame, case) -> None:
    _, models, board = case(people.iloc[[0]])
    goal = QuotaGoal(models, board.present, 0.0)
    assert goal.judge(board.present).reached[0]
    goal.kept += 0.01
    assert not goal.judge(board.present).reached[0]


def test_a_column_that_only_one_model_reads_keeps_its_direction(people: pd.DataFrame, case) -> None:
    _, models, _ = case(people.iloc[[0]])
    assert models.direction("daily_open_count") == 1
    assert models.direction("bureau_inquiry_count_6m") == -1
    assert models.direction("open_loan_count") == 0
    assert models.direction("friend_count") in (1, None)
    assert models.direction("no_such_column") is None
    assert np.isin([models.direction(name) for name in models.columns], [1, 0, -1]).all()
