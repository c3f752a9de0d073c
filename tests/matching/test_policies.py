"""Named policies: one documented weighting that decides alone."""

import pytest

from weilidai.errors import ConfigError
from weilidai.matching import policies
from weilidai.matching.compose import compose
from weilidai.matching.policies import COMPOSITE, UNDOCUMENTED, Policy, load_policy, policy_names, with_policy
from weilidai.parameters import Parameters

NAMED = [name for name in policy_names() if name != COMPOSITE]


def test_every_documented_weighting_is_there():
    assert policy_names() == ["composite", "application_risk", "four_part", "prequalification", "tencent_track"]


@pytest.mark.parametrize("name", NAMED)
def test_the_weights_are_the_facts_and_what_they_leave_is_undocumented(name, book):
    policy = load_policy(name)
    weights = policy.weights(book)
    assert sum(weights.values()) == pytest.approx(1)
    for part, one in policy.parts.items():
        assert weights[part] == book.fact(one.fact).values[0]
        assert book.fact(one.fact).kind in ("weight", "coefficient")
    assert (UNDOCUMENTED in weights) == (policy.undocumented is not None)


@pytest.mark.parametrize("name", NAMED)
def test_every_factor_that_feeds_a_part_is_documented(name, book):
    named = {factor for factors in load_policy(name).factors().values() for factor in factors}
    assert named <= set(book.factors.factors)


def test_an_unknown_policy_is_refused_with_the_near_name():
    with pytest.raises(ConfigError, match="did you mean 'four_part'"):
        load_policy("four_parts")


def test_a_factor_feeds_one_part_only():
    one = {"fact": "D3.3.weight_bureau", "factors": ["region"], "why": "x"}
    with pytest.raises(ValueError, match="more than one part"):
        Policy.model_validate({"name": "n", "title": {"en": "n", "zh": "n"}, "parts": {"a": one, "b": one}})


def test_weights_that_leave_something_need_somebody_to_take_it(book):
    one = {"fact": "D3.3.weight_bureau", "factors": ["region"], "why": "x"}
    policy = Policy.model_validate({"name": "n", "title": {"en": "n", "zh": "n"}, "parts": {"a": one}})
    with pytest.raises(ConfigError, match=r"leave 0\.6 to 1"):
        policy.weights(book)


def test_the_composite_lender_changes_nothing(book):
    parameters = compose(book)
    assert with_policy(parameters, COMPOSITE) is parameters


def test_a_policy_that_is_not_matched_says_how_to_match_it(monkeypatch, tmp_path):
    monkeypatch.setattr(policies, "data_dir", lambda: tmp_path)
    with pytest.raises(ConfigError, match="weilidai match --policy four_part"):
        policies.load_policy_numbers("four_part")


def test_another_regime_than_the_reference_is_refused(monkeypatch, book):
    monkeypatch.setattr(policies, "load_policy_numbers", lambda _: Parameters("optimisation", {}))
    with pytest.raises(ConfigError, match="matched to regime 'optimisation' alone"):
        with_policy(Parameters("trial", compose(book).numbers), "four_part")


def test_numbers_found_on_another_reference_are_stale(monkeypatch, book):
    reference, policy = compose(book), load_policy("four_part")
    fresh = {"reference": reference.digest, "policy": policy.digest, "weights": policy.weights(book)}
    for told, agrees in ((fresh, True), ({**fresh, "reference": "x"}, False), ({**fresh, "weights": {}}, False)):
        monkeypatch.setattr(policies, "load_policy_numbers", lambda _, told=told: Parameters("optimisation", {}, told))
        assert policies.policy_agrees("four_part", reference, book) is agrees
