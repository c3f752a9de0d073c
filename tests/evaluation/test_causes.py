import numpy as np
import pytest

from weilidai.evaluation.bootstrap import Measured
from weilidai.evaluation.causes import CAUSES, LADDER, split_regret

LOSSES = dict(zip(LADDER, (1.0, 0.9, 0.4, 0.45, 0.2), strict=True))


def measured(values: dict[str, float]) -> Measured:
    named = {f"{who}.loss": value for who, value in values.items()}
    return Measured(named, {name: value + np.array([-0.01, 0.0, 0.01]) for name, value in named.items()}, 0.9)


def test_causes_add_up_to_the_whole_regret() -> None:
    table = split_regret(measured(LOSSES), "loss").set_index("cause")
    assert table.loc[list(CAUSES), "value"].sum() == pytest.approx(table.loc["total", "value"]) == 1.0
    assert table.loc[list(CAUSES), "share"].sum() == pytest.approx(1)


def test_each_cause_is_the_fall_between_its_rungs() -> None:
    table = split_regret(measured(LOSSES), "loss").set_index("cause")["value"]
    falls = {"calibration": 0.1, "sample_size": 0.5, "hidden_columns": -0.05, "settings": 0.25, "model_form": 0.2}
    assert table.drop(index="total").to_dict() == pytest.approx(falls)


def test_a_metric_that_grows_with_quality_is_split_from_the_truth_down() -> None:
    values = {**dict(zip(LADDER, (0.8, 0.8, 0.85, 0.86, 0.87), strict=True)), "truth": 0.9}
    table = split_regret(measured(values), "loss", larger_is_better=True).set_index("cause")["value"]
    assert table["total"] == pytest.approx(0.1)
    assert table["model_form"] == pytest.approx(0.03)


def test_draws_are_paired_so_a_shift_of_all_rungs_is_no_doubt() -> None:
    table = split_regret(measured(LOSSES), "loss").set_index("cause")
    assert table.loc["sample_size", "low"] == pytest.approx(table.loc["sample_size", "high"])
