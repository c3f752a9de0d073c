"""The six months after the snapshot."""

import numpy as np
import pytest

from weilidai.lender import decide
from weilidai.noise import Noise

AFTER = ("quota_tier", "review_interval_days", "tier_daily_rate", "base_spread_bp", "star_rating",
         "next_daily_rate", "bill_payment_count_1m", "insurance_gain_cny", "quota_after_6m_cny",
         "quota_change_6m_share")


def test_only_opened_people_live_through_it(everyone):
    opened = everyone.columns["is_opened"]
    for name in AFTER:
        values = everyone.columns[name]
        missing = np.isnan(values) if values.dtype.kind == "f" else values == 255
        assert (missing == ~opened).all(), name
    for name in ("has_quota_increase", "is_quota_closed", "has_rate_review"):
        assert not (everyone.columns[name] & ~opened).any()


def test_a_quota_grew_when_its_change_is_above_nothing(everyone):
    opened = everyone.columns["is_opened"]
    change, grows = everyone.columns["quota_change_6m_share"][opened], everyone.columns["has_quota_increase"][opened]
    assert ((change > 0) == grows).all()


def test_the_change_leads_from_the_quota_of_today_to_that_in_six_months(everyone, lender):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    after, now = c["quota_after_6m_cny"][opened], c["current_quota_cny"][opened]
    assert after == pytest.approx(now * (1 + c["quota_change_6m_share"][opened]), rel=1e-5, abs=0.1)
    assert after.max() <= lender.growth.high_cny


def test_a_closed_quota_is_gone_and_a_closed_or_cut_one_does_not_grow(everyone):
    c, opened = everyone.columns, everyone.columns["is_opened"]
    closed = opened & c["is_quota_closed"]
    cut = opened & ~closed & (everyone.people["bureau_inquiry_count_3m"] >= 3)
    assert closed.any()
    assert cut.any()
    assert (c["quota_after_6m_cny"][closed] == 0).all()
    assert c["quota_change_6m_share"][cut] == pytest.approx(-0.3, abs=1e-4)
    assert not c["has_quota_increase"][closed | cut].any()


def test_increases_happen_as_often_as_their_chances_say(everyone):
    opened = everyone.columns["is_opened"]
    chance = everyone.chances["increase"][opened].astype(np.float64)
    spread = np.sqrt((chance * (1 - chance)).sum())
    assert abs(everyone.columns["has_quota_increase"][opened].sum() - chance.sum()) < 4.5 * spread


def test_the_rule_of_2023_takes_quota_from_those_who_stop_and_from_nobody_else(lender, one):
    awake = lender.reduction.model_copy(update={"no_reborrow_share_applies": 1.0})
    made = decide(one.people, lender.model_copy(update={"reduction": awake}), Noise(4242, 0))
    before, after = (m.would_get["quota_after_6m_cny"] for m in (one.made, made))
    stopped = ~one.made.would_get["has_reborrowed"] & (one.made.would_get["opened_months_ago"] >= 6)
    assert (after <= before).all()
    assert (after[stopped] <= before[stopped]).all()
    assert (after < before)[one.made.columns["is_eligible"] & stopped].mean() > 0.8
    assert (after == before)[~stopped].all()
    assert made.columns["current_quota_cny"].tobytes() == one.made.columns["current_quota_cny"].tobytes()
