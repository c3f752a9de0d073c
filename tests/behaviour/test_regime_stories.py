"""Stories of the regimes, told in ``regimes.yaml``: the same people, the same noise, another time."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from current_numbers import current_numbers
from stories import WIDTH, meets, moments, read, those
from weilidai.columns import CATALOGUE
from weilidai.matching.regimes import regime_names
from weilidai.pipeline.simulate import simulate

KEYS = {
    "title", "regime", "among", "column", "share_of", "is", "than", "than_those", "against", "is_less", "times", "by",
}
STORIES = read(Path(__file__).resolve().parent / "regimes.yaml", keys=KEYS)
SEED, PEOPLE = 4711, 80_000
FEWEST_TOLD = 4


@lru_cache(maxsize=5)
def people(regime: str) -> pd.DataFrame:
    return simulate(current_numbers(regime), PEOPLE, SEED)[0]


def told_of(story: dict[str, Any], regime: str, among: dict[str, Any]) -> "pd.Series[Any]":
    return those(people(regime), among)[story["column"]]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any]) -> None:
    among = story.get("among", {})
    here = told_of(story, story["regime"], among)
    if "is" in story:
        assert meets(here.dropna() if story["is"] is not None else here, story["is"]).all()
    if "against" in story:
        compare(story, odds(story, story["regime"]), odds(story, story["than"]))
    elif "than" in story or "than_those" in story:
        there = told_of(story, story.get("than", story["regime"]), {**among, **story.get("than_those", {})})
        compare(story, moments(here, story), moments(there, story))


def odds(story: dict[str, Any], regime: str) -> tuple[float, float]:
    """Logarithm of the odds of those who are meant over the odds of the others, with its standard error."""
    among = story["among"]
    one, error = moments(told_of(story, regime, among), story)
    other, other_error = moments(told_of(story, regime, {**among, **story["against"]}), story)
    log_odds = np.log(one / (1 - one)) - np.log(other / (1 - other))
    return float(log_odds), float(np.hypot(error / (one * (1 - one)), other_error / (other * (1 - other))))


def compare(story: dict[str, Any], here: tuple[float, float], there: tuple[float, float]) -> None:
    """Hold a mean or share against another one: so many times it, so much more, or only on which side of it."""
    if "times" in story:
        off, error = here[0] - story["times"] * there[0], np.hypot(here[1], story["times"] * there[1])
        assert abs(off) <= WIDTH * error
    elif "by" in story:
        assert abs(here[0] - there[0] - story["by"]) <= WIDTH * np.hypot(here[1], there[1])
    else:
        assert (here[0] - there[0]) * (-1 if story["is_less"] else 1) > WIDTH * np.hypot(here[1], there[1])


def test_every_regime_has_its_stories() -> None:
    told = [story["regime"] for story in STORIES]
    assert {name: told.count(name) >= FEWEST_TOLD for name in regime_names()} == dict.fromkeys(regime_names(), True)


def test_every_story_says_something_of_columns_that_exist() -> None:
    for story in STORIES:
        assert {"is", "is_less", "times", "by"} & set(story), story["title"]
        assert {story["column"], *story.get("among", {}), *story.get("than_those", {}),
                *story.get("against", {})} <= set(CATALOGUE)


def test_the_people_are_the_same_in_every_regime() -> None:
    columns = ["person_id", "age_years", "city_tier", "daily_open_count", "monthly_spend_cny"]
    for regime in ("trial", "contraction", "data_separated"):
        pd.testing.assert_frame_equal(people(regime)[columns], people("optimisation")[columns])
