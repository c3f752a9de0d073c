"""Whether stored parameters still belong to the facts, the regime's file and the reference they came from."""

from collections.abc import Iterator

from weilidai.facts import Book
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.regime_findings import held_findings
from weilidai.matching.regime_run import both_crowds
from weilidai.matching.regimes import apply_regime, load_regime, wanted
from weilidai.matching.run import Standing, changed_numbers, judge
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
    changed, retargeted = stale_numbers(parameters, book), stale_targets(parameters, book)
    if parameters.regime == REFERENCE_REGIME:
        return Standing(changed, judge(parameters, book, settings), retargeted=retargeted)
    crowds = both_crowds(parameters, load_parameters(), book, settings)
    own, kept = held_findings(load_regime(parameters.regime), book, *crowds)
    return Standing(changed, own, kept, retargeted)


def is_edited(parameters: Parameters) -> bool:
    """Tell whether the numbers are other than those that their certificate was written for."""
    return parameters.certificate.get("parameters") != parameters.digest


def edited_by_hand(parameters: Parameters) -> str | None:
    """Name the regime whose stored numbers were edited by hand: the one asked for or its reference; None if neither."""
    if is_edited(parameters):
        return parameters.regime
    if parameters.regime != REFERENCE_REGIME and is_edited(load_parameters()):
        return REFERENCE_REGIME
    return None


def why_stale(parameters: Parameters, book: Book) -> str | None:
    """Tell why people would be made otherwise if the parameters were matched again; None when they would not.

    Every number must be the one that matching wrote, every one that people and decisions are made with must still
    be the one to be had, and every target the one that was matched to. Numbers of other parts (products, terms of
    repayment) move nobody in the generated tables; the check of ``weilidai match --check`` looks at them too.
    """
    edited = edited_by_hand(parameters)
    if edited == parameters.regime:
        return "were edited by hand"
    if edited is not None:
        return f"rest on those of {edited}, which were edited by hand"
    numbers = (path for path in stale_numbers(parameters, book) if path.startswith(SIMULATED))
    if not any(numbers) and not stale_targets(parameters, book):
        return None
    if parameters.regime != REFERENCE_REGIME and why_stale(load_parameters(), book):
        return f"rest on those of {REFERENCE_REGIME}, which do not agree with the facts any more"
    if parameters.regime != REFERENCE_REGIME and parameters.certificate.get("reference") != load_parameters().digest:
        return f"rest on other numbers of {REFERENCE_REGIME} than those stored now"
    return "do not agree with the facts any more"


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
    """Tell whether people would be made the same if the parameters were matched again."""
    return why_stale(parameters, book) is None


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
