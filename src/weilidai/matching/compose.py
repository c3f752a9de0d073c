"""The simulator's numbers before matching: facts where documented, assumptions where not."""

from weilidai.facts import Book
from weilidai.parameters import Leaf, Number, Parameters

REFERENCE_REGIME = "optimisation"


def compose(book: Book, regime: str = REFERENCE_REGIME) -> Parameters:
    """Put every documented and every assumed number at its path in the simulator."""
    fixed = sorted(book.fixed().values(), key=lambda one: not _is_assumed(one.source))
    numbers = {
        one.path: Number(_plain(one.value), "assumption" if _is_assumed(one.source) else "fact", one.source)
        for one in fixed
    }
    return Parameters(regime, numbers)


def _is_assumed(source: str) -> bool:
    """Assumptions go first: their order is the order in which the lender meets its rules."""
    return source.startswith("A.")


def with_fitted(parameters: Parameters, fitted: dict[str, float], source: str = "matching") -> Parameters:
    """Replace numbers by fitted ones, marked as parameters."""
    numbers = dict(parameters.numbers)
    numbers.update({path: Number(value, "parameter", source) for path, value in fitted.items()})
    return Parameters(parameters.regime, numbers, parameters.certificate)


def _plain(value: object) -> Leaf:
    """Turn frozen containers into the plain lists and mappings that YAML writes."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "items"):
        return {key: _plain(item) for key, item in value.items()}  # type: ignore[return-value]  # inside lists only
    return value  # type: ignore[return-value]  # a number or a word
