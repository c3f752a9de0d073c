"""Which way the entry reaches a person: it stands in the wallet, or it is pushed to those it is meant for.

D4 section 3: traffic came from the wallet (D4.3.entry_before) until targeted pushes took its place
(D4.3.entry_after). Only invited people meet either (D2.2.entry_for_invited_only).
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from weilidai.columns import ENTRY_CHANNELS
from weilidai.lender.entry import has_seen
from weilidai.lender.some_people import NO_LEVEL
from weilidai.parameters import Strict


class ChannelParameters(Strict):
    """The way of the entry in this regime."""

    entry: Literal["wallet_entry", "targeted_push"]


def entry_channel(states: Mapping[str, npt.NDArray[Any]], parameters: ChannelParameters) -> npt.NDArray[np.uint8]:
    """Code the channel for everyone who has seen the entry, no level for all others; shape (people,)."""
    code = np.uint8(ENTRY_CHANNELS.index(parameters.entry))
    return np.where(has_seen(states), code, np.uint8(NO_LEVEL))
