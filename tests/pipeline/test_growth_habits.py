import pandas as pd
import pytest

from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.matching import load_parameters
from weilidai.pipeline.growth_habits import growth_habits
from weilidai.pipeline.simulate import simulate


@pytest.fixture(scope="module")
def opened() -> pd.DataFrame:
    people, _ = simulate(load_parameters(), 16_384, 13)
    return people.loc[people["is_opened"]].reset_index(drop=True)


@pytest.fixture(scope="module")
def lender() -> LenderParameters:
    return load_parameters().part("lender", LenderParameters)


def test_every_habit_shown_raises_the_chance(opened: pd.DataFrame, lender: LenderParameters) -> None:
    names = set()
    for place in range(60):
        for habit in growth_habits(opened.iloc[[place]], lender, load_book(), "en"):
            assert 0 <= habit.chance_before < habit.chance_after <= 1
            names.add(habit.habit)
    assert names == {"on_time", "merchants", "deposit", "use_band", "bills", "instalments"}


def test_documented_weights_and_lags_are_told(opened: pd.DataFrame, lender: LenderParameters) -> None:
    told = {
        habit.habit: (habit.weight, habit.lag_months)
        for place in range(60) for habit in growth_habits(opened.iloc[[place]], lender, load_book(), "zh")
    }
    assert told["on_time"] == (0.35, 3)
    assert told["merchants"] == (0.2, 6)
    assert told["deposit"] == (0.25, 5)
    assert told["bills"] == (None, None)


def test_an_account_that_is_overdue_does_not_grow_by_any_habit(
    opened: pd.DataFrame, lender: LenderParameters
) -> None:
    late = opened.iloc[[0]].assign(is_overdue=True)
    assert growth_habits(late, lender, load_book(), "en") == ()


def test_who_has_not_opened_has_no_account_to_grow(opened: pd.DataFrame, lender: LenderParameters) -> None:
    assert growth_habits(opened.iloc[[0]].assign(is_opened=False), lender, load_book(), "en") == ()
    assert growth_habits(opened.iloc[[0]][["friend_count"]], lender, load_book(), "en") == ()
