import numpy as np
import pytest

from weilidai.columns import FAILURE_CAUSES, USER_TYPES
from weilidai.matching.crowd import Crowd
from weilidai.matching.journey_moments import JOURNEY_MOMENTS

WORKER = USER_TYPES.index("office_worker")


def crowd(**columns):
    people = len(next(iter(columns.values())))
    base = {
        "licaitong_balance_cny": np.zeros(people), "user_type": np.full(people, WORKER),
        "account_age_months": np.full(people, 60),
    }
    arrays = {name: np.array(values) for name, values in columns.items()}
    weights = {"invited": arrays.pop("invited", np.ones(people))}
    return Crowd({**base, **arrays}, weights, {}, {"high_value_cny": 50_000, "new_months": 24})


@pytest.mark.parametrize("nobody", [0.0, np.nan])
def test_a_mean_time_counts_only_who_was_timed(nobody) -> None:
    assert JOURNEY_MOMENTS["check_seconds.mean.face"](crowd(face_check_seconds=[20, nobody, 30])) == 25


def test_a_time_nobody_has_is_not_known() -> None:
    assert np.isnan(JOURNEY_MOMENTS["payout_minutes.mean"](crowd(payout_seconds=[0.0, 0.0])))


def test_payouts_are_told_in_minutes() -> None:
    paid = crowd(payout_seconds=[60.0, 180.0])
    assert JOURNEY_MOMENTS["payout_minutes.mean"](paid) == 2
    assert JOURNEY_MOMENTS["payout_minutes.least"](paid) == 1


def test_a_cause_is_counted_among_the_failures_of_its_element() -> None:
    other = FAILURE_CAUSES.index("other")
    failed = crowd(verification_failed_element=[0, 0, 1, 255], verification_failure_cause=[0, other, other, 255])
    assert JOURNEY_MOMENTS["failure_cause_share.poor_light"](failed) == 0.5
    assert JOURNEY_MOMENTS["failure_cause_share.operator_delay"](failed) == 0
    assert np.isnan(JOURNEY_MOMENTS["failure_cause_share.missing_edges"](failed))


def test_stays_are_told_apart_by_value_tier() -> None:
    shown = crowd(
        entry_shown_hours=[72.0, 24.0, 6.0], licaitong_balance_cny=[60_000, 0, 0], account_age_months=[60, 60, 3]
    )
    got = [JOURNEY_MOMENTS[f"entry_shown_hours.mean.{tier}"](shown) for tier in ("high_value", "active", "new")]
    assert got == [72, 24, 6]


def test_dormant_people_are_set_against_the_rest() -> None:
    lives = crowd(is_zombie=[True, True, False, False], invited=[0.1, 0.1, 0.4, 0.4])
    assert JOURNEY_MOMENTS["invited_ratio.zombie"](lives) == pytest.approx(0.25)
