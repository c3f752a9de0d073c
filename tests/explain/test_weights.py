"""Documented, true and found weights with intervals over people."""

import numpy as np
import pandas as pd
import pytest

from weilidai.errors import ConfigError
from weilidai.explain.recovery import dimension_table, true_contributions
from weilidai.explain.weights import OTHERS, parts_of, rank_agreement, weight_table, with_others
from weilidai.facts import FactorCatalogue

FOUR = {"bureau": 0.4, "social_behaviour": 0.25, "spending": 0.2, "assets": 0.15}


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    random = np.random.default_rng(9)
    sizes = {"overdue_history": 4, "social_ties": 2.5, "payment_frequency": 2, "licaitong_holding": 1.5, "region": 1}
    return pd.DataFrame({f"logit_{name}": size * random.normal(size=800) for name, size in sizes.items()})


def test_by_dimension_it_is_the_plain_table(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    model = np.random.default_rng(1).normal(size=(len(truth), len(catalogue.factors)))
    table = weight_table(model, truth, catalogue, parts_of(catalogue), FOUR, replicates=0)
    plain = dimension_table(model, truth, catalogue, FOUR)
    pd.testing.assert_frame_equal(table[list(plain.columns)], plain)
    np.testing.assert_allclose(table["difference"], plain["model_share"] - plain["oracle_share"])


def test_intervals_hold_the_figure_and_the_truth_differs_from_itself_by_nothing(
    truth: pd.DataFrame, catalogue: FactorCatalogue
) -> None:
    table = weight_table(true_contributions(truth, catalogue), truth, catalogue, parts_of(catalogue), FOUR)
    assert (table["oracle_share_low"] <= table["oracle_share"]).all()
    assert (table["oracle_share"] <= table["oracle_share_high"]).all()
    assert table[["difference", "difference_low", "difference_high"]].abs().to_numpy().max() < 1e-12


def test_what_no_part_names_stands_by_itself(truth: pd.DataFrame, catalogue: FactorCatalogue) -> None:
    parts = with_others({"late": ["overdue_history"], "friends": ["social_ties"]}, catalogue)
    assert set(parts[OTHERS]) == set(catalogue.factors) - {"overdue_history", "social_ties"}
    model = true_contributions(truth, catalogue)
    table = weight_table(model, truth, catalogue, parts, {"late": 0.6, "friends": 0.4}, replicates=0)
    shares = table.set_index("dimension")["oracle_share"]
    assert shares["late"] == pytest.approx(4 / 6.5, abs=0.03)
    assert shares[["late", "friends"]].sum() == pytest.approx(1)


def test_an_unknown_factor_or_part_is_refused_with_the_near_name(
    truth: pd.DataFrame, catalogue: FactorCatalogue
) -> None:
    model = true_contributions(truth, catalogue)
    with pytest.raises(ConfigError, match="did you mean 'social_ties'"):
        weight_table(model, truth, catalogue, {"a": ["social_tie"]}, {})
    with pytest.raises(ConfigError, match="no part 'b'"):
        weight_table(model, truth, catalogue, {"a": ["social_ties"]}, {"b": 1.0})


def test_ranks_agree_with_themselves_and_not_with_their_opposite(
    truth: pd.DataFrame, catalogue: FactorCatalogue
) -> None:
    model = true_contributions(truth, catalogue)
    assert rank_agreement(model, truth, catalogue) == pytest.approx(1)
    assert rank_agreement(-model, truth, catalogue) == pytest.approx(-1)
    assert np.isnan(rank_agreement(0 * model, 0 * truth, catalogue))
