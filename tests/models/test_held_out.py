"""Widths come from people whom the trees have not learnt from."""

import numpy as np
import pytest

from weilidai.models import boosting
from weilidai.models.boosting import Labelled
from weilidai.models.features import Features
from weilidai.models.held_out import Held, hold_out, learn_spread, spread_of_held
from weilidai.models.settings import QuotaSettings

FEATURES = Features(("friend_count", "monthly_spend_cny"), (0, 0), {})
RANDOM = np.random.default_rng(8)
SETTINGS = QuotaSettings(num_iterations=60, learning_rate=0.3, min_data_in_leaf=5, num_leaves=31, max_depth=8,
                         interval_folds=4, spread_iterations=20)  # fmt: skip


def drawn(people: int) -> Labelled:
    """People whose label is noise of one size: whatever trees find in it, they have learnt by heart."""
    return Labelled(RANDOM.random((people, 2)).astype(np.float32), RANDOM.normal(8, 0.3, people))


LEARNT, WATCHED = drawn(600), drawn(200)


@pytest.fixture(scope="module")
def held() -> Held:
    return hold_out(LEARNT, WATCHED, FEATURES, SETTINGS, wanted=600)


def test_people_held_out_lie_as_far_away_as_strangers(held: Held) -> None:
    free = SETTINGS.model_copy(update={"early_stopping_round": 60})
    booster = boosting.grow("regression", LEARNT, LEARNT, FEATURES, free)
    by_heart = Held.of(LEARNT, boosting.score(booster, LEARNT.features)).missed.label.mean()
    assert by_heart < 0.8 * held.missed.label.mean()
    assert held.missed.label.mean() > 0.3 * np.sqrt(2 / np.pi) * 0.9


def test_only_as_many_parts_are_held_out_as_are_wanted() -> None:
    some = hold_out(LEARNT, WATCHED, FEATURES, SETTINGS, wanted=200)
    assert len(some) == 300
    assert set(some.place % SETTINGS.interval_folds) == {0, 1}
    assert len(hold_out(LEARNT, WATCHED, FEATURES, SETTINGS, wanted=0)) == 0


def test_nobody_is_held_out_where_trees_need_them_all() -> None:
    few = SETTINGS.model_copy(update={"min_data_in_leaf": 200})
    assert len(hold_out(LEARNT, WATCHED, FEATURES, few, wanted=600)) == 0


def test_a_spread_is_never_below_its_floor(held: Held) -> None:
    far = Held.of(WATCHED, np.full(len(WATCHED.label), 8.0)).missed
    spread = learn_spread(held.missed, far, FEATURES, SETTINGS)
    assert (spread.of(LEARNT.features) >= spread.floor).all()
    assert spread.floor == pytest.approx(0.1 * far.label.mean())


def test_everybody_held_out_gets_a_spread_and_nobody_none(held: Held) -> None:
    told = spread_of_held(held, held.missed, FEATURES, SETTINGS)
    assert told.shape == (600,)
    assert np.isfinite(told).all()
    nobody = hold_out(LEARNT, WATCHED, FEATURES, SETTINGS, wanted=0)
    assert spread_of_held(nobody, held.missed, FEATURES, SETTINGS).shape == (0,)
