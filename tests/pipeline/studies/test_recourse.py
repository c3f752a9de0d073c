"""The study of advice, on a tiny model and few people, and the brute force it is held against."""

from dataclasses import replace

import pandas as pd
import pytest

import simulated_bundle
from current_numbers import current_numbers
from weilidai.config import TrainSettings
from weilidai.errors import ConfigError
from weilidai.explain.recourse.advice import Aim
from weilidai.explain.recourse.search import search
from weilidai.facts import load_book
from weilidai.inference.decider import Decider
from weilidai.matching import load_parameters
from weilidai.pipeline.recourse_rates import Sought, rates, rates_in_test, seek
from weilidai.pipeline.simulate import Simulator
from weilidai.pipeline.studies import recourse
from weilidai.pipeline.studies.brute_force import is_missed
from weilidai.pipeline.studies.outcome import Study
from weilidai.pipeline.studies.running import run_study
from weilidai.population import PopulationParameters
from weilidai.progress import Silent

PEOPLE = 30
BOUNDS = current_numbers().part("population", PopulationParameters).bounds


@pytest.fixture(autouse=True)
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = simulated_bundle.learnt()
    certificate = {**learnt.birth_certificate, "seed": simulated_bundle.SEED}
    decider = Decider(replace(learnt, birth_certificate=certificate), "a test")
    monkeypatch.setattr(recourse, "load_model", lambda _uri, **_options: decider)


@pytest.fixture(scope="module")
def sought() -> list[Sought]:
    simulator, people = Simulator.of(load_parameters()), simulated_bundle.refused(12)
    return seek(simulated_bundle.learnt(), people, simulator, simulated_bundle.SEED + 1, load_book(), Silent())


def asked(settings: TrainSettings, **given: object) -> Study:
    return run_study("recourse", settings, {"model": "tiny", "people": PEOPLE, **given}, Silent())


def test_advice_is_possible_complete_and_true(settings: TrainSettings) -> None:
    study = asked(settings)
    told = study.metrics
    assert told["recourse.found_share"] > 0
    assert sum(told[f"recourse.{name}_share"] for name in ("found", "none", "undecided")) == pytest.approx(1)
    assert (told["recourse.impossible_share"], told["recourse.missed_share"]) == (0, 0)
    assert 0 <= told["recourse.true_improvement_share"] <= 1
    assert told["recourse.ms_p50"] <= told["recourse.ms_p95"]
    people = study.tables["people"]
    assert len(people) == PEOPLE
    assert study.tables["first_advice"]["people"].sum() == people["p_true_after"].notna().sum()


def test_a_higher_quota_is_sought_for_the_invited(settings: TrainSettings) -> None:
    study = asked(settings, people=5, aim="quota", seconds=0.2)
    assert study.choices["aim"] == "quota"
    assert study.metrics["recourse.impossible_share"] == 0
    assert study.metrics["recourse.missed_share"] == 0


def test_the_people_the_model_has_learnt_from_are_refused(settings: TrainSettings) -> None:
    with pytest.raises(ConfigError, match="learnt from the people"):
        asked(settings, seed=simulated_bundle.SEED)


def test_brute_force_catches_a_search_that_finds_nothing(sought: list[Sought]) -> None:
    easy = next(one for one in sought if one.actions == 1)
    blind = replace(easy, found=replace(easy.found, state="none", plans=()))
    passing = load_book().passing
    assert is_missed(blind, simulated_bundle.learnt(), passing, "invitation")
    assert not is_missed(easy, simulated_bundle.learnt(), passing, "invitation")


def test_first_advice_is_the_cheapest_plan_and_the_same_as_asked_alone(sought: list[Sought]) -> None:
    one = next(one for one in sought if one.first is not None)
    again = search(one.case.board, one.case.goal("invitation"), 0.0)
    assert one.first is not None
    assert one.first.cost == round(again.plans[0].cost, 2)


def test_without_anybody_refused_nothing_is_told() -> None:
    learnt = simulated_bundle.learnt()
    people = simulated_bundle.new_people()
    invited = people.loc[learnt.invite.is_invited(people)]
    simulator = Simulator.of(load_parameters())
    assert rates_in_test(learnt, invited, simulator, simulated_bundle.SEED + 1, 5, load_book(), Silent()) == {}


def test_a_few_test_people_stand_for_all() -> None:
    simulator, people = Simulator.of(load_parameters()), simulated_bundle.new_people()
    told = rates_in_test(
        simulated_bundle.learnt(), people, simulator, simulated_bundle.SEED + 1, 6, load_book(), Silent()
    )
    assert told["people"] == 6
    assert 0 <= told["found_share"] <= 1


def test_shares_of_advice_are_left_out_where_there_is_none(sought: list[Sought]) -> None:
    without = [replace(one, found=replace(one.found, state="none", plans=()), first=None) for one in sought]
    assert rates(without) == {"found_share": 0, "none_share": 1, "undecided_share": 0}


def test_impossible_plans_are_counted(sought: list[Sought]) -> None:
    found = recourse._impossible(sought, BOUNDS)
    assert isinstance(found, pd.DataFrame)
    assert found["plans"].iloc[0] == 0
    assert found["of"].iloc[0] == sum(len(one.found.plans) for one in sought)


def test_every_share_comes_with_an_interval_that_holds_it(settings: TrainSettings) -> None:
    rows = asked(settings, people=10).tables["recourse"].set_index("what")
    found = rows.loc["advice found"]
    assert 0 <= found["low"] <= found["value"] <= found["high"] <= 1
    assert rows.loc["missed, against brute force of one and two actions", "high"] < 0.35
    assert pd.isna(rows.loc["ms, everybody, 95 %", "low"])


@pytest.mark.slow
@pytest.mark.parametrize(("aim", "count"), [("invitation", 100), ("quota", 60)])
def test_what_is_shown_first_improves_the_truth_and_hurts_nothing_for_many_people(aim: Aim, count: int) -> None:
    learnt, people = simulated_bundle.learnt(), simulated_bundle.new_people()
    invited = learnt.invite.is_invited(people)
    chosen = people.loc[invited if aim == "quota" else ~invited].head(count)
    simulator, seed = Simulator.of(load_parameters()), simulated_bundle.SEED + 1
    found = seek(learnt, chosen, simulator, seed, load_book(), Silent(), aim=aim, seconds=0.5)
    shown = [one.shown for one in found if one.shown is not None]
    assert len(shown) > count / 10
    for advice in shown:
        assert advice.improves
        assert not advice.is_gaming
        before, after = advice.effect.p_true_before, advice.effect.p_true_after
        grant, then = advice.effect.quota_true_before_cny, advice.effect.quota_true_after_cny
        assert after >= before - 1e-6
        assert then >= grant * (1 - 1e-6)
        assert (after - before, then - grant)[aim == "quota"] > 0


def test_a_trick_is_never_among_the_plans(sought: list[Sought]) -> None:
    assert sum(len(one.found.plans) for one in sought) > 0
    assert not any(plan.is_gaming for one in sought for plan in one.found.plans)
    assert not any(option.action.is_gaming for one in sought for option in one.case.board.options)
