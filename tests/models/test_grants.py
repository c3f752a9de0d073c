import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilidai.models.grants import Grants

GRANTS = Grants(500.0, 30_000.0, 100.0)


def is_held(granted: float, centre: float, reach: float) -> bool:
    low, high = GRANTS.interval(np.array([centre]), np.array([reach]))
    return bool(low[0] <= granted <= high[0])


@given(
    hundreds=st.integers(5, 300), centre=st.floats(5.5, 11), spread=st.floats(0.02, 1.0),
)
def test_the_needed_spreads_are_the_fewest_that_hold_the_grant(hundreds: int, centre: float, spread: float) -> None:
    granted = hundreds * 100.0
    needed = float(GRANTS.needed(np.array([granted]), np.array([centre]), np.array([spread]))[0])
    assert is_held(granted, centre, (needed + 1e-6) * spread)
    assert needed < 1e-6 or not is_held(granted, centre, (needed - 1e-6) * spread)


def test_the_ends_of_all_grants_are_held_from_beyond_without_any_width() -> None:
    needed = GRANTS.needed(np.array([500.0, 30_000.0]), np.array([5.0, 11.0]), np.array([1.0, 1.0]))
    assert needed.tolist() == [0.0, 0.0]
    assert is_held(500.0, centre=5.0, reach=0.0)
    assert is_held(30_000.0, centre=11.0, reach=0.0)


def test_ends_are_whole_steps_within_the_bounds() -> None:
    low, high = GRANTS.interval(np.array([8.0, 4.0, 12.0]), np.array([0.3, 0.3, 0.3]))
    assert low.tolist() == [2200.0, 500.0, 30_000.0]
    assert high.tolist() == [4100.0, 500.0, 30_000.0]


@pytest.mark.parametrize(("low", "high"), [(500.0, 2_100.0), (1_500.0, 2_600.0), (2_000.0, 30_000.0)])
def test_the_chance_to_be_held_is_the_share_of_drawn_grants_inside(low: float, high: float) -> None:
    drawn = np.exp(np.random.default_rng(4).normal(7.6, 0.5, 200_000))
    grants = GRANTS.bound(np.round(drawn / 100) * 100)
    one = np.ones(1)
    told = GRANTS.chance_held(low * one, high * one, 7.6 * one, 0.5 * one)
    assert told[0] == pytest.approx(np.mean((low <= grants) & (grants <= high)), abs=0.005)
