"""What invited people do with the entry."""

import numpy as np
import pytest
from scipy.stats import poisson as exact

from weilidai.lender.take_up import MOST_TRIGGERS, age_group, poisson, take_up_probabilities

UNIFORMS = (np.arange(20_000, dtype=np.float32) + np.float32(0.5)) / np.float32(20_000)
LARGEST = np.float32(1 - 2.0**-24)


def test_ages_are_grouped_at_the_documented_years(lender):
    young, older = lender.take_up.young_up_to_years, lender.take_up.older_from_years
    ages = np.array([18, young, young + 1, older - 1, older, 80], np.float32)
    assert age_group(ages, lender.take_up).tolist() == [0, 0, 1, 1, 2, 2]


def test_the_old_close_the_entry_more_often_and_all_chances_are_chances(lender):
    closing, applying = take_up_probabilities({"age_years": np.array([20, 40, 70], np.float32)}, lender.take_up)
    assert closing[0] <= closing[1] <= closing[2]
    assert ((applying > 0) & (applying < 1)).all()


@pytest.mark.parametrize("mean", [0.05, 0.3, 1.5, 3.05, 6.55])
def test_counts_are_poisson(mean):
    counts = poisson(np.full(len(UNIFORMS), mean, np.float32), UNIFORMS)
    assert np.abs(counts - exact.ppf(UNIFORMS.astype(float), float(np.float32(mean)))).sum() <= 2


@pytest.mark.parametrize("mean", [0.05, 0.3, 1.5, 3.05, 3.2, 6.55, 9.1])
def test_the_largest_uniform_there_is_still_gives_a_possible_count(mean):
    most = poisson(np.full(1, mean, np.float32), np.full(1, LARGEST))[0]
    assert most <= exact.isf(2.0**-24, mean) + 1 < MOST_TRIGGERS


def test_the_entry_is_shown_to_invited_people_only(everyone):
    shown, invited = everyone.columns["entry_trigger_count_1m"], everyone.columns["is_invited"]
    assert not shown[~invited].any()
    assert shown[invited].mean() > 0.5
