"""Telling how far long work has come."""

import io
import sys

import pytest

from weilidai import progress
from weilidai.progress import Bars, PlainLines, Silent, for_this_terminal


def test_plain_lines_tell_each_stage_and_its_time() -> None:
    out = io.StringIO()
    with PlainLines(out).stage("making people", 10) as advance:
        advance(5)
    assert out.getvalue().startswith("making people: 0.")


def test_long_stages_tell_how_far_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY_SECONDS", 0.0)
    out = io.StringIO()
    with PlainLines(out).stage("making people", 1000) as advance:
        advance(250)
    assert "making people: 250 of 1,000 (25%)" in out.getvalue()


def test_a_stage_that_fails_is_not_told_as_done() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="x"), PlainLines(out).stage("making people"):
        raise ValueError("x")
    assert out.getvalue() == ""


def test_nothing_of_it_reaches_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    for way in (PlainLines(), Bars(), Silent()):
        with way.stage("making people", 2) as advance:
            advance(1)
        way.say("done")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("done") == 2


def test_bars_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert isinstance(for_this_terminal(), Bars)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert isinstance(for_this_terminal(), PlainLines)
