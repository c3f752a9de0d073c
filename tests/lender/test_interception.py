import numpy as np

from weilidai.columns import INTERCEPTION_KINDS
from weilidai.lender.some_people import NO_LEVEL


def of_kind(everyone, kind):
    return everyone.columns["interception_kind"] == INTERCEPTION_KINDS.index(kind)


def test_exactly_the_intercepted_have_a_kind_and_a_cool_down(everyone) -> None:
    c = everyone.columns
    assert np.array_equal(c["interception_kind"] != NO_LEVEL, c["is_intercepted"])
    assert np.array_equal(~np.isnan(c["cool_down_hours"]), c["is_intercepted"])


def test_documented_triggers_name_the_interception_in_their_order(everyone) -> None:
    people = everyone.people
    device = of_kind(everyone, "device")
    assert ((people["device_count_7d"] >= 3) | (people["ip_change_count_30d"] >= 30))[device].all()
    assert (people["location_jump_km_7d"][of_kind(everyone, "location")] >= 500).all()
    assert (people["verification_failure_count"][of_kind(everyone, "operation")] >= 5).all()
    later = of_kind(everyone, "identity") | of_kind(everyone, "behaviour")
    assert not (people["device_count_7d"][later] >= 3).any()


def test_shared_identities_stand_behind_the_assumed_share_of_the_rest(everyone, lender) -> None:
    unchanged = everyone.people["identity_change_count_12m"] < lender.interception_kind.identity_change_count
    rest = unchanged & (of_kind(everyone, "identity") | of_kind(everyone, "behaviour"))
    share = lender.interception_kind.shared_identity_share
    got = of_kind(everyone, "identity")[rest].mean()
    assert abs(got - share) < 4 * np.sqrt(share * (1 - share) / rest.sum())


def test_cool_downs_are_the_documented_ones(everyone) -> None:
    hours = everyone.columns["cool_down_hours"]
    for kind, documented in {"device": 360, "location": 168, "operation": 24}.items():
        assert set(hours[of_kind(everyone, kind)].tolist()) <= {documented}


def test_an_upheld_appeal_ends_the_cool_down_and_nothing_else_does(everyone) -> None:
    c = everyone.columns
    stopped, upheld = c["is_intercepted"], c["is_appeal_upheld"]
    assert np.array_equal(~np.isnan(c["retry_after_hours"]), stopped)
    assert upheld.sum() > 20
    assert not c["retry_after_hours"][upheld].any()
    kept = stopped & ~upheld
    assert np.array_equal(c["retry_after_hours"][kept], c["cool_down_hours"][kept])


def test_a_frozen_assessment_stops_every_application(everyone) -> None:
    c = everyone.columns
    frozen = c["has_applied"] & c["is_assessment_frozen"]
    assert frozen.sum() > 100
    assert c["is_intercepted"][frozen].all()
    assert (everyone.chances["intercept"][c["is_assessment_frozen"]] == 1).all()
