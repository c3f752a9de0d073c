import json
from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.errors import ConfigError
from weilidai.models.rate import RateModel, fit_rate, nearest_grade
from weilidai.models.settings import RateSettings


def test_the_rate_follows_what_sets_it(rate: RateModel, parts: SimpleNamespace) -> None:
    opened = parts.test[parts.test["is_opened"]]
    assert np.corrcoef(rate.daily_rate(opened), opened["daily_rate"])[0, 1] > 0.9


def test_a_rate_is_quoted_in_whole_steps_and_has_the_nearest_grade(rate: RateModel, parts: SimpleNamespace) -> None:
    told = rate.predict(parts.test)
    assert np.array_equal(told["daily_rate"], np.round(told["daily_rate"], 6))
    distance = {grade: np.abs(told["daily_rate"] - mark) for grade, mark in rate.marks.items()}
    for grade in rate.marks:
        chosen = told["credit_grade"] == grade
        assert all((distance[grade][chosen] <= other[chosen]).all() for other in distance.values())


def test_no_rate_lies_outside_what_was_seen(rate: RateModel, parts: SimpleNamespace) -> None:
    seen = parts.train.loc[parts.train["is_opened"], "daily_rate"]
    assert rate.daily_rate(parts.test).min() >= seen.min() - 1e-9
    assert rate.daily_rate(parts.test).max() <= seen.max() + 1e-9


def test_the_directions_of_the_invitation_do_not_bind_the_rate(rate: RateModel) -> None:
    assert set(rate.features.directions) == {0}


def test_one_person_and_a_batch_pay_the_same_to_the_last_digit(rate: RateModel, parts: SimpleNamespace) -> None:
    batch = rate.predict(parts.test)
    for place in range(0, len(parts.test), 97):
        assert rate.predict(parts.test.iloc[[place]]).equals(batch.iloc[[place]])


def test_taking_the_model_apart_and_together_changes_no_digit(rate: RateModel, parts: SimpleNamespace) -> None:
    texts, state = rate.to_parts()
    again = RateModel.from_parts(texts, json.loads(json.dumps(state)))
    assert again.predict(parts.test).equals(rate.predict(parts.test))
    assert np.array_equal(again.contributions(parts.test), rate.contributions(parts.test))


def test_of_two_equally_near_grades_the_first_given_wins() -> None:
    assert nearest_grade(np.array([0.25]), {"AA": 0.5, "A": 0.0}) == ["AA"]


def test_a_rate_model_without_grades_is_refused(parts: SimpleNamespace, rate: RateModel) -> None:
    with pytest.raises(ConfigError, match="no grade has a rate"):
        fit_rate(parts.train, parts.valid, rate.features, {}, RateSettings())
