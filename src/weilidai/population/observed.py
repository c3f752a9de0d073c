"""Observed columns as noisy, monotone consequences of the traits."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from weilidai.columns import CATALOGUE
from weilidai.population.block import Array, People
from weilidai.population.marginals import MARGINALS, short_share
from weilidai.population.settings import TRAITS, ColumnModel, Trait
from weilidai.population.traits import level_shift

FloatArray = npt.NDArray[np.float32]


def add_column(
    people: People, name: str, model: ColumnModel, traits: Mapping[Trait, FloatArray],
    correlation: npt.NDArray[np.float64],
) -> None:
    """Compute one column from its model and put it among the people's columns."""
    z = index(people, name, model, traits, correlation)
    values = MARGINALS[model.kind](z, model)
    if model.not_full_with:
        values = np.where(people[model.not_full_with] > 0, short_share(z, model), values)
    if model.part_of:
        values = values * people[model.part_of]
    if model.decimals is not None:
        values = np.round(values, model.decimals)
    people.put(name, _bounded(people, name, model, values))


def index(
    people: People, name: str, model: ColumnModel, traits: Mapping[Trait, FloatArray],
    correlation: npt.NDArray[np.float64],
) -> FloatArray:
    """Add up loadings times traits, own noise and context shifts into a unit-variance index; shape (people,)."""
    loads = np.array([model.loads.get(trait, 0.0) for trait in TRAITS])
    scale = 1 / np.sqrt(loads @ correlation @ loads + model.noise**2)
    z = np.float32(model.noise * scale) * people.noise.normal(name)
    for trait, load in model.loads.items():
        z += np.float32(load * scale) * traits[trait]
    for column, shift in model.by.items():
        if isinstance(shift, Mapping):
            z += level_shift(people, column, shift)
        else:
            z += np.float32(shift) * people["age_decades"]
    return z


def _bounded(people: People, name: str, model: ColumnModel, values: Array) -> Array:
    """Keep a value possible: inside its range, below its bound, zero or missing without its precondition."""
    column = CATALOGUE.get(name)
    if values.dtype == np.bool_:
        if isinstance(model.at_least, str):
            values |= people[model.at_least] > 0
        for need in model.zero_unless:
            values &= people[need] > 0
        return values
    low = model.at_least if model.at_least is not None else (column.low if column else None)
    high = column.high if column else None
    if low is not None or high is not None:
        values = np.clip(values, people[low] if isinstance(low, str) else low, high)
    for bound in model.at_most:
        values = np.minimum(values, people[bound])
    for need in model.zero_unless:
        values = np.where(people[need] > 0, values, np.float32(0))
    if model.missing_unless:
        values = np.where(people[model.missing_unless] > 0, values, np.float32(np.nan))
    return values.astype(np.float32, copy=False)
