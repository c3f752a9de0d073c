from pathlib import Path

import pandas as pd
import pytest

import weilidai
from weilidai.errors import DataError
from weilidai.pipeline.asking import ask_why_not, find_person


@pytest.fixture
def file(tmp_path: Path, people: pd.DataFrame) -> Path:
    people.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path / "people.csv"


def test_one_person_is_found_in_a_table_of_many(file: Path, people: pd.DataFrame) -> None:
    found = find_person(file, "17")
    assert len(found) == 1
    assert found["friend_count"].tolist() == [people["friend_count"][17]]


@pytest.mark.parametrize(("person", "told"), [("999", "no people have"), ("x", "no people have")])
def test_a_person_who_is_not_there_is_refused(file: Path, person: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        find_person(file, person)


def test_a_table_without_person_ids_is_refused(tmp_path: Path, people: pd.DataFrame) -> None:
    people.drop(columns="person_id").to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(DataError, match="no person_id"):
        find_person(tmp_path / "people.csv", "1")


def test_the_answer_has_the_figures_of_the_decision(model: Path, file: Path, people: pd.DataFrame) -> None:
    answer = ask_why_not(str(model), file, "17", "en")
    decided = weilidai.load_model(model).decide(people.iloc[[17]])
    assert answer.p_invite == decided["p_invite"].iloc[0]


def test_a_person_who_breaks_the_contract_is_placed_in_the_file(
    tmp_path: Path, model: Path, people: pd.DataFrame
) -> None:
    people.iloc[[17]].drop(columns="friend_count").to_csv(tmp_path / "one.csv", index=False)
    with pytest.raises(DataError, match="friend_count: is missing") as caught:
        ask_why_not(str(model), tmp_path / "one.csv", None, "en")
    assert caught.value.where == str(tmp_path / "one.csv")


def test_a_table_of_many_without_a_name_says_how_to_name_one(model: Path, file: Path) -> None:
    with pytest.raises(DataError, match="--id PERSON_ID"):
        ask_why_not(str(model), file, None, "en")
