"""People whose risk is one column, and a lender who lets in those of low risk."""

import numpy as np
import pytest
from scipy.special import expit

from weilidai.evaluation.study_settings import SelectiveLabelsSettings
from weilidai.pipeline.studies.reject_inference import METHODS, Past
from weilidai.pipeline.studies.risk_learning import chance, learn, scale_of

SETTINGS = SelectiveLabelsSettings(explored_share=0.05)
PEOPLE = 6000


@pytest.fixture(scope="module")
def past() -> Past:
    random = np.random.default_rng(4)
    signal = random.normal(size=PEOPLE)
    is_bad = random.random(PEOPLE) < expit(-2 + signal)
    is_opened = random.random(PEOPLE) < expit(-1 - 1.5 * signal)
    explored = ~is_opened & (random.random(PEOPLE) < 0.05)
    design = np.stack([signal, random.normal(size=PEOPLE)], axis=1)
    return Past(design, np.ones(PEOPLE), is_opened, is_bad, explored, 0.05)


def sealed(past: Past) -> Past:
    """The same past with every outcome turned round that a method must not read."""
    known = past.is_opened | past.is_explored
    turned = np.where(known, past.is_bad, ~past.is_bad)
    return Past(past.design, past.stands_for, past.is_opened, turned, past.is_explored, past.explored_share)


@pytest.mark.parametrize("name", [name for name in METHODS if name != "all_outcomes"])
def test_no_method_reads_an_outcome_nobody_has(name: str, past: Past) -> None:
    one, other = (METHODS[name](p, SETTINGS, np.random.default_rng(1)) for p in (past, sealed(past)))
    assert (one.is_bad == other.is_bad).all()
    assert (one.weight == other.weight).all()


@pytest.mark.parametrize("name", ["none", "augmentation", "parcelling", "fuzzy"])
def test_only_exploring_reads_what_exploring_found(name: str, past: Past) -> None:
    turned = np.where(past.is_opened, past.is_bad, ~past.is_bad)
    blind = Past(past.design, past.stands_for, past.is_opened, turned, past.is_explored, past.explored_share)
    one, other = (METHODS[name](p, SETTINGS, np.random.default_rng(1)) for p in (past, blind))
    assert (one.is_bad == other.is_bad).all()


def test_those_let_in_look_safer_than_everybody_is(past: Past) -> None:
    told = chance(learn(METHODS["none"](past, SETTINGS, np.random.default_rng(1))), past.design)
    assert past.is_bad[past.is_opened].mean() < 0.7 * past.is_bad.mean()
    assert told.mean() == pytest.approx(past.is_bad.mean(), rel=0.3)


@pytest.mark.parametrize("name", ["augmentation", "exploration"])
def test_weights_let_the_known_stand_for_everybody(name: str, past: Past) -> None:
    made = METHODS[name](past, SETTINGS, np.random.default_rng(1))
    assert made.weight.sum() == pytest.approx(PEOPLE, rel=0.25)
    assert np.average(made.is_bad, weights=made.weight) == pytest.approx(past.is_bad.mean(), rel=0.3)


def test_fuzzy_counts_every_person_once_in_all(past: Past) -> None:
    assert METHODS["fuzzy"](past, SETTINGS, np.random.default_rng(1)).weight.sum() == pytest.approx(PEOPLE)


def test_parcels_of_the_others_are_worse_by_the_prudence_asked_for(past: Past) -> None:
    mild, harsh = (
        METHODS["parcelling"](past, SETTINGS.model_copy(update={"prudence": prudence}), np.random.default_rng(1))
        for prudence in (1.0, 2.0)
    )
    assert harsh.is_bad[~past.is_opened].mean() > 1.4 * mild.is_bad[~past.is_opened].mean()


def test_a_column_is_scaled_filled_and_told_missing_only_where_it_can_be() -> None:
    matrix = np.array([[1.0, np.nan], [3.0, 5.0], [7.0, 5.0]], dtype=np.float32)
    design = scale_of(matrix).design(matrix)
    assert design.shape == (3, 3)
    assert design[:, 2].tolist() == [1, 0, 0]
    assert np.isfinite(design).all()
    assert design[:, 0].mean() == pytest.approx(0, abs=1e-6)
