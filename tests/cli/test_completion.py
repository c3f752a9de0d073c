"""What the tab key offers, asked as the shells ask."""

import os
import subprocess
import sys

import pytest

WEILIDAI = (sys.executable, "-c", "from weilidai.cli import main; main()")


def asked(**environment: str) -> str:
    done = subprocess.run(
        WEILIDAI, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize(("typed", "offered"), [
    ("weilidai tr", "train"), ("weilidai a", "ask"), ("weilidai train --dr", "--dry-run"),
    ("weilidai predict --re", "--reasons"), ("weilidai ask wh", "why-not"),
])  # fmt: skip
def test_the_tab_key_offers_commands_and_options(typed, offered):
    words = typed.split()
    told = asked(_WEILIDAI_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))
    assert offered in told.split()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_a_script_of_its_own(shell):
    assert "_WEILIDAI_COMPLETE" in asked(_WEILIDAI_COMPLETE=f"source_{shell}")


def test_the_first_help_page_says_how_to_switch_it_on(run):
    told = run("--help").out
    assert "--install-completion" in told
    assert "--show-completion" in told
