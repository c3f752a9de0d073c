"""The statistics that documented claims are tested by."""

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.lender import LenderParameters
from weilidai.matching.moments import ASSESSMENT, MARKS, MOMENTS, ratio, weighted_mean
from weilidai.matching.simulated import marks_of, realised_crowd

SEED = 31
SILENT_IN_THE_REFERENCE = {"no_reborrow.least_months": "data_separated", "outage.lost_days": "contraction"}
"""Moment that nobody in the reference has -> the regime that knows it."""


def test_every_target_names_a_moment_there_is(book):
    assert {target.moment for target in book.targets()} <= set(MOMENTS)


@pytest.mark.parametrize("name", sorted(set(MOMENTS) - set(SILENT_IN_THE_REFERENCE)))
def test_every_moment_is_a_number_on_a_whole_crowd(realised, name):
    assert np.isfinite(MOMENTS[name](realised))


@pytest.mark.parametrize(("name", "regime"), SILENT_IN_THE_REFERENCE.items())
def test_a_moment_of_what_the_reference_does_not_know_is_a_number_in_its_regime(realised, book, blocks, name, regime):
    numbers = current_numbers(regime)
    there = realised_crowd(blocks, numbers.part("lender", LenderParameters), SEED, marks_of(numbers, book))
    assert np.isnan(MOMENTS[name](realised))
    assert np.isfinite(MOMENTS[name](there))


def test_every_mark_is_a_number_of_the_simulator(stored):
    assert set(MARKS.values()) <= set(stored.numbers)


def test_a_mean_of_nobody_is_no_number(realised):
    nobody = np.zeros(len(realised.columns["age_years"]))
    assert np.isnan(weighted_mean(nobody, nobody))
    assert np.isnan(ratio(realised, "opened", "applied", nobody.astype(bool)))


def test_a_ratio_counts_the_part_within_the_whole(realised):
    w = realised.weights
    assert ratio(realised, "opened", "invited") == pytest.approx(w["opened"].sum() / w["invited"].sum())


def test_the_assessment_shares_add_up_to_one(realised):
    assert sum(MOMENTS[f"assessment_share.{name}"](realised) for name in ASSESSMENT) == pytest.approx(1)


def test_the_assessment_names_the_factors_of_its_dimensions(book, lender):
    with_effect = {term.factor for term in lender.invitation.terms.values()}
    for dimension, factors in ASSESSMENT.items():
        assert set(factors) <= with_effect
        assert {book.factors.factors[name].dimension for name in factors} == {dimension}
