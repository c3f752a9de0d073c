"""Settings of a matching."""

import pytest
from pydantic import ValidationError

from weilidai.matching import MatchSettings


def test_a_setting_nobody_knows_is_refused():
    with pytest.raises(ValidationError, match="blcoks"):
        MatchSettings(blcoks=3)


@pytest.mark.parametrize("wrong", [{"blocks": 0}, {"steps": 0}, {"pull": -1}, {"difference": 0}, {"check_people": 0}])
def test_an_impossible_setting_is_refused(wrong):
    with pytest.raises(ValidationError):
        MatchSettings(**wrong)


def test_the_people_who_judge_are_not_those_who_were_fitted():
    assert MatchSettings().seed != MatchSettings().check_seed
