"""What a regime keeps of the reference's figures, and what it moves."""

import math
from fnmatch import fnmatchcase

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.errors import ConfigError
from weilidai.lender import LenderParameters
from weilidai.matching.crowd import Crowd
from weilidai.matching.fidelity import findings, measured
from weilidai.matching.regime_findings import kept_findings, kept_targets, moved_findings
from weilidai.matching.regimes import Moved, apply_regime, load_regime, regime_names, why_moved
from weilidai.matching.simulated import marks_of, populate, realised_crowd
from weilidai.population import PopulationParameters

BLOCKS, SEED, FEW = 16, 77, 4000
OTHERS = [name for name in regime_names() if name != "optimisation"]


@pytest.fixture(scope="module")
def many():
    return populate(current_numbers().part("population", PopulationParameters), SEED, BLOCKS)


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_regime_does_not_move_still_holds_under_it(name, many, book):
    numbers = current_numbers(name)
    crowd = realised_crowd(many, numbers.part("lender", LenderParameters), SEED, marks_of(numbers, book))
    regime = load_regime(name)
    beyond = [target for target in kept_targets(regime, book) if not target.holds(measured(target.moment, crowd))]
    judged = kept_findings(regime, book, crowd, beyond)  # an interval is dear, and what is within needs none
    assert [(one.fact_id, one.got) for one in judged if one.verdict == "outside"] == []


@pytest.mark.parametrize("name", OTHERS)
def test_every_figure_of_the_reference_is_kept_or_moved_or_has_a_figure_of_the_regime(name, book, realised):
    regime = load_regime(name)
    own = {target.moment for target in regime.targets}
    kept = {target.moment for target in kept_targets(regime, book)}
    moved = {one.moment for one in moved_findings(regime, book, realised)}
    assert not kept & moved
    assert kept | moved | own >= {target.moment for target in book.targets()}


def test_the_reference_moves_nothing(book, realised):
    regime = load_regime("optimisation")
    assert moved_findings(regime, book, realised) == []
    kept, judged = ([one.to_dict() for one in some] for some in (kept_findings(regime, book, realised),
                                                                 findings(book, realised)))
    assert kept == judged


def test_a_rule_about_people_whom_a_regime_has_none_of_is_undecided_and_a_steering_figure_outside(book, realised):
    nobody = Crowd(realised.columns, {n: w * 0 for n, w in realised.weights.items()}, realised.logits, realised.marks)
    few = nobody.part(np.arange(FEW))
    of_nobody = [one for one in kept_findings(load_regime("contraction"), book, few) if math.isnan(one.got)]
    assert {(one.role, one.verdict) for one in of_nobody} == {("check", "undecided"), ("fit", "outside")}
    reference = [one for one in kept_findings(load_regime("optimisation"), book, few) if math.isnan(one.got)]
    assert {one.verdict for one in reference} == {"outside"}


def test_a_moved_figure_carries_the_reason_of_its_regime(book, realised):
    for one in moved_findings(load_regime("trial"), book, realised):
        assert one.verdict == "moved"
        assert one.why == why_moved(load_regime("trial"), one.moment)


@pytest.mark.parametrize("name", OTHERS)
def test_no_regime_moves_what_no_target_measures(name, book):
    measured = {target.moment for target in book.targets()}
    for moved in load_regime(name).moved:
        for pattern in moved.moments:
            assert any(fnmatchcase(moment, pattern) for moment in measured), pattern


def test_a_moved_figure_that_does_not_exist_is_refused_with_the_near_name(stored, book):
    regime = load_regime("trial").model_copy(update={"moved": (Moved(moments=("invited_shares",), why="x"),)})
    with pytest.raises(ConfigError, match="invited_share"):
        apply_regime(stored, regime, book)
