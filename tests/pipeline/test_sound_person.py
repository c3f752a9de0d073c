"""What no person can be is refused; what nobody knows is said."""

from pathlib import Path

import pandas as pd
import pytest

from weilidai.errors import DataError
from weilidai.pipeline.sound_person import require_sound

FILE = Path("one.json")


def person(**changed: object) -> pd.DataFrame:
    given = {"bureau_inquiry_count_3m": 1, "bureau_inquiry_count_6m": 2, "friend_count": 80, "city_tier": "tier1"}
    return pd.DataFrame([{**given, **changed}])


def test_a_sound_person_passes_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    require_sound(person(), FILE)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("changed", "said"), [
    ({"bureau_inquiry_count_3m": 5}, "bureau_inquiry_count_3m: is above bureau_inquiry_count_6m"),
    ({"friend_count": True}, "friend_count: is true or false"),
    (
        {"has_contacts_permission": False, "managed_group_count": 3},
        "managed_group_count: is shown though has_contacts_permission",
    ),
    ({"regime": "optimization"}, "unknown regime 'optimization'"),
])
def test_what_cannot_be_is_refused_by_column(changed: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        require_sound(person(**changed), FILE)
    assert caught.value.where == str(FILE)


def test_an_unknown_regime_names_the_near_one() -> None:
    with pytest.raises(DataError) as caught:
        require_sound(person(regime="optimization"), FILE)
    assert caught.value.cure == "did you mean 'optimisation'?"


def test_an_unknown_category_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    require_sound(person(city_tier="tier9"), FILE)
    assert "warning: city_tier" in capsys.readouterr().err
