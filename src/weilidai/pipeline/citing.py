"""From the simulator's numbers to the documents they were read in."""

from collections.abc import Iterable

from weilidai.explain.sources import Source
from weilidai.facts import Book
from weilidai.parameters import Parameters


def cite(book: Book, facts: Iterable[str]) -> tuple[Source, ...]:
    """Give the place of every fact, each fact once.

    Raises
    ------
    ConfigError
        There is no fact of a name.
    """
    found = (book.fact(name) for name in dict.fromkeys(facts))
    return tuple(Source(fact.id, fact.document, fact.section) for fact in found)


def cite_numbers(book: Book, parameters: Parameters, paths: Iterable[str]) -> tuple[Source, ...]:
    """Give the documents behind stored numbers; an assumption, a fit or a number that is not there gives none."""
    numbers = (parameters.numbers[path] for path in paths if path in parameters.numbers)
    return cite(book, (number.source for number in numbers if number.kind == "fact"))
