import numpy as np
import pytest

from weilidai.evaluation.retraining import advise, steadiness
from weilidai.evaluation.study_settings import RetrainingRules

MONTHS = [f"2021-{month:02d}" for month in range(1, 13)]
FINE = {"psi": 0.05, "auc_drop": 0.001, "mean_ratio": 1.02}


def test_a_rising_gini_is_not_rewarded_for_rising() -> None:
    assert steadiness(MONTHS, np.linspace(0.6, 0.8, 12)).score == pytest.approx(0.7)


def test_a_falling_gini_costs_88_times_its_weekly_slope() -> None:
    falling = steadiness(MONTHS, np.linspace(0.8, 0.6, 12))
    weekly = -0.2 / 11 / (365.25 / 12 / 7)
    assert falling.score == pytest.approx(0.7 + 88 * weekly)


def test_months_off_the_line_cost_half_their_spread() -> None:
    gini = 0.7 + np.tile([0.02, -0.02, -0.02, 0.02], 3)
    found = steadiness(MONTHS, gini)
    assert found.spread == pytest.approx(0.02, rel=0.02)
    assert found.score == pytest.approx(0.7 + 88 * min(0, found.weekly_slope) - 0.5 * found.spread)


def test_a_gap_in_the_calendar_is_time_too() -> None:
    close, far = (steadiness(["2021-01", later], np.array([0.8, 0.7])) for later in ("2021-02", "2021-05"))
    assert far.weekly_slope == pytest.approx(close.weekly_slope / 4)


def test_a_model_that_breaks_no_rule_is_kept() -> None:
    assert not advise(FINE, RetrainingRules()).is_retrain


@pytest.mark.parametrize(("sign", "value", "word"), [("psi", 0.3, "stability index"), ("auc_drop", 0.05, "AUC fell"),
                                                     ("mean_ratio", 0.5, "share invited")])
def test_each_broken_rule_is_named(sign: str, value: float, word: str) -> None:
    advice = advise({**FINE, sign: value}, RetrainingRules())
    assert advice.is_retrain
    assert word in advice.says


def test_a_sign_that_was_not_measured_breaks_no_rule() -> None:
    assert not advise({"psi": float("nan")}, RetrainingRules()).is_retrain
