import numpy as np

from weilidai.columns import SECURITY_ACTIONS
from weilidai.lender.some_people import NO_LEVEL


def on(everyone, rung):
    return everyone.columns["security_action"] == SECURITY_ACTIONS.index(rung)


def test_every_restricted_account_stands_on_a_rung(everyone) -> None:
    assert (everyone.columns["security_action"][everyone.people["is_restricted"]] != NO_LEVEL).all()


def test_only_restricted_accounts_are_blacklisted_and_none_of_them_is_eligible(everyone) -> None:
    black = on(everyone, "blacklist")
    assert black.sum() > 20
    assert everyone.people["is_restricted"][black].all()
    assert not everyone.columns["is_eligible"][black].any()


def test_tampering_without_a_restriction_freezes_and_blacklists_nobody(everyone, lender) -> None:
    tampered = everyone.people["identity_change_count_12m"] >= lender.security.identity_change_count
    free = tampered & ~everyone.people["is_restricted"]
    assert free.sum() > 100
    assert (on(everyone, "temporary_freeze") | on(everyone, "entry_closed"))[free].all()
    assert on(everyone, "blacklist")[tampered & everyone.people["is_restricted"]].all()


def test_an_alert_leaves_no_account_alone(everyone) -> None:
    alarmed = everyone.people["has_aml_alert"]
    assert (on(everyone, "entry_closed") | on(everyone, "blacklist"))[alarmed].all()


def test_most_accounts_are_left_alone(everyone) -> None:
    assert np.mean(everyone.columns["security_action"] == NO_LEVEL) > 0.8


def test_nobody_is_approved_or_raised_while_the_assessment_is_frozen(everyone) -> None:
    frozen = on(everyone, "temporary_freeze")
    assert (frozen & everyone.columns["has_applied"]).sum() > 50
    assert not everyone.columns["is_approved"][frozen].any()
    assert everyone.would_get["is_assessment_frozen"][frozen].all()
    assert not everyone.would_get["has_quota_increase"][frozen].any()


def test_an_opened_account_that_lost_its_entry_loses_its_quota(everyone) -> None:
    c, lost = everyone.columns, on(everyone, "entry_closed") & everyone.columns["is_opened"]
    assert lost.sum() > 20
    assert c["is_quota_closed"][lost].all()
    assert (c["quota_after_6m_cny"][lost] == 0).all()
    assert c["is_quota_closed"][c["is_opened"] & ~lost].mean() < 0.05


def test_no_rung_of_the_ladder_leaves_the_entry_usable(everyone) -> None:
    c = everyone.columns
    stands = (c["security_action"] != NO_LEVEL) & ~c["is_appeal_upheld"]
    assert (stands & c["is_invited"]).sum() > 100
    assert not c["is_entry_available"][stands].any()
    assert c["is_entry_available"][c["is_opened"] & ~stands].all()


def test_an_upheld_appeal_does_not_reopen_a_closed_entry(everyone) -> None:
    closed = on(everyone, "entry_closed") | on(everyone, "blacklist")
    assert not everyone.columns["is_entry_available"][closed].any()
