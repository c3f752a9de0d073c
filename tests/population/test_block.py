"""A block of people while it is being made."""

import numpy as np

from weilidai.noise import BLOCK, Noise
from weilidai.population import People

ONES = np.ones(BLOCK, dtype=np.float32)


def test_a_column_is_kept_as_it_was_made():
    people = People(Noise(1, 0))
    people.put("friend_count", ONES)
    assert people["friend_count"] is ONES
    assert "friend_count" in people
    assert "pay_score" not in people


def test_a_set_column_keeps_its_value_whatever_was_computed():
    people = People(Noise(1, 0), {"friend_count": 7})
    people.put("friend_count", ONES)
    assert people.is_set("friend_count")
    assert set(people["friend_count"].tolist()) == {7.0}
    assert people["friend_count"].dtype == np.float32


def test_a_column_can_be_set_for_each_person():
    wanted = np.arange(BLOCK)
    people = People(Noise(1, 0), {"friend_count": wanted})
    people.put("friend_count", ONES)
    assert (people["friend_count"] == wanted).all()


def test_what_is_done_to_a_set_column_never_reaches_the_caller():
    wanted = np.zeros(BLOCK, dtype=np.float32)
    people = People(Noise(1, 0), {"friend_count": wanted})
    people.put("friend_count", ONES)
    people["friend_count"][0] = 5
    assert wanted[0] == 0
