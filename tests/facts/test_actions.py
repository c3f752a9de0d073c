"""The declared actions, and what is refused in them."""

import pytest

from weilidai.facts import load_book

ACTION = """\
actions:
  - id: open_more
    factor: daily_open_count
    label_en: open it more often
    label_zh: 更多打开
    moves: [{column: daily_open_count, to: 12, step: 1}]
    facts: [D0.2.opens_mark]
    why: a habit
passing: []
until: []
left_out: []
"""


@pytest.fixture(scope="module")
def book():
    return load_book()


def test_every_factor_a_person_can_act_on_has_an_action_or_a_reason_for_none(book):
    open_to_action = {factor.id for factor in book.factors.factors.values() if factor.is_actionable}
    declared = {action.factor for action in book.actions.values()}
    assert open_to_action == declared | set(book.left_out)
    assert not declared & set(book.left_out)


def test_every_action_cites_a_document_and_says_why(book):
    for action in book.actions.values():
        assert action.facts, action.id
        assert action.why


def test_an_action_takes_no_longer_than_two_years(book):
    assert all(max((action.months, *action.horizons)) <= 24 for action in book.actions.values())


def test_some_moves_are_called_what_they_are(book):
    assert {action.id for action in book.actions.values() if action.is_gaming} == {"split_payments", "add_contacts"}


def test_a_declared_action_is_read(folder):
    folder.write("actions.yaml", ACTION)
    assert folder.load().actions["open_more"].moves[0].step == 1


@pytest.mark.parametrize(("old", "new", "told"), [
    ("column: daily_open_count", "column: daily_open_cont", "did you mean 'daily_open_count'?"),
    ("column: daily_open_count", "column: age_years", "protected or nothing a person can act on"),
    ("factor: daily_open_count", "factor: daily_opens", "unknown factor 'daily_opens'"),
    ("D0.2.opens_mark", "D0.2.opens_mrk", "did you mean 'D0.2.opens_mark'?"),
    ("to: 12", "to: 1000", "outside the range of 'daily_open_count'"),
    ("moves: [{column: daily_open_count, to: 12, step: 1}]", "moves: []", "what only time brings needs horizons"),
    ("step: 1", "stp: 1", "stp"),
    ("until: []", "until: [{column: user_type, level: studnt, last_age_years: 30, why: x}]", "did you mean 'student'?"),
    ("passing: []", "passing: [{column: account_age_months, change: expires, why: x}]", "what expires has a window"),
])
def test_a_fault_is_named(folder, old, new, told):
    own = "columns: {age_years: 1}\n    is_actionable: true\n    is_protected: "
    folder.edit("factors.yaml", own + "false", own + "true")
    folder.write("actions.yaml", ACTION.replace(old, new))
    problems = folder.problems()
    assert any(told in problem for problem in problems), problems


def test_another_advice_leaves_the_digest_alone(folder):
    before = folder.load().digest
    folder.write("actions.yaml", ACTION)
    again = type(folder)(folder.path.rename(folder.path.parent / "again"))
    assert again.load().digest == before
