"""Whether stored parameters still hold."""

from dataclasses import replace

from weilidai.matching import MatchSettings
from weilidai.matching.run import judge
from weilidai.matching.standing import agrees, check_regime, is_edited
from weilidai.noise import BLOCK
from weilidai.parameters import Number

QUICK = MatchSettings(check_people=2 * BLOCK)


def certified(parameters):
    return replace(parameters, certificate={**parameters.certificate, "parameters": parameters.digest})


def changed(stored, path, value):
    numbers = dict(stored.numbers)
    numbers[path] = Number(value, numbers[path].kind, numbers[path].source)
    return certified(replace(stored, numbers=numbers))


def test_a_documented_number_changed_by_hand_is_noticed_by_its_path(stored, book):
    path = "lender.invitation.terms.app_activity.mark"
    forged = changed(stored, path, 7.0)
    assert not agrees(forged, book)
    assert path in check_regime(forged, book, QUICK).changed


def test_a_number_left_out_is_noticed(stored, book):
    numbers = dict(stored.numbers)
    del numbers["lender.take_up.triggers.active"]
    assert not agrees(certified(replace(stored, numbers=numbers)), book)


def test_a_fitted_number_may_differ_from_its_start(stored, book):
    path = "lender.invitation.intercept"
    assert agrees(changed(stored, path, stored.numbers[path].value + 0.5), book) == agrees(stored, book)


def test_a_number_edited_under_its_certificate_is_noticed(stored, book):
    path = "lender.invitation.intercept"
    number = stored.numbers[path]
    edited = replace(stored, numbers={**stored.numbers, path: Number(number.value + 0.5, number.kind, number.source)})
    assert is_edited(edited)
    assert not is_edited(stored)
    assert not agrees(edited, book)


def test_a_worse_intercept_is_seen_in_the_findings(stored, book):
    path = "lender.invitation.intercept"
    worse = judge(changed(stored, path, stored.numbers[path].value + 3), book, QUICK)
    invited = next(one for one in worse if one.moment == "invited_share")
    assert invited.verdict == "outside"
    assert invited.got > invited.wanted
