"""What invited people do with the entry."""

import numpy as np
import pytest
from scipy.stats import poisson as exact

from weilidai.columns import USER_TYPES
from weilidai.lender.take_up import MOST_TRIGGERS, age_group, poisson, take_up_probabilities

UNIFORMS = (np.arange(20_000, dtype=np.float32) + np.float32(0.5)) / np.float32(20_000)
LARGEST = np.float32(1 - 2.0**-24)


def invited_people(ages, kind="office_worker", held=0.0):
    return {
        "age_years": np.array(ages, np.float32), "user_type": np.full(len(ages), USER_TYPES.index(kind), np.uint8),
        "licaitong_balance_cny": np.full(len(ages), held, np.float32),
    }


def test_ages_are_grouped_at_the_documented_years(lender):
    young, older = lender.take_up.young_up_to_years, lender.take_up.older_from_years
    ages = np.array([18, young, young + 1, older - 1, older, 80], np.float32)
    assert age_group(ages, lender.take_up).tolist() == [0, 0, 1, 1, 2, 2]


def test_the_old_close_the_entry_more_often_and_all_chances_are_chances(lender):
    closing, applying = take_up_probabilities(invited_people([20, 40, 70]), lender.take_up)
    assert closing[0] <= closing[1] <= closing[2]
    assert ((applying > 0) & (applying < 1)).all()


def test_without_wealth_the_age_alone_decides_who_applies(lender):
    applying = take_up_probabilities(invited_people([20, 40, 70]), lender.take_up)[1]
    assert applying == pytest.approx([lender.take_up.applied_share[age] for age in ("young", "middle", "older")])


def test_the_wealthy_apply_less_at_every_age_and_close_no_more(lender):
    poor = take_up_probabilities(invited_people([20, 40, 70]), lender.take_up)
    rich = take_up_probabilities(invited_people([20, 40, 70], "high_net_worth", 1e6), lender.take_up)
    assert (rich[1] < poor[1] * 0.8).all()
    assert (rich[0] == poor[0]).all()


def test_great_holdings_lower_the_wish_to_apply_a_little(lender):
    less = [take_up_probabilities(invited_people([40], held=held), lender.take_up)[1][0] for held in (0, 5e4, 1e6)]
    assert less[0] > less[1] > less[2] > 0.7 * less[0]


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
