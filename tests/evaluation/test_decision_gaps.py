from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.evaluation.bootstrap import measure
from weilidai.evaluation.decision_gaps import RATES, decision_gaps
from weilidai.evaluation.settings import EvaluationSettings

SETTINGS = EvaluationSettings(replicates=300, slice_minimum=50)


def test_rates_and_gaps_are_those_counted_by_hand(known: SimpleNamespace) -> None:
    decision = known.model > 0.5
    row = decision_gaps(known.people, known.label, decision, SETTINGS).set_index(["slice", "group"])
    one, who = row.loc[("region", "northeast")], (known.people["region"] == "northeast").to_numpy()
    expected = {
        "selected": decision, "invited": known.label, "reached": decision[known.label],
        "false_alarm": decision[~known.label],
    }
    members = {"selected": who, "invited": who, "reached": who[known.label], "false_alarm": who[~known.label]}
    for rate in RATES:
        ours, theirs = expected[rate][members[rate]].mean(), expected[rate][~members[rate]].mean()
        assert one[rate] == pytest.approx(ours)
        assert one[f"{rate}_gap"] == pytest.approx(ours - theirs)


def test_drawing_counts_is_drawing_people(known: SimpleNamespace) -> None:
    decision, who = known.model > 0.5, (~known.people["has_bureau_record"]).to_numpy()
    table = decision_gaps(known.people, known.label, decision, SETTINGS).set_index("group")

    class Gap:
        def metrics(self, weight: np.ndarray | None = None) -> dict[str, float]:
            counts = np.ones(len(who)) if weight is None else weight
            return {"gap": float(np.average(decision[who], weights=counts[who])
                                 - np.average(decision[~who], weights=counts[~who]))}

    people = measure({"of": Gap()}, len(who), replicates=300, level=0.95, seed=1).interval("of.gap")
    one = table.loc["thin file"]
    width = people.high - people.low
    assert one["selected_gap_high"] - one["selected_gap_low"] == pytest.approx(width, rel=0.25)


def test_alike_groups_differ_by_no_more_than_chance(known: SimpleNamespace) -> None:
    table = decision_gaps(known.people, known.label, known.model > 0.5, SETTINGS)
    beyond = (table["selected_gap_low"] > 0) | (table["selected_gap_high"] < 0)
    assert beyond.mean() < 0.25


def test_a_group_that_is_shut_out_shows(known: SimpleNamespace) -> None:
    decision = (known.model > 0.5) & (known.people["user_type"] != "student").to_numpy()
    table = decision_gaps(known.people, known.label, decision, SETTINGS).set_index("group")
    assert table.loc["student", "reached"] == 0
    assert table.loc["student", "reached_gap_high"] < -0.3


def test_small_groups_are_left_out(known: SimpleNamespace) -> None:
    settings = EvaluationSettings(replicates=10, slice_minimum=3000)
    assert (decision_gaps(known.people, known.label, known.model > 0.5, settings)["people"] >= 3000).all()
