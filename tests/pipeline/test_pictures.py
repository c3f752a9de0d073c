"""The pictures of generated people, for notebooks."""

from dataclasses import replace

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.pipeline.fidelity.looks import look_at
from weilidai.pipeline.fidelity.pictures import (
    correlations_figure,
    numbers_figure,
    regimes_figure,
    regimes_table,
    spreads_figure,
    targets_figure,
)
from weilidai.pipeline.fidelity.report import hold_against_documents
from weilidai.pipeline.simulate import simulate

ROWS, SEED = 8_000, 5


@pytest.fixture(scope="module")
def made():
    return {name: simulate(current_numbers(name), ROWS, SEED) for name in ("trial", "optimisation")}


@pytest.fixture(scope="module")
def report(made):
    return hold_against_documents(*made["optimisation"], current_numbers())


@pytest.fixture(scope="module")
def people(made):
    return {name: applicants for name, (applicants, _) in made.items()}


def test_every_column_has_a_picture_of_its_own(report):
    assert len(spreads_figure(report.looks).axes) == len(report.looks.spreads)


def test_a_column_of_which_nobody_has_a_value_is_drawn_all_the_same(people):
    looks = look_at(people["optimisation"].assign(pay_score=np.nan))
    figure = spreads_figure(looks)
    figure.draw_without_rendering()
    assert any("missing 100%" in axes.get_title() for axes in figure.axes)


def test_the_correlations_have_a_row_and_a_column_for_each_name(report):
    axes = correlations_figure(report.looks).axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == list(report.looks.columns)


def test_regimes_are_compared_over_the_same_people(people):
    table = regimes_table(people)
    assert list(table.columns) == ["trial", "optimisation"]
    assert table.loc["mean first grant (yuan)", "trial"] == 500
    assert table.loc["invited, of all", "trial"] == people["trial"]["is_invited"].mean()
    assert table.loc["invited, of all", "trial"] < table.loc["invited, of all", "optimisation"]
    assert len(regimes_figure(people).axes) == len(table)


def test_the_farthest_targets_are_drawn_and_what_cannot_be_measured_is_not(report):
    lost = replace(report.findings[0], got=float("nan"))
    drawn = targets_figure([lost, *report.findings[1:]], most=10).axes[0]
    assert len(drawn.get_yticks()) == 10


def test_only_numbers_with_a_measured_spread_are_drawn(report):
    unknown = [replace(one, spread=None) for one in report.numbers[:3]]
    drawn = numbers_figure([*unknown, *report.numbers[3:]]).axes[0]
    assert len(drawn.patches) == sum(one.spread is not None for one in report.numbers[3:])
