"""The latent traits behind everything observed."""

import numpy as np
import pytest

from weilidai.columns import CITY_TIERS
from weilidai.noise import BLOCK, Noise
from weilidai.population.block import People
from weilidai.population.settings import TRAITS
from weilidai.population.traits import correlation_matrix, draw_traits, level_shift


@pytest.fixture
def alike():
    """People who differ in nothing but their draws: at the origin of age, first level of every category."""
    people = People(Noise(5, 0))
    people.put("age_decades", np.zeros(BLOCK, np.float32))
    for column in ("city_tier", "region", "user_type"):
        people.put(column, np.zeros(BLOCK, np.uint8))
    return people


def test_the_correlations_are_symmetric_and_possible(numbers):
    matrix = correlation_matrix(numbers.traits.correlation)
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 1).all()
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_a_trait_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="not in tuple"):
        correlation_matrix({"activity": {"mood": 0.2}})


def test_traits_of_like_people_have_the_declared_correlations_and_unit_variance(alike, numbers):
    traits = draw_traits(alike, numbers.traits)
    drawn = np.stack([traits[name] for name in TRAITS])
    wanted = correlation_matrix(numbers.traits.correlation)
    assert np.abs(np.corrcoef(drawn) - wanted).max() < 5 / np.sqrt(BLOCK)
    assert np.abs(drawn.std(axis=1) - 1).max() < 5 / np.sqrt(2 * BLOCK)


def test_ten_years_more_shift_a_trait_by_its_stated_amount(alike, numbers):
    before = draw_traits(alike, numbers.traits)
    alike.columns["age_decades"] = np.ones(BLOCK, np.float32)
    after = draw_traits(alike, numbers.traits)
    for trait in TRAITS:
        assert after[trait] - before[trait] == pytest.approx(np.full(BLOCK, numbers.traits.age[trait]), abs=1e-5)


def test_a_level_without_a_shift_shifts_nothing(alike):
    alike.columns["city_tier"] = np.arange(BLOCK, dtype=np.uint8) % len(CITY_TIERS)
    assert level_shift(alike, "city_tier", {"tier2": 0.5})[:4].tolist() == [0, 0.5, 0, 0]
