"""How one column counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from weilidai.lender.shapes import NEEDED, Relief, Term, total, value_of

NAN = np.nan
POSITIVE = st.floats(0.05, 1e4)
RISING = ("reach", "step", "at_least", "present", "absent", "shortfall")
X = np.concatenate([[0], np.geomspace(1e-3, 1e5, 300)]).astype(np.float32)


def term(shape, **values):
    given_ones = {"mark": 2.0, "width": 1.0, "cap": 1.5, "levels": {"tier1": 0.5}}
    needed = {name: given_ones[name] for name in NEEDED.get(shape, ())}
    return Term(**({"factor": "f", "column": "x", "shape": shape, "weight": 1.0} | needed | values))


def shaped(one, x, **others):
    return value_of(one, {"x": np.asarray(x), **others})


@given(st.sampled_from(RISING), POSITIVE, st.floats(0.05, 3), st.floats(0.1, 3))
def test_what_helps_never_falls(shape, mark, width, cap):
    values = shaped(term(shape, mark=mark, width=width, cap=cap), X)
    assert (np.diff(values) >= 0).all()


@given(POSITIVE, st.floats(0.1, 3))
def test_a_burden_never_rises_and_stops_at_its_cap(mark, cap):
    values = shaped(term("burden", mark=mark, cap=cap), X)
    assert (np.diff(values) <= 0).all()
    assert values.min() >= np.float32(-cap)
    assert values[0] == 0


@pytest.mark.parametrize(("shape", "x", "wanted"), [
    ("reach", [0, 1, 2, 9], [0, 0.5, 1, 1]),
    ("at_least", [1.9, 2, 3], [0, 1, 1]),
    ("present", [0, 1, 5], [0, 1, 1]),
    ("absent", [0, 1], [-1, 0]),
    ("burden", [0, 1, 2, 9], [0, -0.5, -1, -1.5]),
    ("hump", [2, 1, 3, 9], [0, -1, -1, -1.5]),
])
def test_a_shape_counts_as_it_says(shape, x, wanted):
    assert shaped(term(shape), np.array(x, np.float32)).tolist() == pytest.approx(wanted)


def test_a_step_is_half_way_at_its_mark_and_takes_nothing_for_nothing():
    assert shaped(term("step", width=0.2), np.array([2, 0, 200], np.float32)) == pytest.approx([0.5, 0, 1], abs=1e-6)


def test_a_shortfall_counts_what_lacks_to_everything():
    lack = shaped(term("shortfall", mark=0.1, cap=2.0), np.array([1, 0.95, 0.5], np.float32))
    assert lack == pytest.approx([0, -0.5, -2], abs=1e-6)


@pytest.mark.parametrize("shape", [*RISING, "burden", "hump"])
def test_a_missing_value_counts_what_the_term_says(shape):
    assert shaped(term(shape, missing=-0.3), np.array([NAN], np.float32)) == pytest.approx([-0.3])


def test_a_level_counts_its_own_number_and_an_unnamed_one_nothing():
    one = Term(factor="f", column="city_tier", shape="level", weight=1.0, levels={"tier1": 0.5, "tier2": -0.5})
    assert value_of(one, {"city_tier": np.array([0, 1, 2], np.uint8)}).tolist() == [0.5, -0.5, 0]


def test_relief_takes_its_share_away_and_never_more():
    softened = term("absent", relief=Relief(column="y", mark=4.0, share=0.8))
    values = shaped(softened, np.zeros(4, np.float32), y=np.array([0, 2, 4, 40], np.float32))
    assert values == pytest.approx([-1, -0.6, -0.2, -0.2])


def test_a_missing_relief_relieves_nothing():
    softened = term("absent", relief=Relief(column="y", mark=4.0, share=0.8))
    assert shaped(softened, np.zeros(1, np.float32), y=np.array([NAN], np.float32)) == pytest.approx([-1])


def test_a_term_can_weigh_more_in_a_tier():
    strict = term("burden", stronger_in_tier={"tier1": 0.4})
    tiers = {"city_tier": np.array([0, 1], np.uint8)}
    assert shaped(strict, np.full(2, 2, np.float32), **tiers) == pytest.approx([-1.4, -1])


def test_a_total_adds_weighted_terms():
    terms = (term("reach", weight=2.0), term("present", weight=-0.5))
    people = {"x": np.array([1, 0], np.float32), "age_years": np.array([30, 30])}
    assert total(terms, people).tolist() == pytest.approx([0.5, 0])


@pytest.mark.parametrize(("shape", "name"), [(shape, name) for shape, names in NEEDED.items() for name in names])
def test_a_shape_without_one_of_its_numbers_is_refused_by_name(shape, name):
    numbers = {"mark": 2.0, "width": 1.0, "cap": 1.5, "levels": {"tier1": 0.5}}
    del numbers[name]
    with pytest.raises(ValidationError, match=name):
        Term(factor="f", column="x", shape=shape, weight=1.0, **numbers)
