"""The README: short, and its commands exist."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from weilidai.cli.app import app

README = Path(__file__).resolve().parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`(weilidai [a-z][^`]*)`", TEXT)))


def test_it_is_read_in_a_few_minutes() -> None:
    assert len(TEXT.splitlines()) <= 125


def test_it_says_what_make_train_prints() -> None:
    block = TEXT.split("<!-- begin output of make train -->")[1].split("<!-- end output of make train -->")[0]
    assert "ranking among the eligible" in block
    assert "champion" in block


def test_it_names_commands() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_it_names_exists_with_these_options(line: str) -> None:
    answer = CliRunner().invoke(app, [*shlex.split(line)[1:], "--help"])
    assert answer.exit_code == 0, answer.output


def test_a_file_it_points_to_exists() -> None:
    pointed = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert [name for name in pointed if not name.startswith("http") and not (README.parent / name).exists()] == []
