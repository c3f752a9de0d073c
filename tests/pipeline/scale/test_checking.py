import pytest

from weilidai.errors import ConfigError
from weilidai.facts import load_book
from weilidai.matching import MatchSettings, load_parameters
from weilidai.matching.fidelity import Finding
from weilidai.matching.run import judge
from weilidai.noise import BLOCK
from weilidai.pipeline.scale.checking import check_on_workers, judge_on_workers, pieces_of
from weilidai.pipeline.scale.cluster import Workers

SETTINGS = MatchSettings(check_people=4 * BLOCK, check_seed=17)


def key_of(one: Finding) -> tuple[str, str, float, str]:
    return one.fact_id, one.moment, one.wanted, one.bound


@pytest.mark.slow
def test_two_workers_find_of_every_target_what_one_process_finds(workers: Workers) -> None:
    parameters, book, told = load_parameters(), load_book(), list[int]()
    alone = {key_of(one): one for one in judge(parameters, book, SETTINGS)}
    found = judge_on_workers(workers, parameters, book, SETTINGS, told.append)
    assert len(found) == len(alone) == len(book.targets())
    for one in found:
        other = alone[key_of(one)]
        for name in ("got", "low", "high"):
            expected = getattr(other, name)
            assert getattr(one, name) == pytest.approx(expected, rel=1e-4, abs=1e-6, nan_ok=True), one.fact_id
        assert one.verdict == other.verdict
    assert told == sorted(told)
    assert told[-1] == 3 * SETTINGS.check_people


def test_another_regime_is_left_to_one_process(workers: Workers) -> None:
    with pytest.raises(ConfigError, match="workers check the reference only"):
        check_on_workers(workers, load_parameters("contraction"), load_book(), SETTINGS, lambda _: None)


@pytest.mark.parametrize(("people", "at_once", "expected"), [
    (1, 1_000, [range(1)]),
    (2 * BLOCK + 1, BLOCK, [range(1), range(1, 2), range(2, 3)]),
    (5 * BLOCK, 2 * BLOCK, [range(2), range(2, 4), range(4, 5)]),
])  # fmt: skip
def test_people_are_cut_into_whole_blocks(people: int, at_once: int, expected: list[range]) -> None:
    assert pieces_of(people, at_once) == expected
