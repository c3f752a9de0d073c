"""How-to on the command line, with a model that is not the documented one."""

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize("aim", ["invitation", "quota"])
def test_how_to_is_answered_in_json_and_on_the_terminal(run, model: Path, people: Path, aim: str) -> None:
    words = ("ask", "how-to", "--model", model, "--person", people, "--id", 7, "--for", aim, "--seconds", 0.1)
    told = json.loads(run(*words, "--json").out)
    assert (told["question"], told["for"], told["checked"]) == ("how-to", aim, "columns_as_given")
    assert told["state"] in ("already", "found", "unconfirmed", "none", "undecided")
    for language, note in (("en", "not the bank's decision"), ("zh", "不代表银行的决定")):
        ended = run(*words, "--language", language)
        assert ended.code == 0
        assert note in " ".join(ended.out.split())


@pytest.mark.parametrize(("option", "value"), [("--for", "quota"), ("--seconds", 1), ("--gain", 0.5)])
def test_an_option_of_how_to_is_refused_elsewhere(
    run, model: Path, people: Path, option: str, value: object
) -> None:
    ended = run("ask", "why-not", "--model", model, "--person", people, "--id", 7, option, value)
    assert ended.code == 2
    assert "belongs to 'how-to'" in ended.err


@pytest.mark.parametrize(("option", "value"), [("--for", "everything"), ("--seconds", -1), ("--gain", 0)])
def test_an_option_that_cannot_be_meant_is_refused(
    run, model: Path, people: Path, option: str, value: object
) -> None:
    assert run("ask", "how-to", "--model", model, "--person", people, "--id", 7, option, value).code == 2


def test_the_answer_is_also_written_as_a_page(run, model: Path, people: Path, tmp_path: Path) -> None:
    page = tmp_path / "answer.html"
    words = ("ask", "how-to", "--model", model, "--person", people, "--id", 7, "--seconds", 0.1, "--html", page)
    assert run(*words).code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_stranger_is_refused(run, model: Path, people: Path) -> None:
    assert run("ask", "how-to", "--model", model, "--person", people, "--id", 999).code == 3
