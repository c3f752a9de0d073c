"""What borrowers are shown, and what they think of it."""

import numpy as np
import pytest

from weilidai.columns import LIMIT_DISPLAYS, REMINDER_CHANNELS
from weilidai.lender import decide
from weilidai.lender.some_people import NO_LEVEL
from weilidai.noise import Noise

WIDTH = 4
FLAGS = ("finds_quota_opaque", "is_reminded", "dislikes_reminders", "has_left")


@pytest.fixture(scope="module")
def after(make, contracted):
    people = [make(number)[0] for number in range(4)]
    decided = [decide(own, contracted, Noise(5, number)).columns for number, own in enumerate(people)]
    return {name: np.concatenate([states[name] for states in decided]) for name in decided[0]}


def share_is(flags, wanted):
    return abs(flags.mean() - wanted) < WIDTH * np.sqrt(wanted * (1 - wanted) / flags.size)


def test_only_borrowers_are_shown_and_asked_anything(everyone):
    c, others = everyone.columns, ~everyone.columns["is_opened"]
    assert not any(c[name][others].any() for name in FLAGS)
    for name in ("limit_display", "reminder_channel"):
        assert ((c[name] == NO_LEVEL) == others).all()


def test_before_the_redesign_the_documented_shares_complain_and_nobody_leaves(everyone):
    opened = everyone.columns["is_opened"]
    answers = {name: everyone.columns[name][opened] for name in FLAGS}
    assert share_is(answers["finds_quota_opaque"], 0.45)
    assert share_is(answers["dislikes_reminders"], 0.62)
    assert answers["is_reminded"].all()
    assert not answers["has_left"].any()


def test_after_it_the_quota_is_harder_to_understand_and_fewer_are_reached(after):
    opened = after["is_opened"]
    assert share_is(after["finds_quota_opaque"][opened], 0.45 * 1.4)
    assert share_is(after["is_reminded"][opened], 0.72)
    assert (after["limit_display"][opened] == LIMIT_DISPLAYS.index("moving_range")).all()
    assert (after["reminder_channel"][opened] == REMINDER_CHANNELS.index("app_push_and_email")).all()


def test_only_who_finds_the_quota_opaque_leaves(after):
    assert after["has_left"].any()
    assert after["finds_quota_opaque"][after["has_left"]].all()
