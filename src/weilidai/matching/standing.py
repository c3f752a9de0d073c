"""Whether stored parameters still belong to the facts, the regime's file and the reference they came from."""

from collections.abc import Iterator

from weilidai.facts import Book
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.regime_run import judge_regime
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.matching.run import Standing, changed_numbers, check
from weilidai.matching.settings import MatchSettings
from weilidai.matching.store import load_parameters
from weilidai.parameters import Parameters

SIMULATED = ("population.", "lender.")
"""Beginnings of the numbers that people and decisions are made with."""
CENTRES = "lender.invitation.centres."


def check_regime(parameters: Parameters, book: Book, settings: MatchSettings) -> Standing:
    """Tell whether a stored regime still agrees with facts, reference and its own file, and how it does."""
    if parameters.regime == REFERENCE_REGIME:
        return check(parameters, book, settings)
    regime, reference = load_regime(parameters.regime), load_parameters()
    judged = judge_regime(parameters, reference, regime, book, settings)
    return Standing(parameters.certificate.get("facts") == book.digest, stale_numbers(parameters, book), judged)


def stale_numbers(parameters: Parameters, book: Book) -> list[str]:
    """List the paths at which stored parameters differ from what facts, reference and regime now say."""
    if parameters.regime == REFERENCE_REGIME:
        return changed_numbers(parameters, book)
    reference = load_parameters()
    return [*changed_numbers(reference, book), *_laid_otherwise(parameters, reference, book)]


def agrees(parameters: Parameters, book: Book) -> bool:
    """Tell whether every number that people and decisions are made with is still the one to be had.

    Numbers of other parts (products, terms of repayment) move nobody in the generated tables; the check of
    ``weilidai match --check`` looks at them too.
    """
    return not any(path.startswith(SIMULATED) for path in stale_numbers(parameters, book))


def _laid_otherwise(parameters: Parameters, reference: Parameters, book: Book) -> Iterator[str]:
    regime = load_regime(parameters.regime)
    expected = apply_regime(reference, regime, book).numbers
    for path in {**expected, **parameters.numbers}:
        found_here = path in regime.free or path.startswith(CENTRES)
        stored, wanted = parameters.numbers.get(path), expected.get(path)
        if stored is None or wanted is None or (not found_here and stored.value != wanted.value):
            yield path
