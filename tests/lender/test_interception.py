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
    assert (people["device_count_7d"][of_kind(everyone, "device")] >= 3).all()
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
