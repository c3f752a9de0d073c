"""Documented against generated."""

import json

import numpy as np
import pytest

from weilidai.matching.crowd import Crowd
from weilidai.matching.fidelity import TWO_SIDED_95, VERDICTS, _spreads, findings, measured, verdict_on

REPEATS, PEOPLE, SHARE = 300, 1000, 0.15
HARDLY_ANYBODY = 5
"""So many people are all in one twentieth once in 160,000 times, three of them once in 400."""


@pytest.fixture(scope="module")
def found(book, realised):
    return findings(book, realised)


def test_every_target_is_judged_once(book, found):
    wanted = sorted((target.fact, target.moment) for target in book.targets())
    assert sorted((one.fact_id, one.moment) for one in found) == wanted


def test_a_finding_lies_in_its_interval_and_its_verdict_is_its_distance(found):
    for one in found:
        assert one.low <= one.got <= one.high
        assert (one.verdict == "within") == (abs(one.distance) <= 1 + 1e-9)
        if one.verdict == "undecided":
            assert one.low - one.tolerance <= one.wanted <= one.high + one.tolerance


def test_an_interval_is_endless_only_where_the_figure_hangs_on_hardly_anybody(found, realised):
    endless = {one.moment for one in found if np.isinf(one.low) or np.isinf(one.high)}
    everyone = np.arange(len(realised.columns["age_years"]))
    assert {moment: len(hang_on(moment, realised, everyone)) < HARDLY_ANYBODY for moment in endless} == dict.fromkeys(
        endless, True
    )


def hang_on(moment, crowd, among, gone=()):
    """Find as few people as may be of those asked about without whom the moment cannot be measured."""
    if np.isnan(without(moment, crowd, gone)):
        return []
    if len(among) == 1:
        return list(among)
    one, other = np.array_split(among, 2)
    later = hang_on(moment, crowd, other, (*gone, *one))
    return [*hang_on(moment, crowd, one, (*gone, *later)), *later]


def without(moment, crowd, gone):
    here = np.ones(len(crowd.columns["age_years"]), dtype=bool)
    here[list(gone)] = False
    return measured(moment, crowd.part(here))


def test_a_figure_of_one_person_has_an_endless_interval():
    opened = (np.arange(PEOPLE) == 0).astype(np.float32)
    crowd = Crowd({"age_years": np.full(PEOPLE, 30, np.float32)}, {"opened": opened, "overdue": opened}, {}, {})
    assert _spreads(["overdue_share"], crowd) == {"overdue_share": np.inf}
    assert verdict_on(-np.inf, 1.0, np.inf, 0, 0.1) == "undecided"


def test_the_worst_come_first(found):
    verdicts = [one.verdict for one in found]
    assert verdicts == sorted(verdicts, key=VERDICTS.index)


def test_findings_can_be_written_as_json(found):
    rows = json.loads(json.dumps([one.to_dict() for one in found], allow_nan=False))
    assert rows[0]["fact_id"] == found[0].fact_id


def test_what_cannot_be_measured_is_outside(book, realised):
    nobody = Crowd(realised.columns, {n: w * 0 for n, w in realised.weights.items()}, realised.logits, realised.marks)
    one = next(f for f in findings(book, nobody.part(np.arange(4000))) if f.moment == "overdue_share")
    assert one.verdict == "outside"
    assert one.to_dict()["got"] is None


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    draw, covered = np.random.default_rng(6), 0
    for _ in range(REPEATS):
        invited = (draw.random(PEOPLE) < SHARE).astype(np.float32)
        crowd = Crowd({"age_years": np.full(PEOPLE, 30, np.float32)}, {"invited": invited}, {}, {})
        covered += abs(invited.mean() - SHARE) <= TWO_SIDED_95 * _spreads(["invited_share"], crowd)["invited_share"]
    assert 0.88 < covered / REPEATS < 0.98


def test_a_value_beyond_its_tolerance_is_undecided_until_its_interval_is_beyond_it_too():
    assert verdict_on(0.9, 1.0, 1.1, 0.8, 1.2) == "within"
    assert verdict_on(1.1, 1.3, 1.5, 0.8, 1.2) == "undecided"
    assert verdict_on(1.25, 1.3, 1.35, 0.8, 1.2) == "outside"
    assert verdict_on(float("nan"), float("nan"), float("nan"), 0.8, 1.2) == "outside"
    assert verdict_on(1.25, 1.3, 1.35, 0.8, float("inf")) == "within"
