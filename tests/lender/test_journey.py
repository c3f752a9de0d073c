"""From application to opening."""

import numpy as np
import pytest

from weilidai.errors import ConfigError
from weilidai.lender.journey import (
    JourneyParameters,
    Outage,
    added_check_probability,
    reach_probability,
    stage_probability,
)
from weilidai.parameters import build


@pytest.mark.parametrize("stage", ["verification", "interception", "approval"])
def test_every_stage_gives_chances(lender, one, stage):
    chance = stage_probability(one.people, getattr(lender.journey, stage))
    assert ((chance > 0) & (chance < 1)).all()
    assert chance.dtype == np.float32


def test_the_added_check_loses_the_documented_share(lender, contracted):
    assert added_check_probability(lender.journey) == 1
    assert added_check_probability(contracted.journey) == pytest.approx(0.85)


@pytest.mark.parametrize("steps", [4, 6])
def test_steps_that_do_not_agree_with_the_checks_are_refused(lender, steps):
    with pytest.raises(ConfigError, match="a flow has 5 steps, and one more with an added check"):
        build({**lender.journey.model_dump(), "steps": steps}, JourneyParameters, "lender.journey")


ALARMS = {"device_count_7d": 5, "location_jump_km_7d": 900, "verification_failure_count": 6, "uses_vpn": True,
          "identity_change_count_12m": 4, "night_transfer_count_30d": 6, "overdue_count_24m": 6}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_never_makes_an_interception_less_likely(make, name):
    worse = make(set_to={name: ALARMS[name]})[1].chances["intercept"]
    calm = make(set_to={name: 0})[1].chances["intercept"]
    assert (worse >= calm - 1e-6).all()
    assert (worse > calm).any()


@pytest.mark.parametrize(("name", "low", "high"), [
    ("tencent_credit_score", 500, 700), ("friend_count", 10, 600), ("daily_payment_count", 0.2, 4),
    ("other_repayment_on_time_share", 0.7, 1),
])
def test_what_helps_never_makes_an_approval_less_likely(make, name, low, high):
    better, worse = make(set_to={name: high})[1], make(set_to={name: low})[1]
    assert (better.chances["approve"] >= worse.chances["approve"] - 1e-6).all()
    assert (better.chances["approve"] > worse.chances["approve"]).any()


def test_only_what_was_done_in_the_month_of_the_outage_met_it() -> None:
    outage = Outage(month=9, days=17, days_in_month=30)
    people = {"age_years": np.full(4, 30.0), "snapshot_month": np.array([8, 8, 10, 10], np.uint8)}
    acted = np.array([0, 3, 2, 14], np.float32)
    assert reach_probability(people, acted, outage) == pytest.approx([13 / 30, 1, 13 / 30, 1])
    assert reach_probability(people, acted, None).tolist() == [1, 1, 1, 1]
