"""Who applies: latent traits, observed columns, generation by blocks."""

from weilidai.population.block import Interventions, People
from weilidai.population.people import make_people
from weilidai.population.settings import PopulationParameters

__all__ = ["Interventions", "People", "PopulationParameters", "make_people"]
