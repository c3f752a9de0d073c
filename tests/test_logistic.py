"""Chances from log-odds."""

import numpy as np
import pytest
from scipy.special import expit

from weilidai.logistic import logistic


def test_chances_are_those_of_the_logistic_function():
    log_odds = np.linspace(-80, 80, 10_001, dtype=np.float32)
    assert logistic(log_odds).dtype == np.float32
    np.testing.assert_allclose(logistic(log_odds), expit(log_odds.astype(np.float64)), rtol=2e-6)


@pytest.mark.parametrize(("log_odds", "chance"), [(-np.inf, 0), (-1e30, 0), (1e30, 1), (np.inf, 1), (0, 0.5)])
def test_no_log_odds_are_too_great(log_odds, chance):
    assert logistic(np.array([log_odds], dtype=np.float32))[0] == pytest.approx(chance, abs=1e-30)


def test_what_is_missing_stays_missing():
    assert np.isnan(logistic(np.array([np.nan], dtype=np.float32))[0])
