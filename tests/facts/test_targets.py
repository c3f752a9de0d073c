"""What generated data must reproduce."""

import math
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from weilidai.errors import ConfigError
from weilidai.facts import Target

GIVEN = {"fact": "D0.2.x", "moment": "m", "wanted": 0.5, "tolerance": 0.1, "role": "fit", "why": "rounding"}


def target(**changes: Any) -> Target:
    return Target(**{**GIVEN, **changes})


def test_the_accepted_range_lies_around_the_wanted_value() -> None:
    assert (target().low, target().high) == (0.4, 0.6)
    assert [target().holds(got) for got in (0.39, 0.4, 0.6, 0.61)] == [False, True, True, False]


def test_a_documented_bound_is_open_on_one_side() -> None:
    assert target(bound="at_least").holds(0.99)
    assert not target(bound="at_least").holds(0.3)
    assert target(bound="at_most").holds(0.0)
    assert not target(bound="at_most").holds(0.7)


def test_a_missing_value_never_holds() -> None:
    assert not any(target(bound=bound).holds(math.nan) for bound in ("near", "at_least", "at_most"))


@pytest.mark.parametrize("name", ["fact", "moment", "why"])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"needs a {name}"):
        target(**{name: " "})


@pytest.mark.parametrize(
    ("name", "value"), [("wanted", math.nan), ("wanted", math.inf), ("tolerance", 0.0), ("tolerance", math.inf)]
)
def test_a_number_that_tests_nothing_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match="finite number"):
        target(**{name: value})


def test_a_target_cannot_be_widened_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        target().tolerance = 1.0  # type: ignore[misc]
