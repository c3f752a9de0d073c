"""What a comparison looks like on a terminal of ordinary width."""

import pytest

from weilidai.cli.comparing import _at_dots, show_comparison
from weilidai.evaluation.bootstrap import Interval
from weilidai.pipeline.looking_back import Comparison
from weilidai.pipeline.paired import PairedDifference
from weilidai.tracking.listing import RunRow, compare

AUC = "test.invite_eligible.auc"
GATE = "evaluation.gates.near_the_ceiling_among_the_eligible.at_least"
NAME = "train, 30,000 people, seed 20210"


def row(number: int, name: str = NAME, people: str = "same") -> RunRow:
    auc = 0.8 + number / 100
    metrics = {AUC: auc, f"{AUC}_low": auc - 0.0123, f"{AUC}_high": auc + 0.0123}
    return RunRow(str(number) * 32, name, "FINISHED", None, 1.0, None, {GATE: f"0.9{number}"}, metrics, {}, people)


def gap(number: int, size: float) -> PairedDifference:
    between = Interval(size, size - 0.001, size + 0.001)
    return PairedDifference(str(number) * 32, NAME, AUC, 0.81, 0.81 + size, between)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    rows = [row(1), row(2), row(3), row(4, "quick, 20,000 people, seed 1", "others")]
    show_comparison(Comparison(rows, compare(rows), (gap(2, 0.01), gap(3, -0.02)), (rows[3],)))
    return capsys.readouterr().out


def test_four_runs_are_readable_side_by_side(shown: str) -> None:
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) < 30
    for told in (NAME, "11111111", "0.81", "0.8223", "0.94"):
        assert any(told in line for line in lines), told


def test_a_long_name_of_a_setting_is_broken_where_it_can_be_read(shown: str) -> None:
    beginnings = [line[:22].strip() for line in shown.splitlines()]
    at = beginnings.index("evaluation.gates.near_")
    assert beginnings[at + 1 : at + 4] == ["the_ceiling_among_", "the_eligible.at_", "least"]


def test_runs_of_one_name_are_held_against_the_first_one_by_one(shown: str) -> None:
    second, third = shown.index("2 less 1"), shown.index("3 less 1")
    assert "better" in shown[second:third]
    assert "worse" not in shown[second:third]
    assert "worse" in shown[third:]


def test_a_run_of_other_people_is_told_by_its_number(shown: str) -> None:
    assert "4 was judged on other people than 1" in shown


def test_a_name_that_cannot_be_broken_leaves_no_empty_line() -> None:
    assert _at_dots("a_name_without_end.intersectionalities", 12).splitlines()[-1] == "  intersectionalities"
