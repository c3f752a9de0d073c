from weilidai.evaluation.bootstrap import Interval
from weilidai.evaluation.challengers import challenger_table

METRICS = {
    "test.invite.auc": 0.9, "baseline.plain.invite.auc": 0.85, "baseline.deep.invite.auc": 0.95,
    "test.quota.mae_cny": 1000.0, "baseline.plain.quota.mae_cny": 1010.0,
}
INTERVALS = {
    "gain.plain.invite.auc": Interval(0.05, 0.04, 0.06),
    "gain.deep.invite.auc": Interval(-0.05, -0.06, -0.04),
    "gain.plain.quota.mae_cny": Interval(10.0, -5.0, 25.0),
    "regret.invite.auc": Interval(0.01, 0.0, 0.02),
}


def test_the_table_says_who_wins_and_by_how_much() -> None:
    table = challenger_table(METRICS, INTERVALS).set_index(["challenger", "metric"])
    assert table["wins"].to_dict() == {
        ("plain", "auc"): "model", ("deep", "auc"): "deep", ("plain", "mae_cny"): "undecided",
    }
    assert table.loc[("plain", "auc"), ["model", "theirs", "gain"]].tolist() == [0.9, 0.85, 0.05]


def test_without_challengers_the_table_has_columns_and_no_rows() -> None:
    table = challenger_table(METRICS, {})
    assert table.empty
    assert "wins" in table.columns
