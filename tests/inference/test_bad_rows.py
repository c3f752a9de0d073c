"""Rows judged together are told what each would be told alone."""

import json
import math
import random
import time
from typing import Any

import pandas as pd
import pytest

from small_bundle import draw_people
from weilidai.inference.bad_rows import TooManyKindsError, errors_of, table_of
from weilidai.inference.decider import Decider
from weilidai.inference.front import _flags_as_numbers

ODD: tuple[Any, ...] = (
    None, True, False, "5", " 5 ", "1e3", "many", "", "inf", -3, -3.5, 0, 0.5, 7, 7.0, 1e308, math.inf, -math.inf,
    10**400, -(10**400), 2**63, [], [1], ["a"], {}, {"a": 1}, "Hunan", "2021-13", "2021-05",
)  # fmt: skip


def rows_of(people: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(people.to_json(orient="records", double_precision=15))


def told_alone(decider: Decider, person: dict[str, Any]) -> list[dict[str, str]]:
    return [{"column": one.column, "what": one.what} for one in decider.refusals(table_of([person]))]


def spoilt(decider: Decider, seed: int, faults: int) -> list[dict[str, Any]]:
    """Give people of whom many have odd values, and some lack columns or have others."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    rows = rows_of(draw_people(60, seed=seed))
    for row in rows:
        for name in draw.sample(decider.columns, draw.randrange(faults + 1)):
            row[name] = draw.choice([value for value in ODD if not isinstance(value, bool)])
        if draw.random() < 0.2:
            del row[draw.choice(decider.columns)]
        if draw.random() < 0.1:
            row["another"] = 1
    return _flags_as_numbers(decider, rows)


@pytest.mark.parametrize("seed", range(4))
def test_rows_together_are_told_what_each_is_told_alone(decider: Decider, seed: int) -> None:
    rows = spoilt(decider, seed, faults=3)
    wanted = [{"row": row, "problems": told} for row, one in enumerate(rows, 1) if (told := told_alone(decider, one))]
    assert wanted
    assert errors_of(decider, rows, math.inf) == wanted


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", ["friend_count", "user_type", "has_salary_card", "pay_score"])
def test_a_column_of_one_odd_value_and_its_neighbours_is_told_as_alone(decider: Decider, name: str, value: Any) -> None:
    rows = rows_of(draw_people(9, seed=3))
    for row, held in zip(rows, (value, value, "5", "many", value, None, 3, value, None), strict=True):
        row[name] = held
    rows = _flags_as_numbers(decider, rows)
    told = {one["row"]: one["problems"] for one in errors_of(decider, rows, math.inf)}
    for row, person in enumerate(rows, 1):
        yes = [{"column": name, "what": "holds yes or no where a number belongs"}]
        is_yes = isinstance(person[name], bool) and decider.contract.columns[name].kind in ("number", "count")
        assert told.get(row, []) == (yes if is_yes else []) + told_alone(decider, person)


def test_the_time_is_kept(decider: Decider) -> None:
    with pytest.raises(TooManyKindsError):
        errors_of(decider, [{}, {}], time.monotonic() - 1)
