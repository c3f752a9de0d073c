"""What the first grant follows, factor by factor."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from weilidai.facts import load_book
from weilidai.pipeline.weighing import quota_weights


def test_the_grant_is_shared_among_its_factors_and_a_withheld_permission_is_told_as_such() -> None:
    opened = pd.DataFrame({
        "monthly_spend_cny": [1000.0, 2000.0], "has_transactions_permission": [True, False],
        "merchant_category_count": [8.0, np.nan],
    })
    names = tuple(opened.columns)
    given = np.array([[0.5, 0.1, 0.1, 9.0], [-0.5, -0.1, -0.3, 9.0]])
    model = SimpleNamespace(features=SimpleNamespace(names=names), contributions=lambda _: given)
    table = quota_weights(model, opened, load_book().factors)
    assert list(table["factor"]) == ["spending_level", "bill_permission", "merchant_diversity"]
    assert table["model_share"].tolist() == pytest.approx([1.0 / 1.6, 0.5 / 1.6, 0.1 / 1.6])
    assert table["dimension"].tolist() == ["spending", "authorisation", "spending"]
