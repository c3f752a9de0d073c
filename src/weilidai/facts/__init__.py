"""What is documented: facts with their places, conflicts and readings, assumptions, factors, targets."""

from weilidai.facts.book import Book, Fixed, load_book, untargeted
from weilidai.facts.factors import Dimension, Factor, FactorCatalogue, Mark, Texts
from weilidai.facts.schema import Assumption, Conflict, Fact, Prior, Sets, TargetSpec, Term, Untested
from weilidai.facts.targets import Target

__all__ = [
    "Assumption", "Book", "Conflict", "Dimension", "Fact", "Factor", "FactorCatalogue", "Fixed", "Mark", "Prior",
    "Sets", "Target", "TargetSpec", "Term", "Texts", "Untested", "load_book", "untargeted",
]
