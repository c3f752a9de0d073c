"""Another reading of a contradiction moves what it should, and nothing else."""

import pytest

from weilidai.errors import ConfigError
from weilidai.matching.readings import load_readings, with_readings
from weilidai.pipeline.simulate import simulate

SEED, ROWS = 17, 16_384
OTHERS = [(key, choice) for key, one in load_readings().items() for choice in one.choices if choice != one.default]
BARS = {
    "prequalification_pass", "inquiry_bar", "standards_in_force", "pay_score_bar", "licaitong_use", "thin_files",
}
"""Readings that move who is looked at."""


@pytest.fixture(scope="module")
def read(stored, book):
    known = {}

    def made(key=None, choice=None):
        if (key, choice) not in known:
            chosen = {key: choice} if key else {}
            known[key, choice] = simulate(with_readings(stored, chosen, book), ROWS, SEED)[0]
        return known[key, choice]

    return made


def moved(one, other):
    return {name for name in one if not one[name].equals(other[name])}


def test_at_least_five_contradictions_can_be_read_otherwise():
    assert len(load_readings()) >= 5


@pytest.mark.parametrize("key", load_readings())
def test_a_reading_and_its_conflict_name_each_other(key, book):
    conflict = book.conflicts[load_readings()[key].conflict]
    assert conflict.switch == f"data.readings.{key}"


def test_every_switch_of_a_conflict_exists(book):
    switches = {c.switch for c in book.conflicts.values() if c.switch and c.switch.startswith("data.readings.")}
    assert switches == {f"data.readings.{key}" for key in load_readings()}


@pytest.mark.parametrize("key", load_readings())
def test_the_default_changes_nothing(key, stored, book):
    assert with_readings(stored, {key: load_readings()[key].default}, book).numbers == stored.numbers


@pytest.mark.parametrize(("key", "choice"), OTHERS)
def test_another_reading_changes_the_lender_and_never_the_people(key, choice, read):
    before, after = read(), read(key, choice)
    assert moved(before, after)
    assert before.person_id.equals(after.person_id)
    features = ["age_years", "daily_open_count", "licaitong_balance_cny", "bureau_inquiry_count_3m", "is_restricted"]
    assert not moved(before[features], after[features])


@pytest.mark.parametrize(("key", "choice"), [pair for pair in OTHERS if pair[0] in BARS])
def test_a_bar_decides_who_is_looked_at_and_nothing_about_the_others(key, choice, read):
    before, after = read(), read(key, choice)
    assert not before.is_eligible.equals(after.is_eligible)
    looked_at = before.is_eligible & after.is_eligible
    assert not moved(before[looked_at], after[looked_at])


@pytest.mark.parametrize(("key", "choice", "moves", "leaves"), [
    ("first_grant_spread", "half_range", {"initial_quota_cny", "current_quota_cny"}, {"daily_rate"}),
    ("quota_ceiling", "best_tier", {"current_quota_cny"}, {"initial_quota_cny", "daily_rate"}),
    ("rate_within_grade", "fixed", {"daily_rate"}, {"initial_quota_cny", "current_quota_cny"}),
])
def test_a_reading_of_terms_moves_those_terms_and_nobody_in_or_out(key, choice, moves, leaves, read):
    found = moved(read(), read(key, choice))
    assert moves <= found
    states = {"is_eligible", "is_invited", "has_applied", "is_intercepted", "is_opened", "is_overdue", "credit_grade"}
    assert not found & (states | leaves)


def test_bands_are_narrower_than_standard_deviations(read):
    before, after = read(), read("first_grant_spread", "half_range")
    kind = before.is_opened & (before.user_type == "office_worker")
    assert after.initial_quota_cny[kind].std() < 0.75 * before.initial_quota_cny[kind].std()


def test_three_fixed_prices_are_three(read):
    assert read("rate_within_grade", "fixed").daily_rate.nunique() == 3


def test_people_without_a_record_are_not_looked_at_behind_a_gate(read):
    gated = read("thin_files", "gate")
    assert not gated.is_eligible[~gated.has_bureau_record].any()


def test_all_four_marks_let_fewer_pass_than_three(read):
    assert read("prequalification_pass", "all_four").is_eligible.sum() < 0.7 * read().is_eligible.sum()


@pytest.mark.parametrize(("chosen", "near"), [
    ({"thin_file": "gate"}, "thin_files"),
    ({"thin_files": "gates"}, "gate"),
])
def test_an_unknown_reading_or_choice_is_refused_with_the_near_name(stored, book, chosen, near):
    with pytest.raises(ConfigError, match=f"did you mean '{near}'"):
        with_readings(stored, chosen, book)
