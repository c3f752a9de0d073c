from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from weilidai.facts import Book, FactorCatalogue, load_book
from weilidai.models.challengers import catalogue
from weilidai.models.challengers.catalogue import Challenger, Material, learn_challengers, with_interval
from weilidai.models.features import Features
from weilidai.models.quota import quota_features
from weilidai.models.settings import CHALLENGERS, InviteSettings, PointsSettings, QuotaSettings
from weilidai.rules import Eligibility

SMALL: dict[str, Any] = {"num_iterations": 60, "early_stopping_round": 10, "min_data_in_leaf": 20}


@pytest.fixture(scope="module")
def material(parts: SimpleNamespace, features: Features, policy: Eligibility, factors: FactorCatalogue) -> Material:
    documented = load_book()
    book = SimpleNamespace(factors=factors, fact=documented.fact)
    return Material(
        parts.train, parts.valid, parts.calibrate, features, quota_features(factors, QuotaSettings()), policy,
        cast("Book", book), InviteSettings(**SMALL), QuotaSettings(**SMALL), PointsSettings(),
    )


@pytest.fixture(scope="module")
def learnt(material: Material) -> dict[str, Challenger]:
    return learn_challengers(CHALLENGERS, material)


def test_every_name_in_the_settings_can_be_learnt(learnt: dict[str, Challenger]) -> None:
    assert tuple(catalogue._LEARN) == CHALLENGERS == tuple(learnt)
    assert all(challenger.chance or challenger.amounts for challenger in learnt.values())


def test_all_rank_the_eligible_better_than_chance_and_rule_out_the_others(
    learnt: dict[str, Challenger], parts: SimpleNamespace, policy: Eligibility
) -> None:
    passed = policy.passes(parts.test)
    for name, challenger in learnt.items():
        if challenger.chance and name != "documented_rules":  # these people follow no documented mark
            chance = challenger.chance(parts.test)
            assert (chance[~passed] == 0).all()
            assert roc_auc_score(parts.test["is_invited"][passed], chance[passed]) > 0.7


def test_all_who_speak_of_grants_give_an_interval_around_the_mean(
    learnt: dict[str, Challenger], parts: SimpleNamespace
) -> None:
    opened = parts.test[parts.test["is_opened"]]
    for challenger in learnt.values():
        if challenger.amounts:
            mean, low, high = challenger.amounts(opened)
            inside = (low <= opened["initial_quota_cny"]) & (opened["initial_quota_cny"] <= high)
            assert (low <= mean + 100).all()
            assert (mean <= high + 100).all()
            assert inside.mean() > 0.8


def test_only_the_documented_rules_are_no_probability(learnt: dict[str, Challenger]) -> None:
    assert [name for name, said in learnt.items() if not said.is_probability] == ["documented_rules"]


def test_the_scorecard_brings_its_points(learnt: dict[str, Challenger]) -> None:
    assert list(learnt["woe_scorecard"].tables) == ["scorecard_points"]


def together(challenger: Challenger, people: pd.DataFrame) -> np.ndarray:
    """By how much two columns together move the log-odds more than each alone; shape (people,)."""
    assert challenger.chance is not None
    odds = {}
    for salary in (False, True):
        for opens in (1, 30):
            told = challenger.chance(people.assign(has_salary_card=salary, daily_open_count=np.float32(opens)))
            odds[salary, opens] = np.log(told / (1 - told))
    moved: np.ndarray = odds[True, 30] - odds[False, 30] - odds[True, 1] + odds[False, 1]
    return moved


def test_only_trees_of_one_question_let_no_column_depend_on_another(
    material: Material, parts: SimpleNamespace, policy: Eligibility
) -> None:
    people = parts.test[policy.passes(parts.test)].head(200)
    deep = replace(material, invite_settings=InviteSettings(**SMALL, num_leaves=4, max_depth=2))
    shallow = replace(material, invite_settings=InviteSettings(**SMALL, num_leaves=2, max_depth=1))
    assert np.abs(together(learn_challengers(["additive"], deep)["additive"], people)).max() < 1e-9
    assert np.abs(together(learn_challengers(["interactions"], shallow)["interactions"], people)).max() > 1e-3


def test_a_model_is_not_challenged_by_its_own_kind(material: Material) -> None:
    shallow = replace(
        material, invite_settings=InviteSettings(**SMALL, num_leaves=2, max_depth=1),
        quota_settings=QuotaSettings(**SMALL, num_leaves=4, max_depth=2),
    )
    learnt = learn_challengers(["additive", "interactions"], shallow)
    assert learnt["additive"].chance is None
    assert learnt["additive"].amounts is not None
    assert learnt["interactions"].chance is not None
    assert learnt["interactions"].amounts is None


def test_an_interval_of_equal_relative_width_holds_the_people_set_aside(material: Material) -> None:
    def the_same(people: pd.DataFrame) -> np.ndarray:
        return np.full(len(people), 8_000.0)

    aside = material.calibrate[material.calibrate["is_opened"]]
    mean, low, high = with_interval(the_same, material)(aside)
    inside = (low <= aside["initial_quota_cny"]) & (aside["initial_quota_cny"] <= high)
    assert np.allclose(mean**2, low * high)
    assert inside.mean() == pytest.approx(0.9, abs=0.02)


def test_people_without_a_grant_to_learn_from_are_refused(material: Material) -> None:
    closed = replace(material, train=material.train.assign(is_opened=False))
    with pytest.raises(Exception, match="opened"):
        learn_challengers(["plain_quota"], closed)
