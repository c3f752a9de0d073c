from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import logit

from weilidai.facts import FactorCatalogue
from weilidai.models.baselines import WoeScorecard, fit_woe_scorecard
from weilidai.models.challengers.points import points, points_table
from weilidai.models.features import Features, encode
from weilidai.models.settings import PointsSettings
from weilidai.rules import Eligibility

SCALE = PointsSettings(points_to_double=20, base_points=600, base_odds=0.5)


@pytest.fixture(scope="module")
def card(parts: SimpleNamespace, features: Features, policy: Eligibility) -> WoeScorecard:
    return fit_woe_scorecard(parts.train, features, policy)


def test_twice_the_odds_are_worth_the_points_to_double() -> None:
    told = points(np.log([0.5, 1.0, 2.0]), SCALE)
    assert told.tolist() == pytest.approx([600, 620, 640])


def test_one_row_per_column_adds_up_to_the_scorecards_log_odds(
    card: WoeScorecard, parts: SimpleNamespace, policy: Eligibility, factors: FactorCatalogue
) -> None:
    table = points_table(card, factors, SCALE)
    people = parts.test[policy.passes(parts.test)].head(50)
    matrix = encode(people, card.features)
    summed = np.zeros(len(people))
    for place, name in enumerate(card.features.names):
        worth = table.loc[table["column"] == name, "points"].to_numpy()
        summed += worth[card.evidence[place].bins(matrix[:, place].astype(np.float64))]
    exact = points(logit(card.probability(people)), SCALE)
    assert np.abs(summed - exact).max() <= 0.5 * len(card.features.names)
    assert np.abs(summed - exact).mean() < 5


def test_bins_are_told_in_words_and_name_their_documented_factor(card: WoeScorecard, factors: FactorCatalogue) -> None:
    table = points_table(card, factors, SCALE).set_index("column")
    assert table.loc["has_salary_card", "bin"].tolist() == ["no", "yes", "unknown"]
    assert "wecom_user" in table.loc["user_type", "bin"].tolist()
    assert table.loc["daily_open_count", "bin"].iloc[0].startswith("below ")
    assert table.loc["daily_open_count", "bin"].iloc[-2].endswith(" and above")
    assert (table["factor"] == [factors.of_column(name).id for name in table.index]).all()


def test_what_helps_gets_more_points(card: WoeScorecard, factors: FactorCatalogue) -> None:
    worth = points_table(card, factors, SCALE).set_index(["column", "bin"])["points"]
    assert worth["has_salary_card", "yes"] > worth["has_salary_card", "no"]
