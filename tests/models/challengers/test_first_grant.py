import numpy as np
import pandas as pd
import pytest

from weilidai.facts import load_book
from weilidai.models.challengers.first_grant import FirstGrantRule, first_grant_rule

RULE = FirstGrantRule(0.1, 0.2, 500.0, 30_000.0, {"office_worker": (6_000.0, 10_000.0)})


def person(kind: str, spend: float, held: float) -> pd.DataFrame:
    return pd.DataFrame({"user_type": [kind], "monthly_spend_cny": [spend], "licaitong_balance_cny": [held]})


@pytest.mark.parametrize(
    ("kind", "spend", "held", "grant"),
    [
        ("freelancer", 1_000.0, 5_000.0, 2_200.0),  # 0.1 x 12,000 + 0.2 x 5,000
        ("freelancer", 10.0, 0.0, 500.0),
        ("freelancer", 1e6, 0.0, 30_000.0),
        ("office_worker", 10.0, 0.0, 6_000.0),
        ("office_worker", 1e6, 0.0, 10_000.0),
        ("office_worker", np.nan, np.nan, 8_000.0),
    ],
)
def test_the_grant_is_the_documents_arithmetic(kind: str, spend: float, held: float, grant: float) -> None:
    assert RULE.mean_cny(person(kind, spend, held)).tolist() == pytest.approx([grant])


def test_the_arithmetic_is_read_from_the_facts() -> None:
    rule = first_grant_rule(load_book())
    assert (rule.low_cny, rule.high_cny) == (500, 30_000)
    assert rule.spending_share == pytest.approx(0.175)
    assert rule.licaitong_share == pytest.approx(0.1)
    assert rule.bands["wecom_user"] == pytest.approx((18_500 * 0.68, 18_500 * 1.32))
    assert set(rule.bands) == {"wecom_user", "self_employed", "office_worker"}
