"""Stories of the regimes, told in ``regimes.yaml``: the same people, the same noise, another time."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from weilidai.matching import load_parameters
from weilidai.pipeline.simulate import simulate

FILE = Path(__file__).resolve().parent / "regimes.yaml"
STORIES = yaml.safe_load(FILE.read_text(encoding="utf-8"))["stories"]
SEED, PEOPLE, WIDTH = 4711, 60_000, 4


@lru_cache(maxsize=5)
def people(regime: str) -> pd.DataFrame:
    return simulate(load_parameters(regime), PEOPLE, SEED)[0]


def told_of(story: dict[str, Any], regime: str) -> "pd.Series[Any]":
    table = people(regime)
    who = np.ones(len(table), dtype=bool)
    for column, value in {**story.get("among", {}), **story.get("where", {})}.items():
        who &= (table[column] == value).to_numpy()
    return table.loc[who, story["column"]].dropna().astype(float)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any]) -> None:
    here = told_of(story, story["regime"])
    assert len(here) > 0
    if "at_most" in story:
        assert here.max() <= story["at_most"]
    if "at_least" in story:
        assert here.min() >= story["at_least"]
    if "than" in story:
        there = told_of(story, story["than"])
        error = np.hypot(here.std() / np.sqrt(len(here)), there.std() / np.sqrt(len(there)))
        assert (here.mean() - there.mean()) * (-1 if story["is_less"] else 1) > WIDTH * error


def test_the_people_are_the_same_in_every_regime() -> None:
    columns = ["person_id", "age_years", "city_tier", "daily_open_count", "monthly_spend_cny"]
    for regime in ("trial", "contraction", "data_separated"):
        pd.testing.assert_frame_equal(people(regime)[columns], people("optimisation")[columns])
