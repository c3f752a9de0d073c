import numpy as np
import pytest

from weilidai.errors import ModelError
from weilidai.explain.swarm import PEOPLE_SHOWN, swarm_plot

FEATURES = ["daily_open_count", "overdue_count_24m", "city_tier"]


def drawn(people: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    return random.normal(size=(people, 4)) * [3, 1, 0.1, 0], random.normal(size=(people, 3))


def test_columns_stand_in_the_order_of_their_weight_under_their_names() -> None:
    figure = swarm_plot(*drawn(50), FEATURES)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    expected = ["opens of WeChat a day", "overdue events in 24 months", "city tier"]
    assert [name for name in names if name][::-1] == expected


def test_the_picture_does_not_grow_with_the_people() -> None:
    figure = swarm_plot(*drawn(3 * PEOPLE_SHOWN), FEATURES)
    points = sum(len(cloud.get_offsets()) for cloud in figure.axes[0].collections)
    assert 0 < points <= 2 * 3 * PEOPLE_SHOWN


def test_contributions_of_other_columns_are_refused() -> None:
    contributions, values = drawn(5)
    with pytest.raises(ModelError):
        swarm_plot(contributions, values, FEATURES[:2])
