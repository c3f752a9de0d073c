"""The stored lender, and enough people for intervals: thirteen blocks, about 213,000."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from current_numbers import current_numbers
from weilidai.facts import load_book
from weilidai.lender import LenderParameters, decide
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.noise import Noise
from weilidai.population import PopulationParameters, make_people

SEED, BLOCKS = 4242, 13


@pytest.fixture(scope="session")
def factors():
    return load_book().factors


@pytest.fixture(scope="session")
def lender():
    return current_numbers().part("lender", LenderParameters)


@pytest.fixture(scope="session")
def contracted():
    """The lender of the contraction, before its free numbers are found."""
    regime = apply_regime(current_numbers(), load_regime("contraction"), load_book())
    return regime.part("lender", LenderParameters)


@pytest.fixture(scope="session")
def make(lender):
    """Make a block of people and decide on it, with some columns set if wanted."""
    population = current_numbers().part("population", PopulationParameters)

    def made(number=0, set_to=None):
        noise = Noise(SEED, number)
        people = make_people(population, noise, set_to).columns
        return people, decide(people, lender, noise)

    return made


@pytest.fixture(scope="session")
def one(make):
    """The first block: people and decisions."""
    people, made = make()
    return SimpleNamespace(people=people, made=made)


@pytest.fixture(scope="session")
def everyone(make):
    """All blocks: people, outcomes, truth, chances, and what everyone would get."""
    with ThreadPoolExecutor(2) as pool:
        blocks = list(pool.map(make, range(BLOCKS)))

    def joined(parts):
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    decided = [made for _, made in blocks]
    return SimpleNamespace(
        people=joined([people for people, _ in blocks]), columns=joined([m.columns for m in decided]),
        truth=joined([m.truth for m in decided]), chances=joined([m.chances for m in decided]),
        would_get=joined([m.would_get for m in decided]),
    )
