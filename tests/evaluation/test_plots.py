import subprocess
import sys
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from weilidai.evaluation.plots import dimension_plot, quota_plot, reliability_plot, roc_plot, stability_plot


def saved(figure: Figure) -> bytes:
    page = BytesIO()
    figure.savefig(page, format="png")
    return page.getvalue()


def test_the_ranking_plot_shows_the_ceiling_above_the_model(known: SimpleNamespace) -> None:
    scores = {"ceiling": known.truth, "test": known.model, "baseline.documented_rules": known.noise}
    figure = roc_plot(known.label, scores)
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    names = ("truth (ceiling)", "model", "documented rules")
    ceiling, model, rules = (np.trapezoid(lines[name].get_ydata(), lines[name].get_xdata()) for name in names)
    assert ceiling > model > rules
    assert saved(figure).startswith(b"\x89PNG")


def test_the_calibration_plot_of_the_truth_lies_on_the_diagonal(known: SimpleNamespace) -> None:
    figure = reliability_plot(known.label, known.truth)
    points = figure.axes[0].lines[1]
    assert np.abs(np.subtract(points.get_xdata(), points.get_ydata())).max() < 0.15
    assert saved(figure)


@pytest.mark.parametrize("people", [3, 3000])
def test_grants_are_drawn_for_few_people_and_for_many(people: int) -> None:
    actual = np.exp(np.random.default_rng(1).normal(9, 0.5, people))
    assert saved(quota_plot(actual, actual * 1.1, actual * 0.7, actual * 1.5))


def test_every_dimension_has_a_bar_for_each_source() -> None:
    shares = pd.DataFrame({"documented": [0.4, np.nan], "ceiling": [0.5, 0.5], "test": [0.3, 0.7]}, index=["a", "b"])
    figure = dimension_plot(shares)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["a", "b"]
    assert len(figure.axes[0].patches) == 6
    assert saved(figure)


def test_months_are_drawn_with_the_usual_marks() -> None:
    figure = stability_plot(pd.DataFrame({"month": ["2021-10", "2021-11"], "psi": [0.01, 0.2]}))
    assert [line.get_ydata()[0] for line in figure.axes[0].lines[1:]] == [0.1, 0.25]
    assert saved(figure)


def test_matplotlib_is_loaded_only_when_a_plot_is_drawn() -> None:
    code = "import sys, weilidai.evaluation.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
