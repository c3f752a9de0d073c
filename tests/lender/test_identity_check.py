import numpy as np
import pytest

from weilidai.columns import CHECKED_ELEMENTS, FAILURE_CAUSES
from weilidai.lender.identity_check import SECONDS

WIDTH = 4
"""Standard errors a documented figure may lie away."""


@pytest.mark.parametrize(("element", "seconds"), [("face", 23), ("phone", 18), ("identity_card", 35)])
def test_each_element_takes_its_documented_time_on_average(everyone, element, seconds) -> None:
    times = everyone.columns[SECONDS[element]]
    times = times[~np.isnan(times)].astype(np.float64)
    assert abs(times.mean() - seconds) < WIDTH * times.std() / np.sqrt(times.size)


@pytest.mark.parametrize(
    ("element", "cause", "share"),
    [("face", "poor_light", 0.67), ("phone", "operator_delay", 0.42), ("identity_card", "missing_edges", 0.55)],
)
def test_each_named_cause_explains_its_documented_share(everyone, element, cause, share) -> None:
    failed = everyone.columns["verification_failed_element"] == CHECKED_ELEMENTS.index(element)
    named = everyone.columns["verification_failure_cause"][failed] == FAILURE_CAUSES.index(cause)
    assert abs(named.mean() - share) < WIDTH * np.sqrt(share * (1 - share) / failed.sum())


def test_a_cause_belongs_to_its_element(everyone) -> None:
    element = everyone.columns["verification_failed_element"]
    cause = everyone.columns["verification_failure_cause"]
    named = cause < FAILURE_CAUSES.index("other")
    assert np.array_equal(cause[named], element[named])


def test_one_check_is_the_sum_of_its_elements(everyone) -> None:
    total = sum(everyone.columns[name] for name in SECONDS.values())
    np.testing.assert_allclose(everyone.columns["verification_seconds"], total, rtol=1e-5)


def test_a_slow_person_is_slow_throughout(everyone) -> None:
    face, phone = (np.log(everyone.columns[SECONDS[e]]) for e in ("face", "phone"))
    who = ~np.isnan(face)
    assert np.corrcoef(face[who], phone[who])[0, 1] == pytest.approx(0.5, abs=0.05)


def test_waits_follow_the_failures(everyone) -> None:
    columns = everyone.columns
    applied = columns["has_applied"]
    failures = columns["verification_attempt_count"][applied] - columns["is_verified"][applied]
    assert np.array_equal(failures >= 3, columns["has_cooled_down"][applied])
    waits = columns["verification_wait_hours"][applied]
    assert set(waits[failures == 2].tolist()) == {4}
    assert set(waits[failures == 3].tolist()) == {28}
    assert set(waits[failures == 6].tolist()) <= {56}
