import numpy as np
import pandas as pd

from weilidai.explain.recourse.board import NO_STEP


def test_doing_nothing_leaves_the_person_as_is(people: pd.DataFrame, case) -> None:
    _, _, board = case(people.iloc[[0]])
    assert np.array_equal(board.rows(np.array([[NO_STEP, NO_STEP]])), board.present, equal_nan=True)


def test_a_step_changes_its_columns_and_what_its_months_bring(people: pd.DataFrame, case) -> None:
    person, _, board = case(people.iloc[[0]])
    place = board.columns.index("account_age_months")
    for number, level in enumerate(board.levels):
        row = board.rows(np.array([[number]]))[0]
        assert row[place] == person["account_age_months"] + level.months
        for name, value in level.changes.items():
            if name in board.columns:
                assert row[board.columns.index(name)] == np.float32(value)


def test_two_steps_take_as_long_as_the_longer_and_as_much_effort_as_both(people: pd.DataFrame, case) -> None:
    _, _, board = case(people.iloc[[1]])
    cost = board.cost(np.array([[0, len(board.levels) - 1]])).total[0]
    first, last = board.levels[0], board.levels[-1]
    assert cost == max(first.months, last.months) + first.effort + last.effort


def test_a_farther_step_of_a_documented_direction_is_never_worse(people: pd.DataFrame, case) -> None:
    for place in range(0, 60, 3):
        _, models, board = case(people.iloc[[place]])
        for option, turns in enumerate(board.turning):
            if not turns:
                rows = np.vstack([board.present, board.rows(board.steps_of(option)[:, None])])
                assert (np.diff(models.probability(rows)) >= 0).all(), board.options[option].action.id
                assert (np.diff(models.quota_cny(rows)) >= 0).all(), board.options[option].action.id


def test_what_only_comes_to_light_has_no_direction(people: pd.DataFrame, case) -> None:
    withheld = people.loc[~people["has_contacts_permission"].astype(bool)]
    _, _, board = case(withheld.iloc[[0]])
    names = [option.action.id for option in board.options]
    granted = names.index("allow_contacts")
    assert np.isnan(board.present[0, board.columns.index("contact_change_share_12m")])
    assert board._ways["contact_change_share_12m"] == -1
    assert board.turning[granted]
    assert list(board.ends_of(granted)) == list(board.steps_of(granted))
