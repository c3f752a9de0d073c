"""How-to for people of a generated folder and from a file."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from simulated_bundle import learnt, new_people
from weilidai.columns import FEATURES
from weilidai.errors import DataError
from weilidai.explain.recourse.advice import HowTo
from weilidai.models.bundle import save_bundle
from weilidai.pipeline.asking import ask_why_not
from weilidai.pipeline.asking_how_to import ask_how_to
from weilidai.pipeline.generating import generate_files
from weilidai.progress import Silent

ROWS, SEED = 4_000, 21


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("how_to") / "bundle"
    save_bundle(learnt(), folder, new_people().head(500))
    return str(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_files(ROWS, SEED, "optimisation", tmp_path_factory.mktemp("how_to") / "people", Silent())


@pytest.fixture(scope="module")
def near(folder: Path) -> list[str]:
    """Give people whom the model nearly invites."""
    people = pd.read_parquet(folder / "applicants")
    chance = learnt().invite.probability(people)
    threshold = learnt().invite.threshold
    return [str(people["person_id"].iloc[place]) for place in (chance - threshold).argsort()[::-1]
            if 0.05 < chance[place] < threshold and not people["is_invited"].iloc[place]][:4]


@pytest.fixture(scope="module")
def answers(model: str, folder: Path, near: list[str]) -> list[HowTo]:
    return [ask_how_to(model, folder, one, "en") for one in near]


def test_the_first_advice_improves_the_truth_of_the_same_person(answers: list[HowTo]) -> None:
    assert any(answer.state == "found" for answer in answers)
    for answer in answers:
        assert answer.checked == "same_person_and_noise"
        for one in answer.advice:
            assert one.effect.p_true_after > one.effect.p_true_before
            assert one.effect.quota_true_after_cny >= one.effect.quota_true_before_cny * (1 - 1e-6)
            assert one.effect.p_model_after >= answer.verdict.threshold
            assert one.effect.p_model_before == answer.verdict.p_invite


def test_what_does_not_hold_is_set_aside_and_marked(answers: list[HowTo]) -> None:
    for answer in answers:
        assert all(one.holds for one in answer.advice)
        assert not any(one.holds for one in answer.set_aside)
        assert len(answer.advice) <= 3


def test_both_languages_carry_the_same_figures(model: str, folder: Path, near: list[str], answers: list[HowTo]) -> None:
    def figures(told: object) -> object:
        if isinstance(told, dict):
            return {key: figures(value) for key, value in told.items() if key not in ("text", "language", "note")}
        return [figures(one) for one in told] if isinstance(told, list | tuple) else told

    for person_id, answer in list(zip(near, answers, strict=True))[:2]:
        chinese = ask_how_to(model, folder, person_id, "zh")
        assert figures(answer.to_dict()) == figures(chinese.to_dict())
        texts = [change.text for one in chinese.advice for step in one.steps for change in step.changes]
        assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts)


def test_a_person_from_a_file_is_checked_on_the_columns_given(
    model: str, folder: Path, near: list[str], answers: list[HowTo], tmp_path: Path
) -> None:
    people = pd.read_parquet(folder / "applicants")
    row = people.loc[people["person_id"] == int(near[0]), list(FEATURES)]
    file = tmp_path / "person.json"
    row.to_json(file, orient="records", double_precision=15)
    answer = ask_how_to(model, file, None, "en")
    assert answer.checked == "columns_as_given"
    own, same = (
        [(one.months, one.cost, [step.action for step in one.steps]) for one in told.advice + told.set_aside]
        for told in (answer, answers[0])
    )
    assert sorted(map(str, own)) == sorted(map(str, same))


def test_who_lives_where_nothing_is_open_gets_the_proof(model: str, folder: Path) -> None:
    people = pd.read_parquet(folder / "applicants")
    outside = str(people.loc[~people["is_covered_area"] & (people["age_years"] >= 18), "person_id"].iloc[0])
    answer = ask_how_to(model, folder, outside, "en")
    assert answer.state == "none"
    assert answer.advice == ()
    assert answer.proof is not None
    assert answer.proof.best_value == 0
    assert "covered_area" in {barrier.rule for barrier in answer.proof.barriers}
    assert (answer.proof.barriers[0].document, answer.proof.barriers[0].section) == ("D0", 4)


def test_a_higher_quota_costs_no_chance(model: str, folder: Path) -> None:
    people = pd.read_parquet(folder / "applicants")
    opened = str(people.loc[people["is_opened"], "person_id"].iloc[0])
    answer = ask_how_to(model, folder, opened, "en", aim="quota", gain_share=0.1)
    assert answer.growth
    for one in answer.advice:
        assert one.effect.quota_true_after_cny > one.effect.quota_true_before_cny
        assert one.effect.p_true_after >= one.effect.p_true_before - 1e-6
        assert one.effect.p_model_after >= one.effect.p_model_before


def test_the_answer_is_json(answers: list[HowTo]) -> None:
    for answer in answers:
        assert json.loads(json.dumps(answer.to_dict(), allow_nan=False))["question"] == "how-to"


def test_what_is_in_the_way_is_what_why_not_tells(model: str, folder: Path) -> None:
    people = pd.read_parquet(folder / "applicants")
    closed = str(people.loc[people["security_action"] == "entry_closed", "person_id"].iloc[0])
    obstacles = ask_how_to(model, folder, closed, "en").obstacles
    assert "entry_closed" in {one.name for one in obstacles}
    assert obstacles == ask_why_not(model, folder, closed, "en").obstacles


def test_a_stranger_is_refused(model: str, folder: Path) -> None:
    with pytest.raises(DataError, match="no people"):
        ask_how_to(model, folder, "999999", "en")
