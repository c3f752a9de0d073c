"""Stored regimes are stale when facts, the reference or their own file say otherwise."""

from dataclasses import replace

import pytest

from weilidai.matching import load_parameters
from weilidai.matching import standing as module
from weilidai.matching.regime_findings import kept_findings
from weilidai.matching.regime_run import both_crowds
from weilidai.matching.regimes import load_regime, regime_names
from weilidai.matching.settings import MatchSettings
from weilidai.matching.standing import agrees, check_regime, edited_by_hand, stale_numbers, stale_targets, why_stale
from weilidai.noise import BLOCK
from weilidai.parameters import Number


def changed(parameters, path, value):
    number = parameters.numbers[path]
    return certified({**parameters.numbers, path: Number(value, number.kind, number.source)}, parameters)


def certified(numbers, parameters):
    written = replace(parameters, numbers=numbers)
    return replace(written, certificate={**parameters.certificate, "parameters": written.digest})


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
    assert agrees(certified(extra, stored), book) == agrees(stored, book)


@pytest.mark.parametrize(("key", "value"), [("wanted", 0.55), ("tolerance", 0.2)])
def test_a_target_that_was_matched_otherwise_is_named(key, value, stored, book):
    rows = [dict(row) for row in stored.certificate["targets"]]
    next(row for row in rows if row["fact"] == "D0.2.rate_high_activity")[key] = value
    older = replace(stored, certificate={**stored.certificate, "targets": rows})
    assert stale_targets(older, book) == ["D0.2.rate_high_activity"]
    assert not agrees(older, book)
    assert stale_targets(stored, book) == []


def test_a_regime_is_held_to_its_own_targets_and_to_those_of_the_reference_that_it_keeps(book):
    quick, trial = MatchSettings(check_people=BLOCK), load_parameters("trial")
    found = check_regime(trial, book, quick)
    _, after = both_crowds(trial, load_parameters(), book, quick)
    kept = kept_findings(load_regime("trial"), book, after)
    assert {one.moment for one in found.findings} == {target.moment for target in load_regime("trial").targets}
    assert [(one.fact_id, one.verdict) for one in found.kept] == [(one.fact_id, one.verdict) for one in kept]
    assert replace(found, changed=[], retargeted=[]).holds == (not found.outside)
    lost = replace(found.kept[0], verdict="outside")
    assert not replace(found, kept=[lost]).holds
    assert replace(found, kept=[lost]).outside[-1] == lost


def test_a_regime_that_was_edited_by_hand_is_told_from_its_reference(book, monkeypatch):
    regime, reference = load_parameters("contraction"), load_parameters()
    assert edited_by_hand(regime) is None
    path = "lender.invitation.intercept"
    off = Number(-9.0, "parameter", "matching")
    assert why_stale(replace(regime, numbers={**regime.numbers, path: off}), book) == "were edited by hand"
    by_hand = replace(reference, numbers={**reference.numbers, path: off})
    monkeypatch.setattr(module, "load_parameters", lambda *_: by_hand)
    assert edited_by_hand(regime) == "optimisation"
    assert "rest on those of optimisation, which were edited by hand" in why_stale(regime, book)
