"""Reading stories told in YAML, and weighing what they say against people.

A condition is a value, null for what is not known, or bounds: above, at_least, below, at_most, recorded.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

WIDTH = 4
"""Half-width of the accepted interval in standard errors: one honest story in sixteen thousand fails."""
FEWEST = 15
"""People a story must be about, at least."""
BOUNDS = {
    "above": lambda x, bar: x > bar, "at_least": lambda x, bar: x >= bar, "below": lambda x, bar: x < bar,
    "at_most": lambda x, bar: x <= bar, "recorded": lambda x, bar: x.notna() == bar,
}


def read(*files: Path, keys: AbstractSet[str]) -> list[dict[str, Any]]:
    """Read the stories of some files; every key must be known and every title told once."""
    stories = [story for file in files for story in yaml.safe_load(file.read_text(encoding="utf-8"))["stories"]]
    unknown = {key for story in stories for key in story} - keys
    assert not unknown, f"no story knows {sorted(unknown)}"
    titles = [story["title"] for story in stories]
    twice = {title for title in titles if titles.count(title) > 1}
    assert not twice, f"told twice: {sorted(twice)}"
    return stories


def meets(values: "pd.Series[Any]", condition: Any) -> Any:
    """Tell for every person whether a value meets a condition."""
    if condition is None:
        return values.isna().to_numpy()
    if isinstance(condition, dict):
        kept = [BOUNDS[name](values, bar).to_numpy(dtype=bool) for name, bar in condition.items()]
        return np.logical_and.reduce(kept)
    return (values == condition).to_numpy(dtype=bool)


def those(people: pd.DataFrame, among: Mapping[str, Any]) -> pd.DataFrame:
    """Take the people who meet every condition; there must be some."""
    who = np.logical_and.reduce([np.ones(len(people), dtype=bool), *(meets(people[c], v) for c, v in among.items())])
    assert who.sum() >= FEWEST, "the story is about nobody"
    return people[who]


def counted(values: "pd.Series[Any]", told: Mapping[str, Any]) -> "pd.Series[float]":
    """Give what is counted of every person: whether ``share_of`` is met, or the value where it is known."""
    numbers = meets(values, told["share_of"]) if "share_of" in told else values.to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(numbers, index=values.index, dtype=float).dropna()


def moments(values: "pd.Series[Any]", told: Mapping[str, Any]) -> tuple[float, float]:
    """Mean of what is counted, with its standard error."""
    numbers = counted(values, told).to_numpy()
    return float(numbers.mean()), float(numbers.std() / np.sqrt(len(numbers)))
