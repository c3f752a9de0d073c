"""Questions about one person, on the command line."""

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize("question", ["why-not", "terms", "which-product", "why-gone"])
def test_a_question_is_answered_in_json_and_on_the_terminal(run, model: Path, people: Path, question: str) -> None:
    words = ("ask", question, "--model", model, "--person", people, "--id", 7)
    assert json.loads(run(*words, "--json").out)["question"] == question
    for language, note in (("en", "not the bank's decision"), ("zh", "不代表银行的决定")):
        ended = run(*words, "--language", language)
        assert ended.code == 0
        assert note in " ".join(ended.out.split())


def test_regimes_reach_the_answer_and_no_model_is_needed(run, people: Path) -> None:
    ended = run("ask", "why-gone", "--person", people, "--id", 7, "--json",
                "--before", "expansion", "--after", "data_separated")
    told = json.loads(ended.out)
    assert (told["before"]["regime"], told["after"]["regime"]) == ("expansion", "data_separated")
    assert told["before"]["p_model"] is None


@pytest.mark.parametrize("question", ["why-not", "terms", "which-product", "why-gone"])
def test_an_answer_is_also_written_as_a_page(run, model: Path, people: Path, tmp_path: Path, question: str) -> None:
    words = ("ask", question, "--model", model, "--person", people, "--id", 7, "--html", tmp_path / "answer.html")
    assert run(*words).code == 0
    assert (tmp_path / "answer.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    again = run(*words)
    assert again.code == 6
    assert "there is a file already" in again.err


def test_amount_instalments_and_method_reach_the_loan(run, model: Path, people: Path) -> None:
    ended = run("ask", "terms", "--model", model, "--person", people, "--id", 7, "--json",
                "--amount", 6000, "--instalments", 6, "--method", "equal_principal")
    loan = json.loads(ended.out)["loan"]
    assert (loan["amount_cny"], loan["instalments"], loan["method"]) == (6000, 6, "equal_principal")
    assert [row["principal_cny"] for row in loan["schedule"]] == [1000] * 6


@pytest.mark.parametrize(("question", "option", "value"), [
    ("why-not", "--amount", 1000), ("why-not", "--instalments", 3), ("which-product", "--method", "equal_principal"),
    ("why-gone", "--amount", 1000),
])
def test_an_option_of_another_question_is_refused(
    run, model: Path, people: Path, question: str, option: str, value: object
) -> None:
    ended = run("ask", question, "--model", model, "--person", people, "--id", 7, option, value)
    assert ended.code == 2
    assert f"has no option {option}" in ended.err
    assert "belongs to 'terms'" in ended.err


@pytest.mark.parametrize(("option", "value"), [("--amount", 0), ("--amount", "nan"), ("--instalments", 0)])
def test_a_loan_that_cannot_be_is_refused(run, model: Path, people: Path, option: str, value: object) -> None:
    ended = run("ask", "terms", "--model", model, "--person", people, "--id", 7, option, value)
    assert ended.code == 2
    assert ended.out == ""


def test_a_person_who_is_not_there_is_an_error_of_the_data(run, model: Path, people: Path) -> None:
    ended = run("ask", "which-product", "--model", model, "--person", people, "--id", 999)
    assert ended.code == 3
    assert "no people have the person_id" in ended.err


@pytest.mark.parametrize("option", ["--before", "--after", "--other-model"])
def test_a_regime_belongs_to_the_question_that_compares_them(run, model: Path, people: Path, option: str) -> None:
    ended = run("ask", "why-not", "--model", model, "--person", people, "--id", 7, option, "contraction")
    assert ended.code == 2
    assert "belongs to 'why-gone'" in ended.err


def test_an_unknown_regime_is_an_error_of_the_settings_with_the_near_name(run, people: Path) -> None:
    ended = run("ask", "why-gone", "--person", people, "--id", 7, "--after", "contractoin")
    assert ended.code == 2
    assert "contraction" in ended.err
