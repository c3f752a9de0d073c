import pytest
from pydantic import ValidationError

from weilidai.models.settings import CHALLENGERS, InviteSettings, QuotaSettings, TreeSettings, known_challengers


@pytest.mark.parametrize(
    ("name", "value"), [("num_leafs", 31), ("objective", "binary"), ("num_leaves", -5), ("num_leaves", "abc")]
)
def test_a_parameter_that_is_no_field_or_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        InviteSettings.model_validate({name: value})


@pytest.mark.parametrize("rate", [float("nan"), 1e308, 0.0, -0.1])
def test_a_learning_rate_that_learns_nothing_is_refused(rate: float) -> None:
    with pytest.raises(ValidationError, match="learning_rate"):
        TreeSettings(learning_rate=rate)


def test_leaves_that_the_depth_cannot_hold_name_both_keys() -> None:
    with pytest.raises(ValidationError, match="num_leaves 31 is out of reach of max_depth 4"):
        TreeSettings(num_leaves=31, max_depth=4)


def test_grants_need_room_between_the_smallest_and_the_largest() -> None:
    with pytest.raises(ValidationError, match="minimum_cny 900 is not below maximum_cny 800"):
        QuotaSettings(minimum_cny=900, maximum_cny=800)


def test_every_setting_says_what_it_does() -> None:
    for settings in (InviteSettings, QuotaSettings):
        assert all(field.description for field in settings.model_fields.values())


@pytest.mark.parametrize("objective", ["regression_l1", "quantile", "mape"])
def test_an_objective_that_breaks_directions_is_refused_with_the_reason(objective: str) -> None:
    with pytest.raises(ValidationError, match="sets leaves anew after growing"):
        QuotaSettings.model_validate({"objective": objective})


def test_groups_of_the_interval_are_a_category() -> None:
    assert QuotaSettings(interval_groups=None).interval_groups is None
    with pytest.raises(ValidationError, match="did you mean 'user_type'"):
        QuotaSettings(interval_groups="user_typ")


def test_an_unknown_challenger_is_refused_with_the_near_name() -> None:
    assert known_challengers(CHALLENGERS) == CHALLENGERS
    with pytest.raises(ValueError, match="did you mean 'additive'"):
        known_challengers(("aditive",))
    with pytest.raises(ValueError, match="named twice"):
        known_challengers(("additive", "additive"))
