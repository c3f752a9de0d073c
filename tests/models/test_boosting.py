import numpy as np
import pytest

from weilidai.columns import LEVELS
from weilidai.errors import DataError, ModelError
from weilidai.models.boosting import FEW_PEOPLE, Labelled, contributions, grow, read_booster, score
from weilidai.models.features import Features
from weilidai.models.settings import TreeSettings

FEATURES = Features(("daily_open_count", "region"), (1, 0), {"region": LEVELS["region"]})
SETTINGS = TreeSettings(num_iterations=30, early_stopping_round=5, min_data_in_leaf=20, num_threads=1)


def sample(people: int, seed: int) -> Labelled:
    random = np.random.default_rng(seed)
    matrix = np.stack([random.uniform(0, 10, people), random.integers(0, 4, people)], axis=1).astype(np.float32)
    return Labelled(matrix, matrix[:, 0] + 3.0 * (matrix[:, 1] == 2) + random.normal(size=people))


TRAIN, VALID = sample(1500, 1), sample(500, 2)


def test_the_same_people_and_seed_give_the_same_trees() -> None:
    one, other = (grow("regression", TRAIN, VALID, FEATURES, SETTINGS).model_to_string() for _ in range(2))
    assert one == other


def test_another_seed_gives_other_trees() -> None:
    other = SETTINGS.model_copy(update={"seed": SETTINGS.seed + 1})
    one, two = (grow("regression", TRAIN, VALID, FEATURES, s).model_to_string() for s in (SETTINGS, other))
    assert one != two


def test_a_grown_model_and_its_text_score_the_same_to_the_last_digit() -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    again = read_booster(booster.model_to_string(), FEATURES)
    assert np.array_equal(score(booster, VALID.features), score(again, VALID.features))


def test_few_people_score_to_the_last_digit_as_they_do_among_many() -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    assert len(TRAIN.features) > FEW_PEOPLE
    for figures in (score, contributions):
        assert np.array_equal(figures(booster, TRAIN.features[:7]), figures(booster, TRAIN.features)[:7])


def test_few_people_start_no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    asked: list[object] = []
    predict = booster.predict
    monkeypatch.setattr(booster, "predict", lambda *a, **k: asked.append(k.get("num_threads")) or predict(*a, **k))
    score(booster, TRAIN.features[: FEW_PEOPLE - 1])
    score(booster, TRAIN.features[:FEW_PEOPLE])
    assert asked == [1, None]


def test_growing_stops_at_the_best_tree_when_the_validation_people_stop_gaining() -> None:
    noise = Labelled(TRAIN.features, np.random.default_rng(1).normal(size=len(TRAIN.label)))
    booster = grow("regression", noise, VALID, FEATURES, SETTINGS)
    assert booster.num_trees() < SETTINGS.num_iterations - SETTINGS.early_stopping_round


def test_progress_counts_trees_and_tells_a_falling_loss() -> None:
    told: list[tuple[int, int, float]] = []
    grow("regression", TRAIN, VALID, FEATURES, SETTINGS, on_iteration=lambda *step: told.append(step))
    assert [step[0] for step in told] == list(range(1, len(told) + 1))
    assert {step[1] for step in told} == {30}
    assert told[-1][2] < told[0][2]


def test_an_interruption_in_the_display_ends_the_growing() -> None:
    def interrupt(*_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grow("regression", TRAIN, VALID, FEATURES, SETTINGS, on_iteration=interrupt)


def test_contributions_add_up_to_the_score() -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    shared = contributions(booster, VALID.features)
    assert shared.shape == (500, 3)
    assert np.abs(shared.sum(axis=1) - score(booster, VALID.features)).max() < 1e-9


def test_nobody_gives_no_score_and_no_contribution() -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    nobody = VALID.features[:0]
    assert score(booster, nobody).shape == (0,)
    assert contributions(booster, nobody).shape == (0, 3)


def test_trees_of_other_columns_are_refused() -> None:
    booster = grow("regression", TRAIN, VALID, FEATURES, SETTINGS)
    other = Features(("friend_count", "region"), (1, 0), {"region": LEVELS["region"]})
    with pytest.raises(ModelError, match="grown on other columns"):
        read_booster(booster.model_to_string(), other)


@pytest.mark.parametrize("label", [np.nan, np.inf])
def test_a_label_that_is_no_number_is_refused_before_lightgbm_swallows_it(label: float) -> None:
    with pytest.raises(DataError, match="1 labels are missing or infinite"):
        Labelled(TRAIN.features, np.where(np.arange(len(TRAIN.label)) == 4, label, TRAIN.label))
