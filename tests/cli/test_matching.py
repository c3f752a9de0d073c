"""What 'match --check' and 'fidelity' print of targets."""

from dataclasses import replace

import pytest

from weilidai.cli import matching
from weilidai.matching.fidelity import Finding
from weilidai.matching.run import Standing
from weilidai.pipeline import matched

ONE = Finding(
    "D0.2.usage_density", "invited_gap.density", 0.03, 0.05, 0.04, 0.06, 0.005, "fit", "within", 0.5, "dense use", "",
    "D0", 2, "none", "because", bound="at_least",
)
FEW = replace(ONE, verdict="undecided")
OFF = replace(ONE, fact_id="D0.1.licaitong_rate", verdict="outside")


def test_undecided_targets_are_not_said_to_hold():
    assert matching._tally([ONE, ONE]) == "2 of 2 targets within their tolerance, none outside"
    assert matching._tally([ONE, FEW]) == (
        "1 of 2 targets within their tolerance, 1 beyond it by no more than chance, none outside"
    )
    assert matching._tally([OFF, ONE]).endswith("1 of 2 targets within their tolerance, 1 outside")


def test_what_is_not_known_is_a_dash():
    assert [matching._figure(value) for value in (0.05, 23456.0, float("nan"), float("inf"))] == [
        "0.05", "23,456", "-", "-",
    ]


def test_a_check_prints_both_groups_and_says_how_many_are_undecided(run, monkeypatch):
    monkeypatch.setattr(matched, "check_stored", lambda *_: Standing([], [ONE], [ONE, FEW]))
    ended = run("match", "--check", "--regime", "expansion")
    assert ended.code == 0
    assert "targets of expansion itself" in ended.out
    assert "that expansion leaves as they are" in ended.out
    assert "2 of 3 targets within their tolerance, 1 beyond it by no more than chance, none outside" in ended.out
    assert "every target" not in ended.out


def test_a_bound_is_shown_as_one(run, monkeypatch):
    monkeypatch.setattr(matched, "check_stored", lambda *_: Standing([], [ONE, replace(ONE, bound="at_most")]))
    shown = run("match", "--check").out
    assert ">= 0.03" in shown
    assert "<= 0.03" in shown


@pytest.mark.parametrize(("standing", "named"), [
    (Standing([], [ONE], [OFF]), "outside: D0.1.licaitong_rate"),
    (Standing(["lender.growth.intercept"], [ONE]), "numbers that changed: lender.growth.intercept"),
    (Standing([], [ONE], [], ["D0.2.usage_density"]), "targets that changed: D0.2.usage_density"),
])
def test_what_does_not_hold_ends_with_7_and_is_named(run, monkeypatch, standing, named):
    monkeypatch.setattr(matched, "check_stored", lambda *_: standing)
    ended = run("match", "--check", "--regime", "trial")
    assert ended.code == 7
    assert named in ended.err
