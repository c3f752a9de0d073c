import pytest
from pydantic import ValidationError

from weilidai.dataset.settings import DataSettings, TableLimits


def test_the_default_run_generates_two_hundred_thousand_people_and_tests_on_three_months() -> None:
    settings = DataSettings()
    assert (settings.rows, settings.seed, settings.regime, settings.test_months) == (200_000, 20210, "optimisation", 3)


@pytest.mark.parametrize("wrong", [{"rows": 0}, {"seed": -1}, {"valid_share": 1.5}, {"test_months": 0}, {"sed": 1}])
def test_a_setting_out_of_range_or_unknown_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        DataSettings.model_validate(wrong)


def test_shares_that_leave_nobody_to_learn_from_name_both_keys() -> None:
    with pytest.raises(ValidationError, match="valid_share and calibrate_share"):
        DataSettings(valid_share=0.6, calibrate_share=0.4)


def test_settings_do_not_change_once_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        TableLimits().minimum_rows = 1  # type: ignore[misc]
