"""Another reading of a contradiction moves what it should, and nothing else."""

import re

import pytest

from weilidai.columns import FEATURES
from weilidai.errors import ConfigError
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.matching.readings import load_readings, with_readings
from weilidai.pipeline.simulate import simulate

SEED, ROWS = 17, 16_384
SIX = 6
"""Hours that the entry stays for new users."""
RARE = {"deposit_time": 8 * ROWS}
"""People where a reading speaks of few: borrowers whose deposit has stayed between one and five months."""
OTHERS = [(key, choice) for key, one in load_readings().items() for choice in one.choices if choice != one.default]
BARS = {
    "prequalification_pass", "inquiry_bar", "standards_in_force", "pay_score_bar", "licaitong_use", "thin_files",
    "low_activity", "repayment_elsewhere", "bill_permission", "remote_login", "real_name_age", "debt_bar_change",
}
"""Readings that move who is looked at."""


@pytest.fixture(scope="module")
def read(book):
    known = {}

    def made(key=None, choice=None, regime=REFERENCE_REGIME, rows=ROWS):
        if (key, choice, regime, rows) not in known:
            chosen = {key: choice} if key else {}
            numbers = with_readings(load_parameters(regime), chosen, book)
            known[key, choice, regime, rows] = simulate(numbers, rows, SEED)[0]
        return known[key, choice, regime, rows]

    return made


def asked_in(key):
    return next(iter(load_readings()[key].regimes), REFERENCE_REGIME)


def moved(one, other):
    return {name for name in one if not one[name].equals(other[name])}


def test_many_contradictions_can_be_read_otherwise():
    assert len(load_readings()) >= 30


@pytest.mark.parametrize("key", load_readings())
def test_a_reading_and_its_conflict_name_each_other(key, book):
    conflict = book.conflicts[load_readings()[key].conflict]
    assert conflict.switch == f"data.readings.{key}"


def test_a_choice_that_a_conflict_names_is_one_of_its_switch(book):
    named = {
        (conflict.switch, name) for conflict in book.conflicts.values()
        for text in (conflict.reading, *conflict.alternatives) for name in re.findall(r"choice (\w+)\)", text)
    }
    offered = {(f"data.readings.{key}", name) for key, one in load_readings().items() for name in one.choices}
    assert len(named) >= 3
    assert named <= offered


def test_every_switch_of_a_conflict_exists(book):
    switches = {c.switch for c in book.conflicts.values() if c.switch and c.switch.startswith("data.readings.")}
    assert switches == {f"data.readings.{key}" for key in load_readings()}


@pytest.mark.parametrize("key", load_readings())
def test_the_default_changes_nothing(key, stored, book):
    assert with_readings(stored, {key: load_readings()[key].default}, book).numbers == stored.numbers


@pytest.mark.parametrize(("key", "choice"), OTHERS)
def test_another_reading_changes_the_lender_and_never_the_people(key, choice, read):
    regime, rows = asked_in(key), RARE.get(key, ROWS)
    before, after = read(regime=regime, rows=rows), read(key, choice, regime, rows)
    assert moved(before, after)
    features = ["person_id", *FEATURES]
    assert not moved(before[features], after[features])


@pytest.mark.parametrize(("key", "choice"), [pair for pair in OTHERS if pair[0] in BARS])
def test_a_bar_decides_who_is_looked_at_and_nothing_about_the_others(key, choice, read):
    regime = asked_in(key)
    before, after = read(regime=regime), read(key, choice, regime)
    assert not before.is_eligible.equals(after.is_eligible)
    looked_at = before.is_eligible & after.is_eligible
    assert moved(before[looked_at], after[looked_at]) <= {"prequalification_score"}


@pytest.mark.parametrize(("key", "choice", "moves", "leaves"), [
    ("first_grant_spread", "half_range", {"initial_quota_cny", "current_quota_cny"}, {"daily_rate"}),
    ("quota_ceiling", "best_tier", {"current_quota_cny"}, {"initial_quota_cny", "daily_rate"}),
    ("rate_within_grade", "fixed", {"daily_rate"}, {"initial_quota_cny", "current_quota_cny"}),
    ("new_tier_grant", "capped", {"initial_quota_cny", "current_quota_cny"}, {"daily_rate"}),
    ("tier_edges", "upper_end", {"quota_tier"}, {"initial_quota_cny", "current_quota_cny", "daily_rate"}),
    ("tier_rates", "grade_only", {"tier_daily_rate"}, {"current_quota_cny", "daily_rate", "quota_tier"}),
    ("growth_weights", "in_proportion", {"has_quota_increase", "quota_after_6m_cny"}, {"current_quota_cny"}),
    ("growth_times", "earliest_of_d3", {"has_quota_increase", "quota_after_6m_cny"}, {"current_quota_cny"}),
    ("growth_times", "latest_of_d3", {"has_quota_increase", "quota_after_6m_cny"}, {"current_quota_cny"}),
    ("deposit_time", "from_the_deposit", {"quota_after_6m_cny"}, {"current_quota_cny"}),
    ("licaitong_mark", "ten_thousand", {"has_quota_increase", "quota_after_6m_cny"}, {"current_quota_cny"}),
    ("no_reborrowing", "every_regime", {"quota_after_6m_cny"}, {"current_quota_cny"}),
    ("failures", "five", {"has_cooled_down", "verification_wait_hours"}, {"is_verified"}),
])
def test_a_reading_of_terms_moves_those_terms_and_nobody_in_or_out(key, choice, moves, leaves, read):
    rows = RARE.get(key, ROWS)
    found = moved(read(rows=rows), read(key, choice, rows=rows))
    assert moves <= found
    states = {"is_eligible", "is_invited", "has_applied", "is_intercepted", "is_opened", "is_overdue", "credit_grade"}
    assert not found & (states | leaves)


def test_twelve_hours_for_all_let_in_new_users_who_act_while_the_entry_would_have_been_gone(read):
    rows = 8 * ROWS
    before, after = read(rows=rows), read("time_to_act", "twelve_for_all", rows=rows)
    let_in = after.has_applied & ~before.has_applied
    assert let_in.any()
    assert (before.is_requeued & (before.entry_shown_hours == SIX) & (before.hours_to_act > SIX))[let_in].all()
    assert (after.hours_to_act[let_in] <= 2 * SIX).all()
    states = ["is_eligible", "is_invited", "has_applied", "is_intercepted", "is_opened", "is_overdue", "credit_grade"]
    assert not moved(before[~let_in][states], after[~let_in][states])


def test_the_time_to_act_moves_with_twelve_hours_for_all_only_where_it_is_drawn_within_the_stay(read):
    rows = 8 * ROWS
    before, after = read(rows=rows), read("time_to_act", "twelve_for_all", rows=rows)
    later = before.hours_to_act.fillna(0) != after.hours_to_act.fillna(0)
    assert (before.is_opened & (before.entry_shown_hours == SIX))[later].all()
    assert (after.hours_to_act[later] > before.hours_to_act[later]).all()


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


def test_grey_activity_read_in_points_leaves_the_list_alone_and_stops_applications(read):
    before, after = read(), read("grey_change", "points")
    grey = before.has_grey_activity
    assert after.is_invited[grey].sum() > before.is_invited[grey].sum()
    assert not (after.is_invited & ~before.is_invited)[~grey].any()
    reviewed = after.has_applied & after.is_verified & ~after.is_intercepted
    assert after.is_approved[reviewed & grey].mean() < after.is_approved[reviewed & ~grey].mean() - 0.15


def test_closing_is_rarer_when_it_is_the_share_of_those_who_saw_the_entry(read):
    older = read().is_invited & (read().age_years >= 45)
    share = read("older_closing_base", "saw_it").has_closed_entry[older].mean()
    assert share == pytest.approx(0.61 * (read().entry_trigger_count_1m[older] > 0).mean(), abs=0.06)


def test_between_45_and_60_few_close_when_old_means_retired(read):
    between = read().is_invited & read().age_years.between(45, 59)
    assert read("older_age", "from_60").has_closed_entry[between].mean() < 0.2 < read().has_closed_entry[between].mean()


def test_twenty_payments_make_fewer_accounts_active(read):
    assert read("payments_mark", "twenty").is_low_activity.sum() > read().is_low_activity.sum()


def test_three_failures_for_both_move_only_people_with_three_or_four(read):
    before, after = read(), read("failures", "three")
    assert not (before.is_intercepted & ~after.is_intercepted).any()
    changed = before.interception_kind.fillna("") != after.interception_kind.fillna("")
    assert set(before.verification_failure_count[changed]) <= {3, 4}


def test_counties_can_be_shut(read):
    assert not read("counties", "shut").is_invited[read().city_tier == "county_rural"].any()


def test_a_relative_gap_between_regions_is_smaller_than_one_in_points(read):
    def ratio(people):
        rate = people[people.is_eligible].groupby("region").is_invited.mean()
        return (rate["yangtze_delta"] + rate["pearl_delta"]) / 2 / rate["northeast"]

    assert 1.05 < ratio(read("regional_gap", "relative")) < 1.5 < ratio(read())


def test_the_older_close_the_entry_no_more_than_others_when_closing_follows_the_first_loan(read):
    invited = read().is_invited & (read().age_years >= 45)
    assert read("older_closing_base", "opened").has_closed_entry[invited].mean() < 0.15


def test_second_tier_cities_can_follow_either_neighbour(read):
    second = read().is_eligible & (read().city_tier == "tier2")
    as_third, as_first = (read("second_tier", choice).is_invited[second].mean() for choice in ("as_third", "as_first"))
    assert as_third < read().is_invited[second].mean() < as_first


def test_overdue_hardly_rises_in_the_contraction_when_the_rise_is_relative(read):
    before, after = (read(*chosen, regime="contraction") for chosen in ((), ("overdue_rise", "relative")))
    assert after.is_overdue[after.is_opened].mean() < 0.5 * before.is_overdue[before.is_opened].mean()


def test_without_the_outage_more_people_of_september_apply(read):
    before, after = (read(*chosen, regime="contraction") for chosen in ((), ("outage", "left_out")))
    acted_in = after.snapshot_month.str[-2:].astype(int) - after.entry_months_ago
    assert set(acted_in[before.has_applied != after.has_applied]) == {9}
    assert after.has_applied.sum() > before.has_applied.sum()
    assert (after.is_opened & (acted_in < 9)).equals(before.is_opened & (acted_in < 9))


@pytest.mark.parametrize("key", [key for key, one in load_readings().items() if one.regimes])
def test_a_reading_changes_nothing_where_its_question_does_not_arise(key, stored, book):
    for choice in load_readings()[key].choices:
        assert with_readings(stored, {key: choice}, book).numbers == stored.numbers


@pytest.mark.parametrize(("chosen", "near"), [
    ({"thin_file": "gate"}, "thin_files"),
    ({"thin_files": "gates"}, "gate"),
])
def test_an_unknown_reading_or_choice_is_refused_with_the_near_name(stored, book, chosen, near):
    with pytest.raises(ConfigError, match=f"did you mean '{near}'"):
        with_readings(stored, chosen, book)
