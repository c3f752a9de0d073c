"""Reasons for people: few, in order, documented, and in words."""

import json
import re
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE, FEATURES, LEVELS
from weilidai.errors import ModelError
from weilidai.explain.reasons import Reason, reasons_as_json, reasons_for, strengths_for
from weilidai.explain.rule_reasons import RULE_WORDS
from weilidai.facts import FactorCatalogue, load_book
from weilidai.facts.amounts import Language
from weilidai.rules import Eligibility

NUMBER = re.compile(r"\d[\d,.]*\d|\d")
RAW = re.compile(r"[_{}\[\]]|\bnan\b|None|True|False")
KEYS = [
    "factor", "dimension", "contribution", "value", "mark", "distance", "unit", "document", "section", "is_actionable",
    "text",
]


@pytest.fixture(scope="module")
def given(
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility
) -> dict[Language, list[list[Reason]]]:
    failed = policy.failed(people)
    return {
        language: reasons_for(
            people, drawn.values, failed, catalogue, language, features=drawn.features, policy=policy
        )
        for language in ("en", "zh")
    }


def say(catalogue: FactorCatalogue, policy: Eligibility, person: pd.DataFrame, **contributions: float) -> list[Reason]:
    values = np.array([[contributions.get(name, 0.0) for name in FEATURES]])
    (found,) = reasons_for(person, values, {}, catalogue, "en", features=FEATURES, policy=policy)
    return found


def test_nobody_gets_more_than_four_reasons(given: dict[Language, list[list[Reason]]]) -> None:
    counts = {len(own) for own in given["en"]}
    assert max(counts) == 4


def test_failed_rules_come_first_and_have_no_contribution(
    given: dict[Language, list[list[Reason]]], people: pd.DataFrame, policy: Eligibility
) -> None:
    failed = np.stack(list(policy.failed(people).values())).sum(axis=0)
    for own, count in zip(given["en"], failed, strict=True):
        assert [reason.contribution is None for reason in own] == [place < count for place in range(len(own))]


def test_only_adverse_factors_follow_strongest_first(given: dict[Language, list[list[Reason]]]) -> None:
    for own in given["en"]:
        sums = [reason.contribution for reason in own if reason.contribution is not None]
        assert sums == sorted(sums)
        assert all(each < 0 for each in sums)


def test_no_protected_factor_is_named(
    given: dict[Language, list[list[Reason]]], catalogue: FactorCatalogue, people: pd.DataFrame
) -> None:
    protected = {factor.id for factor in catalogue.factors.values() if factor.is_protected}
    named = {reason.factor for own in given["en"] for reason in own}
    assert not named & protected
    assert (people["age_years"] < 18).any()
    assert named <= {*catalogue.factors, "adult"}


def test_nothing_is_told_twice(given: dict[Language, list[list[Reason]]]) -> None:
    for own in given["en"]:
        weighed = [reason.factor for reason in own if reason.contribution is not None]
        ruled = {reason.factor for reason in own if reason.contribution is None}
        assert len(set(weighed)) == len(weighed)
        assert not ruled & set(weighed)


def test_both_languages_give_the_same_reasons_and_figures(given: dict[Language, list[list[Reason]]]) -> None:
    for english, chinese in zip(given["en"], given["zh"], strict=True):
        assert [r.to_dict() | {"text": ""} for r in english] == [r.to_dict() | {"text": ""} for r in chinese]
        for one, other in zip(english, chinese, strict=True):
            assert sorted(NUMBER.findall(one.text)) == sorted(NUMBER.findall(other.text))


def test_nothing_raw_leaks_into_a_text(given: dict[Language, list[list[Reason]]]) -> None:
    texts = {reason.text for language in ("en", "zh") for own in given[language] for reason in own}
    assert len(texts) > 1000
    assert [text for text in texts if RAW.search(text)] == []


def test_every_reason_ends_at_a_fact_of_the_book(given: dict[Language, list[list[Reason]]]) -> None:
    places = {(fact.document, fact.section) for fact in load_book().facts.values()}
    assert {(r.document, r.section) for own in given["en"] for r in own} <= places


def test_a_reason_is_plain_json(given: dict[Language, list[list[Reason]]]) -> None:
    for own in given["zh"][:200]:
        written = json.dumps([reason.to_dict() for reason in own], ensure_ascii=False, allow_nan=False)
        back = json.loads(written)
        assert all(list(each) == KEYS for each in back)
        assert [Reason(**each) for each in back] == own


def test_one_person_alone_gets_the_reasons_they_get_in_a_crowd(
    given: dict[Language, list[list[Reason]]],
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility,
) -> None:
    for row in (0, 17, 2999):
        person = people.iloc[[row]]
        alone = reasons_for(
            person, drawn.values[[row]], policy.failed(person), catalogue, "en",
            features=drawn.features, policy=policy,
        )
        assert alone == [given["en"][row]]


@pytest.mark.parametrize("column", [name for name in FEATURES if name != "age_years"])
def test_every_factor_has_words_for_each_of_its_columns(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility, column: str
) -> None:
    kind = CATALOGUE[column].kind
    cells = {"category": [*LEVELS.get(column, ()), "elsewhere"], "flag": [True, False]}.get(kind, [0, 1, 700, None])
    rows = pd.concat([people.iloc[[0]]] * len(cells)).astype({column: object})
    rows[column] = cells
    for sign, tell in ((-1.0, reasons_for), (1.0, strengths_for)):
        sums = np.array([[sign if name == column else 0.0 for name in FEATURES]] * len(cells))
        said: dict[str, list[str]] = {}
        for language in ("en", "zh"):
            extra = {"policy": policy} if tell is reasons_for else {}
            before = (rows, sums, {}) if tell is reasons_for else (rows, sums)
            found = tell(*before, catalogue, language, features=FEATURES, **extra)  # type: ignore[operator]
            said[language] = [reason.text for (reason,) in found]
        for english, chinese in zip(said["en"], said["zh"], strict=True):
            assert english.endswith(").")
            assert chinese.endswith("）。")
            assert english.count(".)") == 0
            assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(chinese))
            assert not RAW.search(english + chinese)


def test_a_reason_shows_value_mark_and_place(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    person = people.iloc[[0]].assign(daily_open_count=np.float32(2.1))
    (found,) = say(catalogue, policy, person, daily_open_count=-1.25)
    assert found == Reason(
        factor="app_activity", dimension="account", contribution=-1.25, value=2.1, mark=8.0,
        distance=-5.9, unit="count_per_day", document="D0", section=2, is_actionable=True,
        text="How often you open WeChat weighed against you (2.1 opens a day; documented mark: over 8).",
    )


def test_a_missing_value_is_told_by_what_hides_it(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    person = people.iloc[[0]].assign(has_transactions_permission=False, merchant_category_count=np.nan)
    (found,) = say(catalogue, policy, person, merchant_category_count=-1)
    assert (found.value, found.distance, found.unit) == (None, None, None)
    assert "not visible: bill details permission withheld" in found.text


def test_the_distance_is_signed_and_in_the_unit_of_the_value(given: dict[Language, list[list[Reason]]]) -> None:
    told = [reason for own in given["en"] for reason in own]
    apart = [reason for reason in told if reason.distance is not None]
    assert len(apart) > 1000
    for reason in apart:
        assert isinstance(reason.value, (int, float))
        assert isinstance(reason.mark, (int, float))
        assert reason.distance == pytest.approx(reason.value - reason.mark, rel=1e-6)
        assert reason.unit is not None
    for reason in told:
        if isinstance(reason.value, (bool, str, type(None))) or isinstance(reason.mark, (bool, str, type(None))):
            assert (reason.distance, reason.unit) == (None, None)


def test_a_reason_says_whether_the_person_can_act_on_it(
    given: dict[Language, list[list[Reason]]], catalogue: FactorCatalogue
) -> None:
    told = {reason.factor: reason.is_actionable for own in given["en"] for reason in own}
    assert told == {name: name in catalogue.factors and catalogue.factors[name].is_actionable for name in told}
    assert set(told.values()) == {True, False}


def test_reasons_written_at_once_are_those_written_one_by_one(
    given: dict[Language, list[list[Reason]]],
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility,
) -> None:
    for language in ("en", "zh"):
        written = reasons_as_json(
            people, drawn.values, policy.failed(people), catalogue, language, features=drawn.features, policy=policy
        )
        one_by_one = [json.dumps([r.to_dict() for r in own], ensure_ascii=False) for own in given[language]]
        assert written == one_by_one


def test_a_failed_rule_shows_the_bar_in_force(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    person = people.iloc[[0]].assign(bureau_inquiry_count_6m=np.float32(41))
    failed = {"inquiries": np.array([True])}
    (found,) = reasons_for(
        person, np.zeros((1, len(FEATURES))), failed, catalogue, "zh", features=FEATURES, policy=policy
    )
    assert found == [Reason(
        factor="bureau_inquiries", dimension="bureau", contribution=None, value=41, mark=40, distance=1,
        unit="count_per_half_year", document="D4", section=2, is_actionable=True,
        text="您近期的征信查询次数偏多（近6个月征信查询41次；要求：至多40次）。",
    )]


def test_an_age_rule_is_told_without_naming_the_protected_factor(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    person = people.iloc[[0]].assign(age_years=np.float32(16))
    (found,) = reasons_for(
        person, np.zeros((1, len(FEATURES))), {"adult": np.array([True])}, catalogue, "en",
        features=FEATURES, policy=policy,
    )
    assert [(reason.factor, reason.document, reason.section) for reason in found] == [("adult", "D2", 5)]
    assert found[0].text == RULE_WORDS["adult"][0].format(
        value="16 years of age", mark="required: at least 18"
    )


def test_fewer_reasons_can_be_asked_for(
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    found = reasons_for(
        people, drawn.values, policy.failed(people), catalogue, "en",
        features=drawn.features, policy=policy, most=2, least_share=0.5,
    )
    assert max(len(own) for own in found) == 2


def test_strengths_are_favourable_factors(
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue
) -> None:
    found = strengths_for(people, drawn.values, catalogue, "en", features=drawn.features)
    assert max(len(own) for own in found) == 4
    assert all(reason.contribution > 0 for own in found for reason in own if reason.contribution is not None)


def test_a_factor_without_words_is_refused(
    people: pd.DataFrame, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    data = catalogue.to_dict()
    data["factors"]["app_activity"]["texts"] = None
    with pytest.raises(ModelError, match="'app_activity' has no words"):
        say(FactorCatalogue.from_dict(data), policy, people.iloc[[0]], daily_open_count=-1)


def test_a_catalogue_from_a_model_file_tells_the_same(
    given: dict[Language, list[list[Reason]]],
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility,
) -> None:
    stored = FactorCatalogue.from_dict(json.loads(json.dumps(catalogue.to_dict())))
    some = people.head(50)
    found = reasons_for(
        some, drawn.values[:50], policy.failed(some), stored, "en", features=drawn.features, policy=policy
    )
    assert found == given["en"][:50]


def test_ten_thousand_people_take_less_than_two_seconds(
    people: pd.DataFrame, drawn: SimpleNamespace, catalogue: FactorCatalogue, policy: Eligibility
) -> None:
    many = pd.concat([people] * 4, ignore_index=True).head(10_000)
    sums = np.concatenate([drawn.values] * 4)[:10_000]
    begun = time.process_time()
    found = reasons_as_json(many, sums, policy.failed(many), catalogue, "zh", features=drawn.features, policy=policy)
    assert len(found) == 10_000
    assert time.process_time() - begun < 2
