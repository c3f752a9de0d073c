"""Which way the entry reaches a person."""

import numpy as np

from weilidai.columns import ENTRY_CHANNELS
from weilidai.lender import decide
from weilidai.lender.entry import has_seen
from weilidai.lender.some_people import NO_LEVEL
from weilidai.noise import Noise

WALLET, PUSH = map(ENTRY_CHANNELS.index, ("wallet_entry", "targeted_push"))


def test_the_entry_stands_in_the_wallet_for_those_who_see_it(everyone):
    channel, seen = everyone.columns["entry_channel"], has_seen(everyone.columns)
    assert (channel[seen] == WALLET).all()
    assert (channel[~seen] == NO_LEVEL).all()


def test_in_the_contraction_it_is_pushed(one, contracted):
    states = decide(one.people, contracted, Noise(5, 0)).columns
    assert set(np.unique(states["entry_channel"])) == {PUSH, NO_LEVEL}
