"""Two blocks of people, the stored numbers and the book."""

import pytest

from weilidai.facts import load_book
from weilidai.lender import LenderParameters
from weilidai.matching import load_parameters
from weilidai.matching.simulated import marks_of, populate, realised_crowd
from weilidai.population import PopulationParameters

SEED, BLOCKS = 31, 2


@pytest.fixture(scope="session")
def book():
    return load_book()


@pytest.fixture(scope="session")
def stored():
    return load_parameters()


@pytest.fixture(scope="session")
def lender(stored):
    return stored.part("lender", LenderParameters)


@pytest.fixture(scope="session")
def marks(stored, book):
    return marks_of(stored, book)


@pytest.fixture(scope="session")
def blocks(stored):
    return populate(stored.part("population", PopulationParameters), SEED, BLOCKS)


@pytest.fixture(scope="session")
def realised(blocks, lender, marks):
    return realised_crowd(blocks, lender, SEED, marks)
