import pytest

from weilidai.config.checking import check
from weilidai.config.layers import Layer, lay_over
from weilidai.errors import ConfigError


def told(values: dict[str, object]) -> str:
    with pytest.raises(ConfigError) as caught:
        check(lay_over([Layer("file", values, {})]))
    return str(caught.value)


def test_nothing_given_is_all_defaults() -> None:
    settings = check(lay_over([]))
    assert settings.data.rows == 200_000
    assert settings.model.invite.coverage == 0.15


def test_an_unknown_key_is_refused_with_the_near_name() -> None:
    message = told({"model": {"invite": {"num_leafs": 7}}})
    assert "model.invite.num_leafs: unknown key, did you mean 'num_leaves'?" in message


def test_a_key_in_the_wrong_group_is_sent_to_the_right_one() -> None:
    message = told({"coverage": 0.2})
    assert "did you mean 'model.invite.coverage'?" in message


def test_an_unknown_group_is_refused_with_the_near_name() -> None:
    assert "modle: unknown key, did you mean 'model'?" in told({"modle": {}})


def test_an_unknown_key_of_a_gate_is_refused_with_the_near_name() -> None:
    message = told({"evaluation": {"gates": {"mine": {"metrik": "a", "why": "b"}}}})
    assert "evaluation.gates.mine.metrik: unknown key, did you mean 'metric'?" in message


@pytest.mark.parametrize(("key", "value", "why"), [
    ("num_leaves", -5, "greater than or equal to 2, not -5"),
    ("num_leaves", "abc", "must be a whole number, not 'abc'"),
    ("num_leaves", 7.5, "must be a whole number, not 7.5"),
    ("learning_rate", float("nan"), "not nan"),
    ("learning_rate", 1e308, "less than or equal to 1"),
    ("learning_rate", None, "must be a number, not None"),
    ("excluded_columns", 3, "must be a list, not 3"),
    ("learning_rate", "1_0", "must be a number, not '1_0'"),
    ("learning_rate", True, "must be a number, not True"),
    ("num_leaves", True, "must be a whole number, not True"),
    ("num_leaves", "31", "must be a whole number, not '31'"),
])
def test_a_value_that_cannot_be_meant_says_what_would_be_right(key: str, value: object, why: str) -> None:
    message = told({"model": {"invite": {key: value}}})
    assert f"model.invite.{key}: " in message
    assert why in message


def test_a_whole_number_may_be_written_with_an_exponent() -> None:
    assert check(lay_over([Layer("--set", {"data": {"rows": 1e6}}, {})])).data.rows == 1_000_000


def test_all_problems_are_listed_at_once() -> None:
    message = told({"data": {"rows": 0, "seed": "x"}, "model": {"quota": {"interval_share": 2}}})
    assert message.startswith("3 settings cannot be meant")
    assert all(key in message for key in ("data.rows", "data.seed", "model.quota.interval_share"))


def test_settings_that_contradict_each_other_name_both_keys() -> None:
    message = told({"model": {"invite": {"num_leaves": 64, "max_depth": 3}}})
    assert "num_leaves" in message
    assert "max_depth" in message
