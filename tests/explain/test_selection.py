"""Which factors are told."""

from types import SimpleNamespace

import numpy as np
import pytest

from weilidai.columns import FEATURES
from weilidai.explain.selection import NOBODY, choose
from weilidai.facts import FactorCatalogue


def row(**contributions: float) -> np.ndarray:
    given = np.zeros((1, len(FEATURES)))
    for name, value in contributions.items():
        given[0, FEATURES.index(name)] = value
    return given


def told(catalogue: FactorCatalogue, contributions: np.ndarray, **how: object) -> list[str]:
    chosen = choose(contributions, FEATURES, catalogue, **how)  # type: ignore[arg-type]
    names = list(catalogue.factors)
    return [names[place] for place in chosen.factors[0] if place != NOBODY]


def test_at_most_four_factors_are_told(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    chosen = choose(drawn.values, drawn.features, catalogue, least_share=0.0)
    assert chosen.factors.shape == (len(drawn.values), 4)
    assert (chosen.factors != NOBODY).all(axis=1).mean() > 0.99
    assert (np.diff(chosen.contributions, axis=1) >= 0).all()


def test_only_adverse_factors_are_told(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    chosen = choose(drawn.values, drawn.features, catalogue)
    assert (chosen.contributions[chosen.factors != NOBODY] < 0).all()


def test_the_favourable_side_is_the_mirror_image(drawn: SimpleNamespace, catalogue: FactorCatalogue) -> None:
    one = choose(drawn.values, drawn.features, catalogue, side="favourable")
    other = choose(-drawn.values, drawn.features, catalogue)
    np.testing.assert_array_equal(one.factors, other.factors)
    np.testing.assert_array_equal(one.columns, other.columns)


def test_nothing_adverse_means_nothing_told(catalogue: FactorCatalogue) -> None:
    assert told(catalogue, row(daily_open_count=1.0)) == []
    assert told(catalogue, row()) == []


def test_ties_go_in_catalogue_order(catalogue: FactorCatalogue) -> None:
    tied = row(friend_count=-1, daily_open_count=-1, overdue_count_24m=-1, debit_card_count=-1, pay_score=-1)
    assert told(catalogue, tied) == ["overdue_history", "app_activity", "social_ties", "debit_cards"]


@pytest.mark.parametrize(("share", "is_told"), [(0.049, False), (0.05, True), (0.051, True)])
def test_a_factor_below_a_twentieth_of_the_total_is_not_told(
    catalogue: FactorCatalogue, share: float, is_told: bool  # noqa: FBT001
) -> None:
    contributions = row(daily_open_count=-share, overdue_count_24m=1 - share)
    assert told(catalogue, contributions) == (["app_activity"] if is_told else [])


def test_a_protected_factor_is_never_told(catalogue: FactorCatalogue) -> None:
    assert [factor.id for factor in catalogue.factors.values() if factor.is_protected] == ["age"]
    assert told(catalogue, row(age_years=-5, daily_open_count=-1)) == ["app_activity"]


def test_what_is_told_already_is_not_told_again(catalogue: FactorCatalogue) -> None:
    already = np.array([[name == "app_activity" for name in catalogue.factors]])
    assert told(catalogue, row(daily_open_count=-2, friend_count=-1), told_already=already) == ["social_ties"]


def test_the_most_adverse_column_of_a_factor_is_shown(catalogue: FactorCatalogue) -> None:
    contributions = row(bureau_inquiry_count_3m=-0.1, bureau_inquiry_count_6m=-0.6)
    chosen = choose(contributions, FEATURES, catalogue)
    assert FEATURES[chosen.columns[0, 0]] == "bureau_inquiry_count_6m"
    assert chosen.contributions[0, 0] == pytest.approx(-0.7)


def test_a_column_that_is_no_feature_is_never_shown(catalogue: FactorCatalogue) -> None:
    chosen = choose(np.array([[-1.0]]), ["bureau_inquiry_count_6m"], catalogue)
    assert chosen.columns[0, 0] == 0
    assert (chosen.factors[0] != NOBODY).sum() == 1


def test_the_choice_does_not_hang_on_who_else_is_in_the_table(
    drawn: SimpleNamespace, catalogue: FactorCatalogue
) -> None:
    whole = choose(drawn.values, drawn.features, catalogue)
    alone = choose(drawn.values[7:8], drawn.features, catalogue)
    np.testing.assert_array_equal(whole.factors[7:8], alone.factors)
    np.testing.assert_array_equal(whole.contributions[7:8], alone.contributions)
