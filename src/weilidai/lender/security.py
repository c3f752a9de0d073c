"""The anti-fraud ladder on accounts: freeze for a time, close the entry, blacklist.

D0 section 6: device risk freezes the assessment for a time (D0.6.device_switching, D0.6.ip_switching,
D0.6.device_freeze), transaction risk closes the entry at once (D0.6.night_transfers,
D0.6.red_packet_gambling, D0.6.transaction_closing; alerts come from the monitoring of D2.5.aml_connection),
tampering with identity data ends on the blacklist when the account is restricted and freezes it otherwise
(D0.6.identity_card_changes, D0.6.bank_card_changes, D0.6.tampering_blacklist, X.D0.security_severity). It is the
state at the snapshot, after the invitation. A frozen assessment decides nothing: an application is stopped until
the freeze is over, an increase waits. A closed entry is gone, and with it the quota of an account that was opened
before; a blacklisted person is refused for good, by the hard rules.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from weilidai.columns import SECURITY_ACTIONS
from weilidai.lender.some_people import NO_LEVEL
from weilidai.parameters import Strict

BoolArray = npt.NDArray[np.bool_]
_f = np.float32


class SecurityParameters(Strict):
    """From where on a sign counts as a risk of its kind."""

    device_count: float
    ip_change_count: float
    night_transfer_count: float
    red_packet_share: float
    identity_change_count: float


def security_action(people: Mapping[str, Any], parameters: SecurityParameters) -> npt.NDArray[np.uint8]:
    """Give the highest rung an account stands on, as level codes; shape (people,).

    Only a restricted account is blacklisted: tampering that is not confirmed by a restriction freezes it, as
    does a restriction without any other sign.
    """
    transaction = (
        people["has_aml_alert"]
        | (people["night_transfer_count_30d"] >= _f(parameters.night_transfer_count))
        | (people["red_packet_share"] >= _f(parameters.red_packet_share))
    )
    rungs = {
        "blacklist": people["is_restricted"] & _has_tampered(people, parameters),
        "entry_closed": transaction,
        "temporary_freeze": is_frozen(people, parameters),
    }
    codes = [np.uint8(SECURITY_ACTIONS.index(rung)) for rung in rungs]
    return np.select(list(rungs.values()), codes, np.uint8(NO_LEVEL)).astype(np.uint8)


def has_device_risk(people: Mapping[str, Any], parameters: SecurityParameters) -> BoolArray:
    """Tell who changes devices or addresses as often as a device risk does; shape (people,)."""
    often: BoolArray = (people["device_count_7d"] >= _f(parameters.device_count)) | (
        people["ip_change_count_30d"] >= _f(parameters.ip_change_count)
    )
    return often


def is_frozen(people: Mapping[str, Any], parameters: SecurityParameters) -> BoolArray:
    """Tell whose assessment is frozen, also where a higher rung is reached; shape (people,)."""
    frozen: BoolArray = (
        has_device_risk(people, parameters) | _has_tampered(people, parameters) | people["is_restricted"]
    )
    return frozen


def has_lost_entry(action: npt.NDArray[np.uint8]) -> BoolArray:
    """Tell from the rung whose entry is gone: closed, or on the blacklist; shape (people,)."""
    gone: BoolArray = (action == SECURITY_ACTIONS.index("entry_closed")) | (
        action == SECURITY_ACTIONS.index("blacklist")
    )
    return gone


def _has_tampered(people: Mapping[str, Any], parameters: SecurityParameters) -> BoolArray:
    tampered: BoolArray = people["identity_change_count_12m"] >= _f(parameters.identity_change_count)
    return tampered
