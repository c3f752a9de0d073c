"""The few latent traits behind everything observed: correlated normals, shifted by context."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from weilidai.columns import LEVELS
from weilidai.population.block import People
from weilidai.population.settings import TRAITS, Trait, TraitParameters

FloatArray = npt.NDArray[np.float32]
CONTEXT_COLUMNS = ("city_tier", "region", "user_type")


def correlation_matrix(pairs: Mapping[str, Mapping[str, float]]) -> npt.NDArray[np.float64]:
    """Fill the symmetric matrix from the stored upper triangle; shape (6, 6)."""
    matrix = np.eye(len(TRAITS))
    for one, others in pairs.items():
        for other, value in others.items():
            i, j = TRAITS.index(one), TRAITS.index(other)
            matrix[i, j] = matrix[j, i] = value
    return matrix


def draw_traits(people: People, parameters: TraitParameters) -> dict[Trait, FloatArray]:
    """Draw the six traits of each person; each array has shape (people,)."""
    factor = np.linalg.cholesky(correlation_matrix(parameters.correlation)).astype(np.float32)
    draws = [people.noise.normal(f"trait.{trait}") for trait in TRAITS]
    decades = people["age_decades"]
    traits: dict[Trait, FloatArray] = {}
    for i, trait in enumerate(TRAITS):
        value = np.float32(parameters.age[trait]) * decades
        for j in range(i + 1):
            value += factor[i, j] * draws[j]
        for column in CONTEXT_COLUMNS:
            value += level_shift(people, column, getattr(parameters, column)[trait])
        traits[trait] = value
    return traits


def level_shift(people: People, column: str, shifts: Mapping[str, float]) -> FloatArray:
    """Look up one shift per person by the level of a category; shape (people,)."""
    table = np.array([shifts.get(level, 0.0) for level in LEVELS[column]], dtype=np.float32)
    return table.take(people[column])
