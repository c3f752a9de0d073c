"""The search against brute force: the same person, every one and two actions on a coarse grid, asked as tables."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from current_numbers import current_numbers
from simulated_bundle import learnt
from weilidai.columns import CATALOGUE
from weilidai.dataset.impossible import NEVER_ABOVE, _hidden, _out_of_range
from weilidai.dataset.lives import impossible_lives
from weilidai.dataset.person_rows import numbers
from weilidai.explain.recourse.board import NO_STEP, Board
from weilidai.explain.recourse.goals import InvitationGoal, Models, QuotaGoal
from weilidai.explain.recourse.options import Level, Option, Person, passed
from weilidai.explain.recourse.search import Found, Plan, search
from weilidai.facts import Book
from weilidai.population import PopulationParameters

SECONDS = 20.0
SLACK = 1e-6
NOTHING = 1e-9
Choice = tuple[tuple[Option, Level], ...]


@pytest.fixture(scope="session")
def outcomes(people: pd.DataFrame, case) -> list[tuple[Person, Models, Board, Found]]:
    found = []
    for place in range(len(people)):
        person, models, board = case(people.iloc[[place]])
        found.append((person, models, board, search(board, InvitationGoal(models, board.present), SECONDS)))
    return found


def coarse(option: Option) -> list[tuple[Option, Level]]:
    """Give the smallest, the middle and the farthest step of an action."""
    levels = option.levels
    return [(option, levels[place]) for place in sorted({0, len(levels) // 2, len(levels) - 1})]


def one_and_two(options: tuple[Option, ...]) -> list[Choice]:
    singles: list[Choice] = [(one,) for option in options for one in coarse(option)]
    pairs = [pair for pair in combinations(options, 2) if not pair[0].excludes(pair[1])]
    return singles + [choice for a, b in pairs for choice in product(coarse(a), coarse(b))]


def after(row: pd.DataFrame, person: Person, choices: list[Choice], book: Book) -> pd.DataFrame:
    """Apply every choice to the person, as a table; columns one by one, without any of the search's own means."""
    numeric = [name for name in row.columns if CATALOGUE[name].kind in ("number", "count", "flag")]
    places = {name: place for place, name in enumerate(numeric)}
    values = np.tile(row[numeric].to_numpy(dtype=np.float64, na_value=np.nan), (len(choices), 1))
    timed = {months: passed(person, months, book.passing) for months in range(25)}
    for line, choice in zip(values, choices, strict=True):
        for name, value in timed[max(level.months for _, level in choice)].items():
            line[places[name]] = value
        acted = [item for _, level in choice for item in level.changes.items()]
        for name, value in acted:  # what two actions bring along counts from the longer of them
            line[places[name]] = max(value, *(other for changed, other in acted if changed == name), value)
    table = pd.DataFrame(values, columns=numeric)
    for name in row.columns.difference(numeric):
        table[name] = row[name].iloc[0]
    return table


def reaches(row: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    bundle = learnt()
    flags = [name for name in table.columns if CATALOGUE[name].kind == "flag" and not table[name].isna().any()]
    table = table.astype(dict.fromkeys(flags, bool))
    kept = bundle.quota.mean_cny(row)[0] * (1 - SLACK)
    return np.asarray(bundle.invite.is_invited(table) & (bundle.quota.mean_cny(table) >= kept))


def cost(choice: Choice) -> float:
    return max(level.months for _, level in choice) + sum(level.effort for _, level in choice)


def as_choice(plan: Plan) -> Choice:
    return tuple(zip(plan.options, plan.levels, strict=True))


def is_gaming(choice: Choice) -> bool:
    return any(option.action.is_gaming for option, _ in choice)


def test_brute_force_finds_nothing_that_the_search_misses(outcomes, people: pd.DataFrame, book: Book) -> None:
    missed = []
    for place, (person, _, board, found) in enumerate(outcomes):
        row = people.iloc[[place]]
        choices = one_and_two(board.options)
        hits = [choices[hit] for hit in np.flatnonzero(reaches(row, after(row, person, choices, book)))]
        honest = [cost(choice) for choice in hits if not is_gaming(choice)]
        is_found = found.state == "found" and len(found.plans[0].options) <= 2
        if (hits and not is_found) or (honest and found.plans[0].cost > min(honest) + NOTHING):
            missed.append(place)
    assert missed == []


def test_every_plan_reaches_the_goal_when_it_is_asked_as_a_table(outcomes, people: pd.DataFrame, book: Book) -> None:
    for place, (person, _, _, found) in enumerate(outcomes):
        if found.plans:
            row = people.iloc[[place]]
            assert reaches(row, after(row, person, [as_choice(plan) for plan in found.plans], book)).all()


def test_nobody_is_made_impossible(outcomes, people: pd.DataFrame, book: Book) -> None:
    now, then = [], []
    for place, (person, _, _, found) in enumerate(outcomes):
        row = people.iloc[[place]]
        if found.plans:
            table = after(row, person, [as_choice(plan) for plan in found.plans], book)
            months = np.array([plan.months for plan in found.plans])
            snapshot = pd.Period(row["snapshot_month"].iloc[0], "M")
            table["snapshot_month"] = [str(snapshot + int(one)) for one in months]
            table["age_years"] = np.minimum(table["age_years"] + months // 12, CATALOGUE["age_years"].high)
            then.append(table)
            now.append(row.loc[row.index.repeat(len(table))])
    before, changed = pd.concat(now, ignore_index=True), pd.concat(then, ignore_index=True)
    bounds = current_numbers().part("population", PopulationParameters).bounds
    checks = [
        *impossible_lives(bounds), ("range", _out_of_range), ("shown", lambda a: _hidden(a, shown=True)),
        ("unseen", lambda a: _hidden(a, shown=False)),
        *((f"{low} above {high}", lambda a, low=low, high=high: numbers(a, low) > numbers(a, high))
          for low, high in (*NEVER_ABOVE, ("licaitong_months", "real_name_months"))),
    ]
    assert {what: int((breaks(changed) & ~breaks(before)).sum()) for what, breaks in checks if
            (breaks(changed) & ~breaks(before)).any()} == {}


def test_where_nothing_is_found_everything_at_once_does_not_do(outcomes) -> None:
    refusals = [(models, board, found) for _, models, board, found in outcomes if found.state == "none"]
    assert refusals
    for models, board, found in refusals:
        assert found.certificate is not None
        rows = board.rows(np.array([found.certificate.best_steps], dtype=np.int64))
        assert models.probability(rows)[0] == found.certificate.best_value
        if found.certificate.kind == "best_point":
            assert not InvitationGoal(models, board.present).judge(rows).reached[0]


def test_no_random_plan_beats_a_certificate(outcomes) -> None:
    random = np.random.default_rng(5)
    for _, models, board, found in outcomes:
        if found.state == "none" and board.levels:
            steps = [[NO_STEP, *board.steps_of(option)] for option in range(len(board.options))]
            picks = np.array([[random.choice(own) for own in steps] for _ in range(40)])
            assert not InvitationGoal(models, board.present).judge(board.rows(picks)).reached.any()


def test_plans_come_honest_first_then_by_cost_each_set_of_actions_once(outcomes) -> None:
    for _, _, _, found in outcomes:
        keys = [(plan.is_gaming, plan.cost) for plan in found.plans]
        assert keys == sorted(keys)
        sets = [frozenset(option.action.id for option in plan.options) for plan in found.plans]
        assert len(set(sets)) == len(sets)


def test_no_action_of_a_plan_is_idle(outcomes) -> None:
    for _, models, board, found in outcomes:
        goal = InvitationGoal(models, board.present)
        for plan in found.plans:
            for left in range(len(plan.steps)) if len(plan.steps) > 1 else ():
                rest = np.array([[*plan.steps[:left], *plan.steps[left + 1 :]]])
                assert not goal.judge(board.rows(rest)).reached[0]


def test_actions_of_one_plan_go_together(outcomes) -> None:
    for _, _, _, found in outcomes:
        for plan in found.plans:
            assert not any(a.excludes(b) for a, b in combinations(plan.options, 2))


def test_the_same_person_gets_the_same_answer_twice(people: pd.DataFrame, case) -> None:
    def told() -> list[tuple[tuple[int, ...], float]]:
        _, models, board = case(people.iloc[[7]])
        return [(p.steps, p.value) for p in search(board, InvitationGoal(models, board.present), SECONDS).plans]

    assert told() == told()


def test_no_time_leaves_three_and_more_actions_undecided(outcomes) -> None:
    hard = [(models, board) for _, models, board, found in outcomes if found.plans and len(found.plans[0].options) > 2]
    assert hard
    for models, board in hard:
        assert search(board, InvitationGoal(models, board.present), 0.0).state == "undecided"


def test_who_is_invited_needs_nothing(people: pd.DataFrame, case) -> None:
    _, models, board = case(people.iloc[[0]])
    goal = InvitationGoal(models, board.present)
    goal.wanted = 0.0
    assert search(board, goal, SECONDS).state == "already"


def test_a_higher_grant_never_costs_the_chance(people: pd.DataFrame, case) -> None:
    found = 0
    for place in range(60):
        _, models, board = case(people.iloc[[place]])
        before = models.probability(board.present)[0], models.quota_cny(board.present)[0]
        for plan in search(board, QuotaGoal(models, board.present, 0.1), SECONDS).plans:
            rows = board.rows(np.array([plan.steps]))
            found += 1
            assert models.quota_cny(rows)[0] >= before[1] * 1.1 * (1 - SLACK)
            assert models.probability(rows)[0] >= before[0] - SLACK
    assert found
