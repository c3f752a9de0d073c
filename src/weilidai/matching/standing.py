"""Whether stored parameters still belong to the facts, the regime's file and the reference they came from."""

from collections.abc import Iterator

from weilidai.facts import Book
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.regime_run import judge_regime
from weilidai.matching.regimes import apply_regime, load_regime, wanted
from weilidai.matching.run import Standing, changed_numbers, check
from weilidai.matching.settings import MatchSettings
from weilidai.matching.store import load_parameters
from weilidai.parameters import Parameters

SIMULATED = ("population.", "lender.")
"""Beginnings of the numbers that people and decisions are made with."""
CENTRES = "lender.invitation.centres."
AIM_DIGITS = 9
Aim = tuple[str, str, float, float]
"""Fact, moment, wanted value and tolerance of a target."""


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


def stale_targets(parameters: Parameters, book: Book) -> list[str]:
    """List the facts whose target is not, or no longer as it is now, among those the parameters were matched to."""
    if parameters.regime == REFERENCE_REGIME:
        asked = {_aim(t.fact, t.moment, t.wanted, t.tolerance) for t in book.targets()}
        return _differing(parameters, asked)
    regime = load_regime(parameters.regime)
    own = {_aim(t.fact, t.moment, wanted(t, book), t.tolerance) for t in regime.targets}
    return [*stale_targets(load_parameters(), book), *_differing(parameters, own)]


def agrees(parameters: Parameters, book: Book) -> bool:
    """Tell whether people would be made the same if the parameters were matched again.

    Every number that people and decisions are made with must still be the one to be had, and every target
    the one that was matched to. Numbers of other parts (products, terms of repayment) move nobody in the
    generated tables; the check of ``weilidai match --check`` looks at them too.
    """
    numbers = (path for path in stale_numbers(parameters, book) if path.startswith(SIMULATED))
    return not any(numbers) and not stale_targets(parameters, book)


def _aim(fact: str, moment: str, value: float, tolerance: float) -> Aim:
    return fact, moment, round(float(value), AIM_DIGITS), round(float(tolerance), AIM_DIGITS)


def _differing(parameters: Parameters, asked: set[Aim]) -> list[str]:
    rows = parameters.certificate.get("targets", [])
    stored = {_aim(row["fact"], row["moment"], row["wanted"], row["tolerance"]) for row in rows}
    return sorted({fact for fact, *_ in asked ^ stored})


def _laid_otherwise(parameters: Parameters, reference: Parameters, book: Book) -> Iterator[str]:
    regime = load_regime(parameters.regime)
    expected = apply_regime(reference, regime, book).numbers
    for path in {**expected, **parameters.numbers}:
        found_here = path in regime.free or path.startswith(CENTRES)
        stored, told = parameters.numbers.get(path), expected.get(path)
        if stored is None or told is None or (not found_here and stored.value != told.value):
            yield path
