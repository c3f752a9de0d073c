"""How far reasons agree with the truth, on people made by hand."""

import numpy as np
import pytest

from weilidai.explain.reason_agreement import agreement_by_person, mean_with_interval, same_main
from weilidai.facts import FactorCatalogue

FACTORS = ("app_activity", "licaitong_holding", "bureau_inquiries", "credit_cards", "social_ties")


def told(catalogue: FactorCatalogue, *people: dict[str, float]) -> np.ndarray:
    places = list(catalogue.factors)
    table = np.zeros((len(people), len(places)))
    for row, person in zip(table, people, strict=True):
        for name, value in person.items():
            row[places.index(name)] = value
    return table


def test_the_truth_agrees_with_itself(catalogue: FactorCatalogue) -> None:
    random = np.random.default_rng(1)
    truth = told(catalogue, *(dict(zip(FACTORS, random.normal(size=5), strict=True)) for _ in range(50)))
    for scores in agreement_by_person(truth, truth, catalogue).values():
        assert np.nanmin(scores) == 1


def test_another_main_reason_and_another_sign_are_counted_against(catalogue: FactorCatalogue) -> None:
    truth = told(catalogue, {"app_activity": -2.0, "bureau_inquiries": -1.0, "licaitong_holding": 1.0})
    found = told(catalogue, {"app_activity": 0.5, "bureau_inquiries": -1.0, "licaitong_holding": 1.0})
    scores = agreement_by_person(truth, found, catalogue)
    assert (scores["main_factor"][0], scores["four_factors"][0]) == (0, 0.5)
    assert scores["sign"][0] == pytest.approx(2 / 3)


def test_a_favourable_factor_is_no_adverse_reason_however_short_the_list(catalogue: FactorCatalogue) -> None:
    truth = told(catalogue, {"credit_cards": -1.0})
    scores = agreement_by_person(truth, -truth, catalogue)
    assert (scores["four_factors"][0], scores["four_dimensions"][0], scores["sign"][0]) == (0, 0, 0)


def test_whom_nothing_is_held_against_counts_for_nothing(catalogue: FactorCatalogue) -> None:
    nobody = told(catalogue, {"app_activity": 1.0})
    scores = agreement_by_person(nobody, nobody, catalogue)
    assert np.isnan(scores["main_dimension"]).all()
    assert np.isnan(mean_with_interval(scores["four_factors"])["got"])


def test_models_that_name_another_main_reason_disagree_pair_by_pair(catalogue: FactorCatalogue) -> None:
    first, other = (told(catalogue, {name: -1.0}) for name in ("app_activity", "credit_cards"))
    assert same_main([first, first, other])[0] == pytest.approx(1 / 3)


def test_the_interval_narrows_with_people_and_stays_a_share() -> None:
    few, many = (mean_with_interval(np.tile([1.0, 1.0, 1.0, 0.0], times)) for times in (5, 500))
    assert few["got"] == many["got"] == 0.75
    assert few["low"] < many["low"] < many["high"] < few["high"] <= 1
    assert mean_with_interval(np.ones(9)) == {"got": 1.0, "low": 1.0, "high": 1.0}
