"""Walking a fact folder."""

from pathlib import Path
from typing import Any

import pytest

from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.facts.gathering import gather

Folder = Any
"""The fixture of this folder's conftest."""


def test_the_digest_follows_every_file_and_its_name(folder: Folder) -> None:
    digests = {gather(folder.path).digest}
    folder.edit("assumptions/population.yaml", "values: -0.2", "values: -0.3")
    digests.add(gather(folder.path).digest)
    folder.edit("D0.yaml", "0.45", "0.46")
    digests.add(gather(folder.path).digest)
    (folder.path / "conflicts/D0.yaml").rename(folder.path / "conflicts/D1.yaml")
    digests.add(gather(folder.path).digest)
    assert len(digests) == 4


def test_the_digest_is_the_same_on_a_machine_with_other_line_ends(folder: Folder) -> None:
    before = gather(folder.path).digest
    file = folder.path / "D0.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert gather(folder.path).digest == before


def test_a_file_of_another_name_is_not_silently_left_out(folder: Folder) -> None:
    folder.write("D5.yaml", "facts: []\n")
    folder.write("factor.yaml", "factors: []\n")
    problems = folder.problems()
    assert problems[0].startswith("D5.yaml: no fact file has this name")
    assert problems[1] == "factor.yaml: no fact file has this name, did you mean 'factors.yaml'?"


def test_an_unknown_list_of_a_file_is_refused(folder: Folder) -> None:
    folder.write("conflicts/D1.yaml", "conflict: []\n")
    assert folder.problems() == [
        "conflicts/D1.yaml:1: key 'conflicts' must hold a list",
        "conflicts/D1.yaml:1: unknown key 'conflict', did you mean 'conflicts'?",
    ]


def test_a_file_that_holds_something_else_is_refused(folder: Folder) -> None:
    folder.write("conflicts/D1.yaml", "- id: X.D1.one\n")
    folder.write("conflicts/D2.yaml", "conflicts: [one]\n")
    assert folder.problems() == [
        "conflicts/D1.yaml:1: must be a mapping of keys to values",
        "conflicts/D2.yaml:1: must be a mapping of keys to values",
    ]


def test_a_folder_without_factors_or_facts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "untested.yaml").write_text("untested: []\n", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_book(tmp_path)
    assert "the file of factors is missing" in str(raised.value)
    assert "there is no file of facts" in str(raised.value)


def test_a_missing_folder_is_one_plain_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_book(tmp_path / "nowhere")
    assert raised.value.exit_code == 2
    assert "1 problem in the fact files" in str(raised.value)
    assert "the folder of facts does not exist" in str(raised.value)


def test_a_problem_inside_the_current_folder_is_shown_relative_to_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.edit("D0.yaml", "kind: rate", "kind: ratee")
    monkeypatch.chdir(folder.path.parent)
    with pytest.raises(ConfigError, match=r"  facts/D0\.yaml:10: kind"):
        folder.load()
