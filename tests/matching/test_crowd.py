"""People as the moments see them."""

import numpy as np
import pytest

from weilidai.matching.crowd import crowd_of, joined
from weilidai.matching.moments import MOMENTS
from weilidai.noise import BLOCK
from weilidai.pipeline.simulate import simulate

SEED, BLOCKS = 31, 2


@pytest.fixture(scope="module")
def from_frames(stored, marks):
    return crowd_of(*simulate(stored, BLOCKS * BLOCK, SEED), marks)


@pytest.mark.parametrize("name", MOMENTS)
def test_generated_tables_measure_the_same_as_the_people_behind_them(from_frames, realised, name):
    assert MOMENTS[name](from_frames) == pytest.approx(MOMENTS[name](realised), rel=1e-5, nan_ok=True)


def test_a_part_holds_the_chosen_people_only(realised):
    chosen = realised.columns["age_years"] > 40
    part = realised.part(chosen)
    assert len(part.weights["invited"]) == chosen.sum()
    assert part.columns["age_years"].min() > 40
    assert {len(values) for values in part.logits.values()} == {chosen.sum()}


def test_parts_joined_again_are_the_whole(realised):
    first = np.arange(len(realised.columns["age_years"])) < 1000
    whole = joined([realised.part(first), realised.part(~first)])
    assert all((whole.weights[name] == realised.weights[name]).all() for name in realised.weights)
