import numpy as np
import pytest

from weilidai.columns import ENTRY_EVENTS
from weilidai.lender.entry import DAYS_OF_MONTHS, FOLLOW_TRIAL, has_seen, is_entry_available, without_trial
from weilidai.lender.standing_time import longest_open
from weilidai.lender.take_up import VALUE_TIERS, value_tier


@pytest.mark.parametrize(("tier", "hours"), [("high_value", 72), ("active", 24), ("new", 6)])
def test_the_entry_stays_as_long_as_documented_for_the_tier(everyone, lender, tier, hours) -> None:
    of_tier = value_tier(everyone.people, lender.take_up.triggers) == VALUE_TIERS.index(tier)
    stays = everyone.columns["entry_shown_hours"][of_tier & has_seen(everyone.columns)]
    assert stays.size > 100
    assert set(stays.tolist()) == {hours}


def test_only_the_invited_see_the_entry(everyone) -> None:
    assert not (has_seen(everyone.columns) & ~everyone.columns["is_invited"]).any()


def test_only_who_tried_has_acted(everyone) -> None:
    assert np.array_equal(~np.isnan(everyone.columns["hours_to_act"]), everyone.columns["has_tried"])


def test_who_acts_too_late_is_queued_again_and_has_not_applied(everyone, lender) -> None:
    c = everyone.columns
    window = np.minimum(c["entry_shown_hours"], lender.entry.act_within_hours)
    assert c["is_requeued"].sum() > 100
    assert np.array_equal(c["is_requeued"], c["hours_to_act"] > window)
    assert not (c["is_requeued"] & c["has_applied"]).any()


def test_exactly_who_was_shown_the_entry_or_acted_on_it_has_an_event(everyone) -> None:
    c = everyone.columns
    shown = c["entry_trigger_count_1m"] > 0
    assert np.array_equal(has_seen(c), shown | c["has_tried"] | c["has_closed_entry"])
    assert np.array_equal(~np.isnan(c["entry_day_of_month"]), has_seen(c))


def test_the_entry_came_up_this_month_for_exactly_those_with_a_trigger_in_it_who_have_not_opened(everyone) -> None:
    c, waiting = everyone.columns, ~everyone.columns["is_opened"]
    assert np.array_equal((c["entry_months_ago"] == 0)[waiting], (c["entry_trigger_count_1m"] > 0)[waiting])
    earlier = c["entry_months_ago"][has_seen(c) & (c["entry_trigger_count_1m"] == 0)]
    assert earlier.size > 1000
    assert (earlier >= 1).all()


def test_the_entry_of_the_opened_is_the_one_that_led_to_the_opening(everyone) -> None:
    c, opened = everyone.columns, everyone.columns["is_opened"]
    assert opened.sum() > 5000
    assert np.array_equal(c["entry_months_ago"][opened], c["opened_months_ago"][opened])
    assert (c["entry_months_ago"][opened & (c["entry_trigger_count_1m"] > 0)] > 0).mean() > 0.9


def test_the_entry_never_came_up_before_the_account_was_there(everyone) -> None:
    seen = has_seen(everyone.columns)
    assert (everyone.columns["entry_months_ago"][seen] <= everyone.people["account_age_months"][seen]).all()


def test_no_entry_came_up_before_the_name_was_verified_or_the_service_was_there(everyone) -> None:
    seen = has_seen(everyone.columns)
    assert (everyone.columns["entry_months_ago"][seen] <= longest_open(everyone.people)[seen]).all()


def test_nobody_bought_licaitong_before_there_was_a_holding(everyone) -> None:
    c = everyone.columns
    bought = c["entry_event"] == ENTRY_EVENTS.index("licaitong_purchase")
    assert (bought & c["is_opened"]).sum() > 500
    assert (c["entry_months_ago"][bought] <= everyone.people["licaitong_months"][bought]).all()


def test_who_had_no_holding_yet_opened_after_another_event_and_in_time(everyone, lender) -> None:
    c = everyone.columns
    early = c["is_opened"] & (everyone.people["licaitong_months"] < c["opened_months_ago"])
    assert early.sum() > 500
    assert not (c["entry_event"][early] == ENTRY_EVENTS.index("licaitong_purchase")).any()
    assert (c["hours_to_act"][early] <= np.minimum(c["entry_shown_hours"], lender.entry.act_within_hours)[early]).all()
    assert (c["hours_to_act"][early] > 0).all()


def test_no_entry_comes_up_on_a_day_its_month_does_not_have(everyone) -> None:
    c, seen = everyone.columns, has_seen(everyone.columns)
    month = (everyone.people["snapshot_month"][seen] - c["entry_months_ago"][seen]).astype(int) % 12
    day, last = c["entry_day_of_month"][seen], np.array(DAYS_OF_MONTHS)[month]
    assert (day <= last).all()
    assert day[month == 1].max() == 28
    assert day[month == 0].max() == 31


@pytest.mark.parametrize("reason", ["has_lost_entry", "is_requeued", "is_assessment_frozen", "has_cooled_down"])
def test_each_reason_alone_takes_the_entry_away(reason) -> None:
    names = ("has_lost_entry", "is_requeued", "is_assessment_frozen", "has_cooled_down", "has_passed_first_checks",
             "is_appeal_upheld")
    states = {name: np.array([name == reason]) for name in names} | {"retry_after_hours": np.array([np.nan])}
    assert not is_entry_available(np.array([True]), states)[0]
    assert is_entry_available(np.array([True]), {**states, reason: np.array([False])})[0]


def test_an_upheld_appeal_gives_the_entry_back(everyone) -> None:
    c = everyone.columns
    appealed = c["has_appealed"] & ~c["has_lost_entry"] & ~(c["has_cooled_down"] & ~c["has_passed_first_checks"])
    assert c["is_appeal_upheld"][appealed].any()
    assert np.array_equal(c["is_entry_available"][appealed], c["is_appeal_upheld"][appealed])


def test_the_batch_falls_on_each_of_its_days_alike(everyone) -> None:
    batch = everyone.columns["entry_event"] == ENTRY_EVENTS.index("monthly_batch")
    days, counts = np.unique(everyone.columns["entry_day_of_month"][batch], return_counts=True)
    assert days.tolist() == [1, 2, 3, 4, 5]
    assert np.abs(counts - batch.sum() / 5).max() < 4 * np.sqrt(batch.sum() * 0.16)


def test_half_of_the_applicants_act_within_the_median_of_their_event(everyone, lender) -> None:
    for code, event in enumerate(ENTRY_EVENTS):
        hours = everyone.columns["hours_to_act"][everyone.columns["entry_event"] == code]
        hours = hours[~np.isnan(hours)]
        early = (hours < lender.entry.median_hours_to_act[event]).mean()
        assert abs(early - 0.5) < 4 * 0.5 / np.sqrt(hours.size) + 0.06  # hours are told in tenths, rounded up


def test_a_trial_taken_back_leaves_the_entry_only_to_whom_it_was_shown() -> None:
    shown = np.array([2.0, 0.0, 0.0], np.float32)
    states = {name: np.ones(3, bool) for name in FOLLOW_TRIAL} | {
        "entry_trigger_count_1m": shown, "hours_to_act": np.ones(3, np.float32), "entry_event": np.ones(3, np.uint8),
        **{name: np.ones(3, np.float32) for name in ("entry_months_ago", "entry_day_of_month", "entry_shown_hours")},
    }
    told = without_trial(states, np.array([True, True, False]))
    assert all(told[name].tolist() == [False, False, True] for name in FOLLOW_TRIAL)
    assert np.isnan(told["hours_to_act"]).tolist() == [True, True, False]
    assert has_seen(told).tolist() == [True, False, True]
    assert np.isnan(told["entry_day_of_month"]).tolist() == [False, True, False]
