"""Regimes as they stand in their files: whole, dated, and refused with a near name where they cannot be meant."""

import pytest

from weilidai.errors import ConfigError
from weilidai.lender import LenderParameters
from weilidai.matching.regimes import apply_regime, calendar, load_regime, regime_names

MADE_UP = """
name: made_up
title: {en: Made up, zh: 虚构}
period: "2022"
year: 2022
"""
FREE = "free: {lender.invitation.intercept: {sd: 1, low: -9, high: 9}}\n"
TARGET = """
targets:
  - {fact: D2.2.entry_share, moment: invited_share, relation: equal, tolerance: 0.01, why: told so}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "made_up.yaml").write_text(MADE_UP + text, encoding="utf-8")
        return load_regime("made_up", tmp_path)

    return write


def test_the_documented_periods_are_all_there():
    assert regime_names() == ["contraction", "data_separated", "expansion", "optimisation", "trial"]


@pytest.mark.parametrize("name", regime_names())
def test_a_regime_lies_over_the_reference(name, stored, book):
    laid = apply_regime(stored, load_regime(name), book)
    laid.part("lender", LenderParameters)
    assert laid.regime == name
    assert {number.kind for number in laid.numbers.values()} <= {"fact", "assumption", "parameter", "setting"}


def test_the_reference_changes_nothing(stored, book):
    assert apply_regime(stored, load_regime("optimisation"), book).numbers == stored.numbers


@pytest.mark.parametrize("name", regime_names())
def test_the_snapshots_fall_into_the_period(name):
    regime = load_regime(name)
    first, last = (regime.period.split("-") * 2)[:2]
    assert int(first) <= regime.year <= int(last)


@pytest.mark.parametrize("name", regime_names())
def test_the_calendar_is_in_the_order_of_time(name, book):
    dates = [event.date[:7] for event in calendar(load_regime(name), book)]
    assert dates == sorted(dates)
    assert dates


def test_the_calendar_tells_month_and_quarter(book):
    dates = [event.date for event in calendar(load_regime("optimisation"), book)]
    assert list(dict.fromkeys(dates)) == ["2021", "2021-01", "2021-06"]
    assert calendar(load_regime("data_separated"), book)[-1].date == "2023-Q1"


def test_an_unknown_regime_is_refused_with_the_near_name():
    with pytest.raises(ConfigError, match="did you mean 'contraction'"):
        load_regime("contractoin")


def test_a_regime_without_changes_may_be_written(written, stored, book):
    assert apply_regime(stored, written(""), book).numbers == stored.numbers


@pytest.mark.parametrize(("text", "told"), [
    ("chnages: []\n", r"made_up.yaml:\d+: chnages: unknown key, did you mean 'changes'"),
    ("changes: [{path: population.context.months, value: 6, why: no}]\n", "leaves the people as they are"),
    (FREE, "more free numbers than targets"),
    (FREE + TARGET.replace("why", "role: check, why"), "more free numbers than targets"),
    (TARGET.replace("why", "bound: above, why"), "'near', 'at_least' or 'at_most'"),
    ("year: 2023\n", "given before"),
    (TARGET.replace("equal", "about"), "'equal', 'times_reference' or 'plus_reference'"),
])
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(written, text, told):
    with pytest.raises(ConfigError, match=told):
        written(text)


@pytest.mark.parametrize(("text", "near"), [
    (FREE.replace("intercept", "intercpet") + TARGET, "lender.invitation.intercept"),
    (TARGET.replace("entry_share", "entry_shar"), "D2.2.entry_share"),
    (TARGET.replace("invited_share", "invited_shares"), "invited_share"),
    ("changes: [{path: lender.pricing.hgih, value: 1, why: no}]\n", "lender.pricing.high"),
])
def test_what_does_not_exist_is_refused_with_the_near_name(written, stored, book, text, near):
    with pytest.raises(ConfigError, match=f"did you mean '{near}'"):
        apply_regime(stored, written(text), book)


def test_an_event_without_a_date_is_refused(written, book):
    with pytest.raises(ConfigError, match="has no date"):
        calendar(written("calendar: [D0.2.opens_opened]\n"), book)


def test_a_regime_is_called_after_its_file(tmp_path):
    (tmp_path / "other.yaml").write_text(MADE_UP, encoding="utf-8")
    with pytest.raises(ConfigError, match="write 'name: other'"):
        load_regime("other", tmp_path)
