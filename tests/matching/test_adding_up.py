"""Every documented moment, measured over parts of the people and on all of them at once."""

import numpy as np
import pytest

from weilidai.facts import load_book
from weilidai.matching import load_parameters
from weilidai.matching.adding_up import Measured, Part, add_up, chosen, tell
from weilidai.matching.crowd import Crowd, joined
from weilidai.matching.fidelity import GROUPS, measured
from weilidai.matching.moments import MOMENTS
from weilidai.matching.simulated import marks_of, unseen_crowd
from weilidai.noise import BLOCK

SEED = 99
CUTS = (range(1), range(1, 3), range(3, 4))


@pytest.fixture(scope="module")
def crowds() -> list[Crowd]:
    parameters = load_parameters()
    marks = marks_of(parameters, load_book())
    return [unseen_crowd(parameters, SEED, numbers, marks) for numbers in CUTS]


@pytest.fixture(scope="module")
def whole(crowds: list[Crowd]) -> Crowd:
    return joined(crowds)


@pytest.fixture(scope="module")
def added(crowds: list[Crowd]) -> tuple[dict[str, Measured], dict[str, frozenset[tuple[str, str]]]]:
    parts = [Part.of(crowd, numbers.start * BLOCK) for crowd, numbers in zip(crowds, CUTS, strict=True)]
    sample = Part.of(crowds[0].part(np.arange(BLOCK) < 50), 0)
    return add_up(MOMENTS, lambda known: [tell(part, known) for part in parts], sample)


def test_every_moment_either_adds_up_or_says_what_it_reads(added, whole) -> None:
    found, others = added
    assert found.keys() | others.keys() == MOMENTS.keys()
    assert not found.keys() & others.keys()
    assert len(found) > 0.75 * len(MOMENTS)
    for name, reads in others.items():
        assert measured(name, chosen(whole, reads)) == pytest.approx(measured(name, whole), nan_ok=True), name


def test_sums_over_parts_give_what_the_whole_gives(added, whole) -> None:
    for name, one in added[0].items():
        assert one.value == pytest.approx(measured(name, whole), rel=1e-5, abs=1e-7, nan_ok=True), name


def test_leaving_a_group_out_gives_what_the_whole_without_it_gives(added, whole) -> None:
    group = np.arange(len(whole.columns["age_years"])) % GROUPS
    for left_out in (0, 7):
        rest = whole.part(group != left_out)
        for name, one in added[0].items():
            expected = measured(name, rest)
            assert one.without[left_out] == pytest.approx(expected, rel=1e-4, abs=1e-7, nan_ok=True), name


def test_a_median_does_not_add_up_and_is_found_out(crowds, monkeypatch: pytest.MonkeyPatch) -> None:
    def median(crowd: Crowd) -> float:
        return float(np.median(np.asarray(crowd.columns["age_years"])))

    def head_count(crowd: Crowd) -> float:
        return float(crowd.weights["eligible"].sum() / len(crowd.columns["age_years"]))

    odd = {"a.median": median, "a.head_count": head_count}
    monkeypatch.setattr("weilidai.matching.fidelity.MOMENTS", odd)
    parts = [Part.of(crowd, 0) for crowd in crowds]
    sample = Part.of(crowds[0].part(np.arange(BLOCK) < 50), 0)
    found, others = add_up(odd, lambda known: [tell(part, known) for part in parts], sample)
    assert found == {}
    assert others == {
        "a.median": {("columns", "age_years")}, "a.head_count": {("weights", "eligible"), ("columns", "age_years")},
    }
