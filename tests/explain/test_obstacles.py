"""What stands in a person's way, in the lender's order."""

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import FEATURES
from weilidai.explain.obstacles import Obstacle, obstacles_for
from weilidai.facts import FactorCatalogue, load_book
from weilidai.facts.amounts import Language
from weilidai.models.invite import InviteModel
from weilidai.rules import Eligibility


@pytest.fixture(scope="module")
def bundle(model: InviteModel, catalogue: FactorCatalogue, policy: Eligibility) -> Any:
    ruled = InviteModel(model.booster, model.features, policy, model.calibration, model.threshold)
    return SimpleNamespace(invite=ruled, factors=catalogue)


@pytest.fixture(scope="module")
def person(people: pd.DataFrame, policy: Eligibility) -> pd.DataFrame:
    """Give somebody in whose way nothing stands."""
    found: pd.DataFrame = people.loc[policy.passes(people), list(FEATURES)].head(1)
    quiet = {"device_count_7d": 1, "location_jump_km_7d": 2.0, "verification_failure_count": 0}
    return found.assign(has_location_permission=True, **quiet)


def met(person: pd.DataFrame, bundle: Any, language: Language = "en") -> tuple[Obstacle, ...]:
    return obstacles_for(person, bundle, load_book(), language)


def test_nothing_stands_in_the_way_of_a_quiet_person(person: pd.DataFrame, bundle: Any) -> None:
    assert met(person, bundle) == ()


def test_every_hard_rule_is_told_in_order_and_before_the_rest(person: pd.DataFrame, bundle: Any) -> None:
    poor = person.assign(
        is_covered_area=False, real_name_months=0, debit_card_count=0, is_restricted=True, age_years=17,
        device_count_7d=9,
    )
    found = met(poor, bundle)
    assert [(one.stage, one.name) for one in found] == [
        ("rules", "covered_area"), ("rules", "adult"), ("rules", "real_name"), ("rules", "debit_card"),
        ("rules", "unrestricted"), ("interception", "device"),
    ]
    assert (found[2].value, found[2].mark, found[2].distance, found[2].unit) == (0, 1, -1, "months")


def test_too_many_inquiries_start_a_documented_wait(person: pd.DataFrame, bundle: Any) -> None:
    rule, wait = met(person.assign(bureau_inquiry_count_6m=np.float32(41)), bundle)
    assert (rule.name, wait.stage, wait.wait, wait.wait_unit) == ("inquiries", "waiting", 6, "months")
    assert (wait.document, wait.section, wait.is_recorded) == ("D3", 4, False)
    assert "6 months" in wait.text


@pytest.mark.parametrize(("column", "at_mark", "names", "waits"), [
    ("device_count_7d", 3, ["device"], [(15, "days")]),
    ("location_jump_km_7d", 500.0, ["location"], [(7, "days")]),
    ("verification_failure_count", 3, ["failures_in_a_row"], [(24, "hours")]),
    ("verification_failure_count", 5, ["failures_in_a_row", "operation"], [(24, "hours"), (24, "hours")]),
])
def test_a_documented_mark_starts_its_cool_down(
    person: pd.DataFrame, bundle: Any, column: str, at_mark: float, names: list[str], waits: list[tuple[int, str]]
) -> None:
    found = met(person.assign(**{column: at_mark}), bundle)
    assert [one.name for one in found] == names
    assert [(one.wait, one.wait_unit) for one in found] == waits
    assert all(one.value == at_mark and one.distance is not None and one.distance >= 0 for one in found)
    assert met(person.assign(**{column: at_mark - 1}), bundle)[1:] == ()


def test_a_recorded_interception_counts_for_more_than_the_marks(person: pd.DataFrame, bundle: Any) -> None:
    stopped = person.assign(device_count_7d=9, interception_kind="location", retry_after_hours=np.float32(100))
    (found,) = met(stopped, bundle)
    assert (found.name, found.is_recorded, found.wait, found.wait_unit) == ("location", True, 100, "hours")
    (let_off,) = met(stopped.assign(retry_after_hours=np.float32(0)), bundle)
    assert (let_off.name, let_off.is_recorded) == ("device", False)


def test_what_was_done_to_the_account_is_told(person: pd.DataFrame, bundle: Any) -> None:
    (found,) = met(person.assign(security_action="temporary_freeze"), bundle)
    assert (found.stage, found.document, found.section, found.wait) == ("security", "D0", 6, None)


def test_both_languages_give_the_same_obstacles_as_plain_json(person: pd.DataFrame, bundle: Any) -> None:
    poor = person.assign(
        bureau_inquiry_count_6m=np.float32(41), device_count_7d=4, location_jump_km_7d=np.float32(900),
        verification_failure_count=6, security_action="entry_closed",
    )
    english, chinese = met(poor, bundle), met(poor, bundle, "zh")
    assert [one.to_dict() | {"text": ""} for one in english] == [one.to_dict() | {"text": ""} for one in chinese]
    written = json.dumps([one.to_dict() for one in chinese], ensure_ascii=False, allow_nan=False)
    assert [Obstacle(**one) for one in json.loads(written)] == list(chinese)
    assert len(english) == 7
    for one, other in zip(english, chinese, strict=True):
        assert one.text.isascii()
        assert not other.text.isascii()
        assert "{" not in one.text + other.text


def test_an_entry_closed_by_the_person_comes_after_security_and_before_risk_control(
    person: pd.DataFrame, bundle: Any
) -> None:
    closed = person.assign(
        security_action="temporary_freeze", has_closed_entry=True, interception_kind="device",
        retry_after_hours=np.float32(360), is_requeued=True,
    )
    found = met(closed, bundle)
    assert [one.name for one in found] == ["temporary_freeze", "closed_by_person", "device", "requeued"]
    assert found[1].text == "You closed the entry yourself."
    assert (found[1].document, found[3].document) == ("D0", "D1")


@pytest.mark.parametrize(("hours", "english", "chinese"), [
    (24, "24 hours", "24小时"), (168, "7 days", "7天"), (360, "15 days", "15天"), (30, "30 hours", "30小时"),
])
def test_a_long_wait_is_said_in_days_and_kept_in_hours(
    person: pd.DataFrame, bundle: Any, hours: int, english: str, chinese: str
) -> None:
    stopped = person.assign(interception_kind="device", retry_after_hours=np.float32(hours))
    for language, said in (("en", english), ("zh", chinese)):
        (one,) = met(stopped, bundle, language)  # type: ignore[arg-type]  # the two languages
        assert said in one.text
        assert (one.wait, one.wait_unit) == (hours, "hours")
