import numpy as np

from weilidai.lender.some_people import NO_LEVEL, SomePeople, chosen

FOUR = SomePeople.where(np.array([False, True, False, True]))


def test_values_go_back_to_the_people_they_came_from() -> None:
    taken = FOUR.of(np.array([1, 2, 3, 4], dtype=np.float32))
    assert taken.tolist() == [2, 4]
    assert np.array_equal(FOUR.numbers(taken * 10), np.array([np.nan, 20, np.nan, 40]), equal_nan=True)


def test_everybody_else_has_no_level_and_no_flag() -> None:
    assert FOUR.codes(np.array([0, 2])).tolist() == [NO_LEVEL, 0, NO_LEVEL, 2]
    assert FOUR.flags(np.array([True, False])).tolist() == [False, True, False, False]


def test_what_weighs_nothing_is_never_chosen() -> None:
    uniform = np.array([0, 0.5, 0.999], dtype=np.float32)
    assert chosen(np.array([0.0, 1, 0]), uniform).tolist() == [1, 1, 1]


def test_choices_follow_their_weights() -> None:
    uniform = np.array([0.1, 0.3, 0.9], dtype=np.float32)
    assert chosen(np.array([1.0, 1, 2]), uniform).tolist() == [0, 1, 2]


def test_each_person_may_have_weights_of_their_own() -> None:
    weights = np.array([[1, 0], [0, 3]], dtype=np.float32)
    assert chosen(weights, np.array([0.5, 0.5], dtype=np.float32)).tolist() == [0, 1]
