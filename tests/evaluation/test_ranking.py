import numpy as np
import pytest

from weilidai.evaluation.ranking import Ranking, area, variance_share


def test_people_of_one_score_are_gathered_together() -> None:
    ranking = Ranking(np.array([0.2, 0.9, 0.2, 0.5]))
    assert ranking.order.tolist() == [1, 3, 0, 2]
    assert ranking.gathered(np.ones(4)).tolist() == [1.0, 2.0, 4.0]


def test_the_area_counts_a_tie_half() -> None:
    assert area(np.array([1.0]), np.array([1.0])) == 0.5
    assert area(np.array([0.0, 1.0]), np.array([1.0, 1.0])) == 1.0


def test_losing_the_variance_itself_is_losing_all_of_it() -> None:
    actual, counts = np.array([1.0, 2.0, 6.0]), np.array([2.0, 1.0, 1.0])
    mean = np.average(actual, weights=counts)
    assert variance_share((actual - mean) ** 2, actual, counts) == pytest.approx(1)
    assert np.isnan(variance_share(np.ones(3), np.ones(3), counts))
