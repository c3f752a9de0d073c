import pytest
from pydantic import ValidationError

from weilidai.evaluation.study_settings import LearningCurveSettings, RetrainingRules, SelectiveLabelsSettings


def test_a_curve_leads_from_five_thousand_people_to_a_million() -> None:
    rows = LearningCurveSettings().rows
    assert (rows[0], rows[-1]) == (5_000, 1_000_000)


def test_a_curve_through_two_points_is_refused() -> None:
    with pytest.raises(ValidationError):
        LearningCurveSettings(rows=(5_000, 10_000))


def test_one_population_gives_no_interval_and_is_refused() -> None:
    with pytest.raises(ValidationError):
        SelectiveLabelsSettings(populations=1)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValidationError, match="psi_over"):
        RetrainingRules(psi_over=0.3)  # type: ignore[call-arg]
