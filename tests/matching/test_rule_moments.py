"""The statistics of documented rules see a rule that is broken for a single person."""

from dataclasses import replace

import numpy as np
import pytest

from weilidai.columns import QUOTA_TIERS, SECURITY_ACTIONS
from weilidai.matching.growth_moments import DRIVERS, MEASURED
from weilidai.matching.moments import MOMENTS


def broken(crowd, column, who, value):
    """Give the same crowd with one value of one person changed."""
    values = np.array(crowd.columns[column])
    values[np.flatnonzero(who)[0]] = value
    return replace(crowd, columns={**crowd.columns, column: values})


def invited(crowd):
    return crowd.weights["shown"] > 0


def opened(crowd):
    return crowd.weights["opened"] > 0


def active(crowd):
    return opened(crowd) & (crowd.columns["quota_tier"] == QUOTA_TIERS.index("active"))


def seen(crowd):
    return crowd.columns["entry_shown_hours"] > 0


@pytest.mark.parametrize(("moment", "column", "who", "value"), [
    ("bar.inquiries_6m", "bureau_inquiry_count_6m", invited, 7),
    ("bar.debt_to_income", "debt_to_income_share", invited, 0.51),
    ("let_in_share.uncovered", "is_covered_area", invited, False),
    ("let_in_share.restricted", "is_restricted", invited, True),
    ("let_in_share.blacklisted", "security_action", invited, SECURITY_ACTIONS.index("blacklist")),
    ("let_in_share.many_inquiries", "bureau_inquiry_count_6m", invited, 9),
    ("entry_seen_share.not_invited", "entry_shown_hours", lambda c: ~invited(c), 24),
    ("bureau_track.most.overdue", "overdue_count_24m", lambda c: c.columns["passes_bureau_track"], 4),
    ("entry_day.batch.last", "entry_day_of_month", lambda c: c.columns["entry_event"] == 1, 6),
    ("requeued_share.late", "is_requeued", lambda c: c.columns["hours_to_act"] > 12, False),
    ("cooled_down.least_failures", "has_cooled_down", lambda c: c.columns["verification_attempt_count"] == 2, True),
    ("cool_down_days.device", "cool_down_hours", lambda c: c.columns["interception_kind"] == 0, 24),
    ("tier_quota.most.new", "quota_tier", active, QUOTA_TIERS.index("new")),
    ("quota_after_6m.most", "quota_after_6m_cny", opened, 200_100),
    ("no_transfer_alert.most_cny", "largest_transfer_cny", opened, 50_001),
    ("second_check_share.remote_login", "has_second_check", lambda c: opened(c) & c.columns["has_remote_login"], False),
    ("reborrowed_share.forbidden_use", "has_reborrowed", lambda c: opened(c) & c.columns["has_forbidden_use"], True),
    ("push_share", "entry_channel", seen, 1),
    ("steps.opened", "journey_step_count", opened, 4),
])
def test_one_person_who_is_treated_otherwise_shows(realised, moment, column, who, value):
    before = MOMENTS[moment](realised)
    after = MOMENTS[moment](broken(realised, column, who(realised), value))
    assert after != pytest.approx(before, abs=1e-9)


def test_the_effect_of_a_driver_does_not_follow_from_another_one(realised):
    """Savers use the quota less; the effect of savings is told with use held equal."""
    assert set(MEASURED) <= set(DRIVERS)
    grown = np.where(realised.columns["uses_instalments"], realised.weights["opened"], 0)
    only_instalments = replace(realised, weights={**realised.weights, "increased": grown})
    for name in MEASURED:
        assert MOMENTS[f"increase_effect.{name}"](only_instalments) == pytest.approx(0, abs=1e-9), name


def test_nobody_gives_no_number(realised):
    nobody = realised.part(np.zeros(len(realised.columns["age_years"]), dtype=bool))
    for name in ("bar.debt_to_income", "steps.opened", "increase_effect.savings", "grade_discount.mean"):
        assert np.isnan(MOMENTS[name](nobody))
