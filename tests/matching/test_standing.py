"""Stored regimes are stale when facts, the reference or their own file say otherwise."""

from dataclasses import replace

import pytest

from weilidai.matching import load_parameters
from weilidai.matching.regimes import regime_names
from weilidai.matching.standing import agrees, stale_numbers, stale_targets
from weilidai.parameters import Number


def changed(parameters, path, value):
    number = parameters.numbers[path]
    return replace(parameters, numbers={**parameters.numbers, path: Number(value, number.kind, number.source)})


@pytest.mark.parametrize("name", regime_names())
def test_what_is_stored_is_what_the_files_say(name, book):
    assert agrees(load_parameters(name), book)


@pytest.mark.parametrize(("path", "value"), [
    ("lender.eligibility.rules.debt.value", 0.5),
    ("lender.pricing.discount_kept", 1.0),
    ("lender.growth.intercept", 9.0),
])
def test_a_number_that_facts_file_or_reference_give_otherwise_is_named(path, value, book):
    assert path in stale_numbers(changed(load_parameters("contraction"), path, value), book)


def test_a_number_the_regime_found_itself_may_be_any(book):
    found = changed(load_parameters("contraction"), "lender.invitation.intercept", -9.0)
    assert stale_numbers(found, book) == stale_numbers(load_parameters("contraction"), book)


def test_numbers_that_move_nobody_do_not_make_people_stale(stored, book):
    extra = {**stored.numbers, "products.made_up": Number(1, "assumption", "A.made_up")}
    assert agrees(replace(stored, numbers=extra), book) == agrees(stored, book)


@pytest.mark.parametrize(("key", "value"), [("wanted", 0.55), ("tolerance", 0.2)])
def test_a_target_that_was_matched_otherwise_is_named(key, value, stored, book):
    rows = [dict(row) for row in stored.certificate["targets"]]
    next(row for row in rows if row["fact"] == "D0.2.rate_high_activity")[key] = value
    older = replace(stored, certificate={**stored.certificate, "targets": rows})
    assert stale_targets(older, book) == ["D0.2.rate_high_activity"]
    assert not agrees(older, book)
    assert stale_targets(stored, book) == []
