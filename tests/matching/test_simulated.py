"""Simulating the people whose moments are compared with the documents."""

import numpy as np
import pytest

from weilidai.matching.moments import MOMENTS
from weilidai.matching.simulated import centred, expected_crowd, populate
from weilidai.population import PopulationParameters

SEED = 31


def test_centring_leaves_every_factor_at_nothing_on_average(blocks, lender, marks):
    crowd = expected_crowd(blocks, centred(lender, blocks, SEED), SEED, marks)
    for name, part in crowd.logits.items():
        assert weighted(part, crowd.weights["eligible"]) == pytest.approx(0, abs=1e-4), name


def weighted(values, weights):
    return float((values * weights).sum(dtype=np.float64) / weights.sum(dtype=np.float64))


def test_expected_and_realised_people_tell_the_same(blocks, lender, marks, realised):
    expected = expected_crowd(blocks, lender, SEED, marks)
    for state in ("invited", "closed", "applied", "intercepted", "reviewed", "opened", "overdue", "restricted"):
        chance = expected.weights[state].astype(np.float64)
        spread = np.sqrt((chance * (1 - chance)).sum())
        assert abs(realised.weights[state].sum() - chance.sum()) < 4.5 * spread, state


def test_expectations_measure_every_moment(blocks, lender, marks):
    crowd = expected_crowd(blocks, lender, SEED, marks)
    silent = {name for name, moment in MOMENTS.items() if not np.isfinite(moment(crowd))}
    assert silent == {"no_reborrow.least_months", "outage.lost_days"}  # the reference has neither rule nor outage


def test_more_blocks_leave_the_first_ones_as_they_were(stored, blocks):
    alone = populate(stored.part("population", PopulationParameters), SEED, 1)
    assert all(alone[0][name].tobytes() == blocks[0][name].tobytes() for name in alone[0])
