"""Stories of the opening, told in ``stories/*.yaml`` and held against more than 100,000 generated people."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from current_numbers import current_numbers
from stories import FEWEST, WIDTH, counted, meets, moments, read, those
from weilidai.columns import CATALOGUE, LEVELS
from weilidai.noise import BLOCK
from weilidai.pipeline.simulate import Simulator, applicants_frame

HERE = Path(__file__).resolve().parent / "stories"
STORIES = read(*sorted(HERE.glob("*.yaml")), keys={"title", "given", "among", "expect", "blocks"})
SEED, MANY, FEW = 99, 7, 2
"""Blocks of 16,384 people: many where a share is weighed, few where something holds for everyone.

A story of something rare names more ``blocks`` of its own.
"""
COMPARED = {"more_than_with", "less_than_with"}
WEIGHED = {"share_of", "mean", *COMPARED}


@lru_cache(maxsize=1)
def _simulator() -> Simulator:
    return Simulator.of(current_numbers())


def _code(column: str, value: Any) -> Any:
    return LEVELS[column].index(value) if column in LEVELS else value


@lru_cache(maxsize=3)
def _made(given: tuple[tuple[str, Any], ...], blocks: int) -> pd.DataFrame:
    set_to = {column: _code(column, value) for column, value in given}
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda number: _simulator().block(SEED, number, set_to)[0], range(blocks))
        return pd.concat([applicants_frame(block, "optimisation", 0, BLOCK) for block in made], ignore_index=True)


def people(given: Mapping[str, Any], among: Mapping[str, Any], blocks: int) -> pd.DataFrame:
    return those(_made(tuple(given.items()), blocks), among)


def hold(told: pd.DataFrame, expected: Mapping[str, Any], among: Mapping[str, Any], blocks: int) -> None:
    values = told[expected["column"]]
    if not WEIGHED & set(expected):
        assert meets(values, expected["is"]).all()
        return
    got, error = moments(values, expected)
    if compared := COMPARED & set(expected):
        gain, error = gained(values, people(expected[min(compared)], among, blocks)[expected["column"]], expected)
        sign = -1 if "less_than_with" in compared else 1
        assert sign * gain > WIDTH * error
    elif "share_of" in expected:
        share = expected["is"]
        assert abs(got - share) <= WIDTH * np.sqrt(share * (1 - share) / len(values))
    else:
        assert abs(got - expected["mean"]) <= WIDTH * error


def gained(here: "pd.Series[Any]", there: "pd.Series[Any]", expected: Mapping[str, Any]) -> tuple[float, float]:
    """Mean gain over the same people with the same noise in the other world, with its standard error."""
    sides = [counted(values, expected) for values in (here, there)]
    gains = (sides[0] - sides[1]).dropna()
    assert len(gains) >= FEWEST, "hardly anybody is told about in both worlds"
    return float(gains.mean()), float(gains.std() / np.sqrt(len(gains)))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["title"])
def test_it_happens_as_told(story: dict[str, Any]) -> None:
    among = story.get("among", {})
    is_weighed = not story.get("given") or any(WEIGHED & set(expected) for expected in story["expect"])
    blocks = story.get("blocks", MANY if is_weighed else FEW)
    told = people(story.get("given", {}), among, blocks)
    for expected in story["expect"]:
        hold(told, expected, among, blocks)


def test_stories_are_told_of_columns_that_exist() -> None:
    named = {
        column for story in STORIES
        for column in (*story.get("given", {}), *story.get("among", {}), *(e["column"] for e in story["expect"]))
    }
    assert named <= set(CATALOGUE)
