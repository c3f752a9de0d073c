"""A declared space of settings, and what may be drawn from it."""

import pytest
from pydantic import ValidationError

from weilidai.models.settings import InviteSettings, TreeSettings
from weilidai.models.tuning.settings import DEFAULT_SPACE, SEARCHED, SearchSettings, Span
from weilidai.models.tuning.space import propose, values_of, with_values


class Highest:
    """A trial that always proposes the upper end."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        assert low < high
        assert name or log
        return high

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        assert low < high
        assert name or log
        return high


def test_every_setting_of_the_default_space_is_proposed() -> None:
    drawn = propose(Highest(), DEFAULT_SPACE, InviteSettings())
    held = drawn.model_dump(include=set(DEFAULT_SPACE))
    assert held == {name: span.high for name, span in DEFAULT_SPACE.items()}
    assert drawn.coverage == InviteSettings().coverage


def test_leaves_that_the_depth_leaves_no_room_for_are_dropped() -> None:
    assert with_values(TreeSettings(), {"max_depth": 1, "num_leaves": 16}).num_leaves == 2


def test_the_first_trial_is_the_defaults_held_to_the_space() -> None:
    space = {"learning_rate": Span(low=0.1, high=0.2), "num_leaves": Span(low=2, high=16)}
    assert values_of(TreeSettings(), space) == {"learning_rate": 0.1, "num_leaves": 4}


@pytest.mark.parametrize(("space", "told"), [
    ({}, "nothing to search"),
    ({"num_leafs": {"low": 2, "high": 4}}, "did you mean 'num_leaves'"),
    ({"num_iterations": {"low": 2, "high": 4}}, "nothing a search may change"),
    ({"feature_fraction": {"low": 0.5, "high": 1.5}}, "cannot be 1.5"),
    ({"max_depth": {"low": 0, "high": 3}}, "cannot be 0"),
    ({"max_bin": {"low": 2.5, "high": 63}}, "takes whole numbers, not 2.5"),
    ({"lambda_l2": {"low": 2, "high": 2}}, "is not below"),
    ({"lambda_l2": {"low": 0, "high": 2, "log": True}}, "logarithmic scale has no place"),
])
def test_a_space_that_cannot_be_searched_is_refused(space: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        SearchSettings.model_validate({"space": space})


@pytest.mark.parametrize("name", ["../elsewhere", "", "a b"])
def test_a_study_has_a_name_that_can_be_a_file(name: str) -> None:
    with pytest.raises(ValidationError):
        SearchSettings(name=name)


@pytest.mark.parametrize("name", SEARCHED)
def test_what_a_search_may_change_is_a_setting_of_the_trees(name: str) -> None:
    assert name in TreeSettings.model_fields
