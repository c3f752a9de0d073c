"""How well the fitted numbers are known: value, spread over populations, and what was assumed before."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from weilidai.facts import Book
from weilidai.matching.compose import REFERENCE_REGIME
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.parameters import Parameters


@dataclass(frozen=True)
class FittedNumber:
    """One number that matching found."""

    path: str
    value: float
    spread: float | None
    """Standard deviation over populations of other seeds; None where it was not measured."""
    prior: float
    """Where the search began: the assumed value, or what a regime lays over the reference."""
    prior_sd: float
    low: float
    high: float
    """Bounds of the search."""
    source: str
    """Assumption or regime's file that leaves the number open."""

    @property
    def left_open(self) -> float:
        """Part of the assumed spread that the figures leave: 0 is known exactly, 1 no better than assumed."""
        return math.inf if self.spread is None else self.spread / self.prior_sd

    @property
    def pulled(self) -> float:
        """Distance from the assumed value, in assumed spreads."""
        return (self.value - self.prior) / self.prior_sd

    def to_dict(self) -> dict[str, Any]:
        """Give plain data; what was not measured is null."""
        left_open = None if self.spread is None else round(self.left_open, 6)
        return {**asdict(self), "left_open": left_open, "pulled": round(self.pulled, 6)}


def fitted_numbers(parameters: Parameters, reference: Parameters, book: Book) -> list[FittedNumber]:
    """Give every number that matching found, the least known first; those never measured come before all.

    Parameters
    ----------
    parameters
        Stored numbers of any regime.
    reference
        Those of the reference, from which a regime begins.
    book
        Where the assumed values and spreads stand.
    """
    own = list(_of_the_regime(parameters, reference, book)) if parameters.regime != REFERENCE_REGIME else []
    taken = {one.path for one in own}
    shared = [one for one in _of_the_reference(reference, parameters, book) if one.path not in taken]
    return sorted([*own, *shared], key=lambda one: (-one.left_open, -abs(one.pulled), one.path))


def _of_the_reference(reference: Parameters, parameters: Parameters, book: Book) -> Iterator[FittedNumber]:
    spreads = reference.certificate.get("spread", {})
    sources = {path: one.id for one in book.assumptions.values() for path in one.priors()}
    for path, prior in book.priors().items():
        number = parameters.numbers.get(path)
        if number is not None and number.kind == "parameter":
            start = 0.0 if prior.start is None else prior.start
            yield FittedNumber(path, float(number.value), spreads.get(path), start, prior.sd,  # type: ignore[arg-type]  # free ones are numbers
                               prior.low, prior.high, sources[path])


def _of_the_regime(parameters: Parameters, reference: Parameters, book: Book) -> Iterator[FittedNumber]:
    regime, spreads = load_regime(parameters.regime), parameters.certificate.get("spread", {})
    laid = apply_regime(reference, regime, book)
    for path, free in regime.free.items():
        value, before = (float(one.numbers[path].value) for one in (parameters, laid))  # type: ignore[arg-type]  # free ones are numbers
        yield FittedNumber(path, value, spreads.get(path), before, free.sd, free.low, free.high, regime.source)
