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


def test_an_alert_leaves_no_account_alone(everyone) -> None:
    alarmed = everyone.people["has_aml_alert"]
    assert (on(everyone, "entry_closed") | on(everyone, "blacklist"))[alarmed].all()


def test_most_accounts_are_left_alone(everyone) -> None:
    assert np.mean(everyone.columns["security_action"] == NO_LEVEL) > 0.8
