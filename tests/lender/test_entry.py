import numpy as np
import pytest

from weilidai.columns import ENTRY_EVENTS
from weilidai.lender.entry import has_seen
from weilidai.lender.take_up import VALUE_TIERS, value_tier


@pytest.mark.parametrize(("tier", "hours"), [("high_value", 72), ("active", 24), ("new", 6)])
def test_the_entry_stays_as_long_as_documented_for_the_tier(everyone, lender, tier, hours) -> None:
    of_tier = value_tier(everyone.people, lender.take_up.triggers) == VALUE_TIERS.index(tier)
    stays = everyone.columns["entry_shown_hours"][of_tier & has_seen(everyone.columns)]
    assert stays.size > 100
    assert set(stays.tolist()) == {hours}


def test_only_the_invited_see_the_entry(everyone) -> None:
    assert not (has_seen(everyone.columns) & ~everyone.columns["is_invited"]).any()


def test_only_applicants_have_acted(everyone) -> None:
    assert np.array_equal(~np.isnan(everyone.columns["hours_to_act"]), everyone.columns["has_applied"])


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
        assert abs(early - 0.5) < 4 * 0.5 / np.sqrt(hours.size) + 0.03  # hours are told to a tenth
