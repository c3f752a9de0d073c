from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.errors import ConfigError
from weilidai.evaluation.bootstrap import Measured, measure
from weilidai.evaluation.invite_metrics import InviteScores


class Mean:
    """The mean of some numbers, the one statistic whose bootstrap is known by heart."""

    def __init__(self, numbers: np.ndarray) -> None:
        self.numbers = numbers

    def metrics(self, weight: np.ndarray | None = None) -> dict[str, float]:
        return {"mean": float(np.average(self.numbers, weights=weight))}


NUMBERS = np.random.default_rng(6).normal(3, 2, 1000)


def measured(replicates: int = 2000, seed: int = 1) -> Measured:
    scored = {"one": Mean(NUMBERS), "other": Mean(NUMBERS + 0.1)}
    return measure(scored, len(NUMBERS), replicates=replicates, level=0.95, seed=seed)


def test_the_range_of_a_mean_is_the_one_of_the_textbook() -> None:
    interval = measured().interval("one.mean")
    reach = 1.96 * NUMBERS.std() / np.sqrt(len(NUMBERS))
    assert interval.value == pytest.approx(NUMBERS.mean())
    assert (interval.low, interval.high) == pytest.approx((interval.value - reach, interval.value + reach), abs=0.015)


def test_a_difference_on_the_same_people_is_far_surer_than_either_value() -> None:
    difference = measured().difference("other.mean", "one.mean")
    assert (difference.low, difference.high) == pytest.approx((0.1, 0.1))
    assert difference.excludes(0)
    assert not measured().interval("other.mean").excludes(measured().values["one.mean"])


def test_the_same_seed_draws_the_same_people_and_another_seed_others() -> None:
    one, again, other = (measured(50, seed).draws["one.mean"] for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_without_draws_there_is_a_value_and_no_range() -> None:
    interval = measured(replicates=0).interval("one.mean")
    assert interval.value == pytest.approx(NUMBERS.mean())
    assert np.isnan(interval.low)


def test_asking_for_what_was_not_measured_names_the_near_word() -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'one\.mean'"):
        measured(replicates=1).interval("one.meen")


def test_the_range_of_an_auc_covers_what_another_sample_shows(known: SimpleNamespace) -> None:
    halves = [np.arange(len(known.label)) % 2 == half for half in (0, 1)]
    scored = [InviteScores(known.label[half], known.model[half]) for half in halves]
    interval = measure({"a": scored[0]}, int(halves[0].sum()), replicates=200, level=0.999, seed=1).interval("a.auc")
    assert interval.low < scored[1].metrics()["auc"] < interval.high
    assert 0 < interval.high - interval.low < 0.1
