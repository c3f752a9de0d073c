import numpy as np
import pytest

from weilidai.evaluation.price_fairness import annual_bp, planted_power, price_gap, risk_bins

RANDOM = np.random.default_rng(8)
PEOPLE = 3000
CHANCE = RANDOM.uniform(0.01, 0.2, PEOPLE)
MEMBER = RANDOM.random(PEOPLE) < np.where(CHANCE > 0.1, 0.4, 0.1)
PRICE = 800 + 3000 * CHANCE + RANDOM.normal(0, 100, PEOPLE)


def test_a_riskier_group_that_pays_for_its_risk_pays_fairly() -> None:
    found = price_gap(PRICE, risk_bins(CHANCE, 20), MEMBER)
    assert PRICE[MEMBER].mean() - PRICE[~MEMBER].mean() > 80
    assert abs(found.gap_bp) < 3 * found.error_bp


def test_a_planted_gap_is_measured_as_it_was_planted() -> None:
    risk = risk_bins(CHANCE, 20)
    before, after = (price_gap(PRICE + planted * MEMBER, risk, MEMBER) for planted in (0.0, 40.0))
    assert after.gap_bp - before.gap_bp == pytest.approx(40)
    assert after.error_bp == pytest.approx(before.error_bp)


def test_people_without_others_of_their_risk_are_not_compared() -> None:
    risk = np.where(MEMBER, 1, 0)
    found = price_gap(PRICE, risk, MEMBER)
    assert np.isnan(found.gap_bp)
    assert found.compared == 0


def test_power_grows_with_the_gap_and_alarms_are_rare_without_one() -> None:
    risk = risk_bins(CHANCE, 10)
    found = planted_power(PRICE, risk, MEMBER, (2, 10, 40), resamples=300, level=0.95, power=0.8, seed=1)
    assert found.found == tuple(sorted(found.found))
    assert found.found[-1] > 0.99
    assert found.false_alarm < 0.1


def test_the_detectable_gap_is_that_of_the_textbook_and_is_found_as_often_as_promised() -> None:
    risk = risk_bins(CHANCE, 10)
    error = price_gap(PRICE, risk, MEMBER).error_bp
    detectable = planted_power(PRICE, risk, MEMBER, (1, 2), resamples=300, level=0.95, power=0.8, seed=1).detectable_bp
    assert detectable == pytest.approx((1.96 + 0.84) * error, rel=0.2)
    again = planted_power(PRICE, risk, MEMBER, (detectable, 1), resamples=300, level=0.95, power=0.8, seed=2)
    assert again.found[0] == pytest.approx(0.8, abs=0.08)


def test_equal_risks_share_a_bin() -> None:
    assert len(set(risk_bins(np.array([0.1] * 50 + [0.2] * 50), 10).tolist())) <= 3


def test_a_daily_rate_becomes_basis_points_of_360_days() -> None:
    assert annual_bp(np.array([0.0005])).tolist() == pytest.approx([1800])
