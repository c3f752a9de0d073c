"""Stories of the lender in a credit officer's words, told in the YAML files beside this one."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stories import read
from weilidai.facts import load_book
from weilidai.lender.products import Need, ProductParameters, assess, cheapest, summary
from weilidai.matching.compose import compose

HERE = Path(__file__).resolve().parent
KEYS = {"title", "given", "answers", "because", "to_ask", "when", "cheapest", "cheapest_if_met", "irr_annual"}
STORIES = read(HERE / "products.yaml", keys=KEYS)


@pytest.fixture(scope="module")
def products() -> ProductParameters:
    return compose(load_book()).part("products", ProductParameters)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any], products: ProductParameters) -> None:
    person = {column: np.nan if value is None else value for column, value in story["given"].items()}
    told = summary(assess(person, products)).set_index("product")
    assert {name: told.loc[name, "answer"] for name in story.get("answers", {})} == story.get("answers", {})
    assert {name: told.loc[name, "because"] for name in story.get("because", {})} == story.get("because", {})
    assert {name: told.loc[name, "to_ask"] for name in story.get("to_ask", {})} == story.get("to_ask", {})
    if "when" in story:
        found = cheapest(person, Need(**story["when"]), products).iloc[0]
        assert (None if pd.isna(found["product"]) else found["product"]) == story["cheapest"]
        assert found["product_if_met"] == story.get("cheapest_if_met", found["product_if_met"])
        assert found["irr_annual"] == pytest.approx(story.get("irr_annual", found["irr_annual"]), abs=5e-4, nan_ok=True)
