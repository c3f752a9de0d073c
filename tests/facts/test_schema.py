"""What one entry may say."""

import pytest
from pydantic import ValidationError

from weilidai.facts import Assumption, Fact, Prior
from weilidai.facts.schema import KINDS, MECHANISMS, ROLES, Sets

GIVEN = {
    "id": "D1.2.marks", "section": 2, "locator": "bullet 1", "label_en": "marks", "label_zh": "标准",
    "kind": "threshold", "values": (1, 2.5), "unit": "count", "universe": "people", "role": "rule",
    "mechanism": "bureau_track",
}


def fact(**changes: object) -> Fact:
    return Fact.model_validate({**GIVEN, **changes})


def refusal(**changes: object) -> str:
    with pytest.raises(ValidationError) as raised:
        fact(**changes)
    return str(raised.value)


def test_a_fact_knows_its_document_and_whether_it_can_be_tested() -> None:
    assert fact().document == "D1"
    assert [role for role in ROLES if fact(role=role, why="x").is_testable] == ["fit", "check"]


def test_a_fact_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        fact().section = 3


@pytest.mark.parametrize("name", ["D5.1.x", "D1.10.x", "D1.2.", "D1.2.Marks", "d1.2.marks", "D1.2"])
def test_a_fact_id_is_document_section_and_key(name: str) -> None:
    assert "is not a fact id" in refusal(id=name)


@pytest.mark.parametrize("period", ["2022", "2015-2017", "2023-Q1", "2021-", "-2020", "2020-11", "2020-11-2021-06"])
def test_a_period_may_be_a_year_a_quarter_a_month_or_a_stretch(period: str) -> None:
    assert fact(period=period).period == period


@pytest.mark.parametrize("period", ["22", "2023-Q5", "2020-13", "since 2021", "2021/2022"])
def test_another_period_is_refused(period: str) -> None:
    assert "is not a period" in refusal(period=period)


@pytest.mark.parametrize("value", ["0.5", True, None, float("nan"), float("inf")])
def test_a_value_is_a_finite_number(value: object) -> None:
    assert "values.0" in refusal(values=(value,))


def test_an_unknown_unit_is_refused_with_the_near_name() -> None:
    assert "did you mean 'share'?" in refusal(unit="shares")


def test_the_chinese_label_is_chinese() -> None:
    assert "no Chinese character" in refusal(label_zh="marks")


def test_the_closed_lists_hold_each_word_once() -> None:
    assert all(len(set(words)) == len(words) for words in (KINDS, ROLES, MECHANISMS))


def test_a_path_alone_or_a_list_of_paths_may_be_set() -> None:
    whole = Sets(path="lender.x")
    assert fact(sets="lender.x").sets == (whole,)
    assert fact(sets=({"path": "lender.low", "value_index": 1},)).sets == (Sets(path="lender.low", value_index=1),)


def test_a_set_parameter_reads_one_value_or_all() -> None:
    both = fact()
    assert both.value_of(Sets(path="a.b", value_index=1)) == 2.5
    assert both.value_of(Sets(path="a.b")) == [1.0, 2.5]
    assert fact(values=(3,)).value_of(Sets(path="a.b")) == 3.0


def assumption(**changes: object) -> Assumption:
    given = {"id": "A.x.y", "path": "x.y", "values": {"a": 1, "b": {"c": 2.0, "d": (1, 2)}}, "why": "because"}
    return Assumption.model_validate({**given, **changes})


def test_an_assumption_gives_its_leaves_by_full_path() -> None:
    assert dict(assumption().leaves()) == {"x.y.a": 1, "x.y.b.c": 2.0, "x.y.b.d": [1, 2]}
    assert dict(assumption(values=7).leaves()) == {"x.y": 7}


def test_a_prior_starts_at_the_assumed_value_unless_it_says_otherwise() -> None:
    spread = {"sd": 1.0, "low": 0.0, "high": 5.0}
    priors = assumption(free={"b.c": spread, "a": {**spread, "start": 3}}).priors()
    assert priors == {"x.y.b.c": Prior(**spread, start=2.0), "x.y.a": Prior(**spread, start=3.0)}


def test_a_plain_number_has_one_prior_without_a_leaf() -> None:
    priors = assumption(values=0.5, free={"sd": 1, "low": 0, "high": 1}).priors()
    assert priors == {"x.y": Prior(sd=1, low=0, high=1, start=0.5)}


@pytest.mark.parametrize("values", [None, {"a": None}, {"a": (1, float("nan"))}])
def test_an_assumption_without_a_number_is_refused(values: object) -> None:
    with pytest.raises(ValidationError, match="finite numbers"):
        assumption(values=values)
