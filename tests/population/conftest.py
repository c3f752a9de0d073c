"""A few blocks of people from the facts and assumptions of now."""

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.noise import Noise
from weilidai.population import PopulationParameters, make_people

SEED = 77


@pytest.fixture(scope="session")
def numbers():
    return current_numbers().part("population", PopulationParameters)


@pytest.fixture(scope="session")
def block(numbers):
    """One block, made as everybody is; never written to."""
    columns = make_people(numbers, Noise(SEED, 0)).columns
    for values in columns.values():
        values.setflags(write=False)
    return columns


@pytest.fixture(scope="session")
def people(numbers, block):
    """Four blocks of people, about 65,000."""
    rest = [make_people(numbers, Noise(SEED, number)).columns for number in (1, 2, 3)]
    return {name: np.concatenate([values, *(part[name] for part in rest)]) for name, values in block.items()}


@pytest.fixture(scope="session")
def made_with(numbers):
    """Make the same block again with some columns set from outside."""
    return lambda **set_to: make_people(numbers, Noise(SEED, 0), set_to).columns
