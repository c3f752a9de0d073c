"""Observed columns as consequences of the traits."""

import numpy as np
import pytest

from weilidai.noise import BLOCK, Noise
from weilidai.population.block import People
from weilidai.population.observed import add_column, index
from weilidai.population.settings import TRAITS, ColumnModel

INDEPENDENT = np.eye(len(TRAITS))


@pytest.fixture
def people():
    made = People(Noise(2, 0))
    made.put("age_decades", np.zeros(BLOCK, np.float32))
    made.put("city_tier", np.arange(BLOCK, dtype=np.uint8) % 4)
    return made


@pytest.fixture
def traits():
    return {trait: Noise(2, 1).normal(trait) for trait in TRAITS}


def column(**values):
    return ColumnModel(**{"kind": "lognormal", "median": 10, "spread": 1, "loads": {}, "noise": 1.0} | values)


def test_the_index_has_unit_variance_whatever_the_loadings(people, traits):
    z = index(people, "x", column(loads={"wealth": 3.0, "caution": -1.0}, noise=0.4), traits, INDEPENDENT)
    assert z.std() == pytest.approx(1, abs=5 / np.sqrt(2 * BLOCK))


def test_the_index_follows_its_traits_in_their_signs(people, traits):
    z = index(people, "x", column(loads={"wealth": 0.8, "caution": -0.5}, noise=0.3), traits, INDEPENDENT)
    assert np.corrcoef(z, traits["wealth"])[0, 1] > 0.7
    assert np.corrcoef(z, traits["caution"])[0, 1] < -0.4
    assert abs(np.corrcoef(z, traits["activity"])[0, 1]) < 5 / np.sqrt(BLOCK)


def test_a_level_shifts_the_index_by_its_stated_amount(people, traits):
    plain = index(people, "x", column(), traits, INDEPENDENT)
    shifted = index(people, "x", column(by={"city_tier": {"tier1": 0.5}}), traits, INDEPENDENT)
    assert (shifted - plain)[:4] == pytest.approx([0.5, 0, 0, 0], abs=1e-6)


def test_values_are_rounded_to_the_stated_digits(people, traits):
    add_column(people, "x", column(median=12_345, decimals=-2), traits, INDEPENDENT)
    assert (people["x"] % 100 == 0).all()


def test_values_stay_inside_the_catalogues_range(people, traits):
    add_column(people, "device_count_7d", column(kind="count", median=10, spread=3), traits, INDEPENDENT)
    assert people["device_count_7d"].min() == 1
    assert people["device_count_7d"].max() == 30


def test_other_columns_bound_from_above(people, traits):
    people.put("bound", np.full(BLOCK, 7, np.float32))
    people.put("other", np.where(np.arange(BLOCK) % 2, 5, 9).astype(np.float32))
    add_column(people, "x", column(at_most=["bound", "other"]), traits, INDEPENDENT)
    assert people["x"][::2].max() == 7
    assert people["x"][1::2].max() == 5


def test_another_column_bounds_from_below(people, traits):
    people.put("bound", np.full(BLOCK, 7, np.float32))
    add_column(people, "x", column(at_least="bound"), traits, INDEPENDENT)
    assert people["x"].min() == 7


def test_a_flag_is_raised_wherever_its_bound_is(people, traits):
    people.put("far", np.arange(BLOCK) % 2 == 1)
    add_column(people, "x", column(kind="flag", share=0.1, at_least="far"), traits, INDEPENDENT)
    assert people["x"][1::2].all()
    assert people["x"][::2].mean() == pytest.approx(0.1, abs=0.02)


def test_a_part_is_a_share_of_its_whole_before_it_is_rounded(people, traits):
    people.put("whole", np.full(BLOCK, 10, np.float32))
    add_column(people, "x", column(kind="share", location=0, part_of="whole", decimals=0), traits, INDEPENDENT)
    assert people["x"].mean() == pytest.approx(5, abs=0.1)
    assert set(np.unique(people["x"])) <= set(range(11))


def test_a_share_is_never_full_with_what_speaks_against_it(people, traits):
    people.put("late", (np.arange(BLOCK) % 2).astype(np.float32))
    add_column(people, "x", column(kind="full_share", full=0.6, location=2, not_full_with="late"), traits, INDEPENDENT)
    assert (people["x"][::2] == 1).mean() == pytest.approx(0.6, abs=0.03)
    assert people["x"][1::2].max() < 1


@pytest.mark.parametrize("kind", ["lognormal", "flag"])
def test_without_its_precondition_a_column_is_zero(people, traits, kind):
    people.put("card", (np.arange(BLOCK) % 2).astype(np.float32))
    add_column(people, "x", column(kind=kind, share=0.9, zero_unless="card"), traits, INDEPENDENT)
    assert not people["x"][::2].any()
    assert people["x"][1::2].any()


def test_every_precondition_must_hold(people, traits):
    people.put("card", (np.arange(BLOCK) % 2).astype(np.float32))
    people.put("adult", np.arange(BLOCK) % 4 < 2)
    add_column(people, "x", column(zero_unless=["card", "adult"]), traits, INDEPENDENT)
    assert (np.flatnonzero(people["x"]) % 4 == 1).all()
    assert people["x"].any()


def test_without_its_precondition_a_column_does_not_exist(people, traits):
    people.put("card", (np.arange(BLOCK) % 2).astype(np.float32))
    add_column(people, "x", column(missing_unless="card"), traits, INDEPENDENT)
    assert np.isnan(people["x"][::2]).all()
    assert not np.isnan(people["x"][1::2]).any()
