"""Every mechanism of the documents has a story, and a column or command in which a user sees it."""

from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from weilidai.cli.app import app
from weilidai.columns import CATALOGUE
from weilidai.facts import load_book
from weilidai.facts.schema import MECHANISMS

HERE = Path(__file__).resolve().parent
TABLE = yaml.safe_load((HERE / "mechanisms.yaml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLE["mechanisms"]
WITHOUT: dict[str, str] = TABLE["without_story"]
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group of commands


def titles(file: str) -> set[str]:
    return {story["title"] for story in yaml.safe_load((HERE / file).read_text(encoding="utf-8"))["stories"]}


def test_every_mechanism_of_the_closed_list_has_a_story_or_says_why_not() -> None:
    assert {row["mechanism"] for row in ROWS} | set(WITHOUT) == set(MECHANISMS)
    assert not {row["mechanism"] for row in ROWS} & set(WITHOUT)


def test_nothing_follows_the_claims_of_a_mechanism_without_a_story() -> None:
    facts = [fact for fact in load_book().facts.values() if fact.mechanism in WITHOUT]
    assert {fact.role for fact in facts} == {"context"}
    assert all(len(why.split()) > 5 for why in WITHOUT.values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_what_happens_is_told_and_can_be_seen(row: dict[str, Any]) -> None:
    assert set(row) <= {"what", "mechanism", "story", "columns", "commands"}
    assert row["story"]["title"] in titles(row["story"]["file"])
    columns, commands = row.get("columns", ()), row.get("commands", ())
    assert columns or commands, "nobody sees it"
    assert set(columns) <= set(CATALOGUE)
    assert set(commands) <= COMMANDS


def test_no_thing_is_named_twice() -> None:
    named = [row["what"] for row in ROWS]
    assert len(named) == len(set(named))
