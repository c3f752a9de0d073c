"""How well the fitted numbers are known."""

import json

import pytest

from weilidai.matching import load_parameters
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.matching.uncertainty import FittedNumber, fitted_numbers


def number(**changes):
    told = {"path": "a.b", "value": 3.0, "spread": 0.1, "prior": 2.0, "prior_sd": 0.5, "low": 0.0, "high": 9.0}
    return FittedNumber(**{**told, "source": "A.b", **changes})


def test_what_is_left_open_is_the_spread_as_a_part_of_the_assumed_one():
    assert number().left_open == pytest.approx(0.2)
    assert number().pulled == pytest.approx(2)


def test_a_spread_that_was_not_measured_is_null_and_not_zero():
    row = json.loads(json.dumps(number(spread=None).to_dict(), allow_nan=False))
    assert row["left_open"] is None
    assert row["spread"] is None


def test_every_free_number_of_the_reference_is_told_with_its_assumption(stored, book):
    told = fitted_numbers(stored, stored, book)
    assert {one.path for one in told} == set(book.priors())
    for one in told:
        assert one.source.startswith("A.")
        assert one.low <= one.value <= one.high
        assert one.spread == stored.certificate["spread"].get(one.path)


def test_the_least_known_come_first(stored, book):
    left = [one.left_open for one in fitted_numbers(stored, stored, book)]
    assert left == sorted(left, reverse=True)


def test_a_regime_tells_its_own_free_numbers_beside_those_it_shares(stored, book):
    regime = load_regime("contraction")
    told = {one.path: one for one in fitted_numbers(load_parameters("contraction"), stored, book)}
    own = {path for path, one in told.items() if one.source == regime.source}
    assert own == set(regime.free)
    laid = apply_regime(stored, regime, book)
    assert {path: told[path].prior for path in own} == {path: laid.numbers[path].value for path in own}
