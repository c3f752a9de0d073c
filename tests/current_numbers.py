"""The simulator's numbers for tests of mechanisms: facts and assumptions of now, fitted numbers as stored.

A test of what a mechanism does need not wait for a new matching after a fact or an assumption was added.
"""

from functools import lru_cache

from weilidai.facts import load_book
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.matching.compose import compose, with_fitted
from weilidai.matching.regimes import apply_regime, load_regime
from weilidai.parameters import Parameters


@lru_cache(maxsize=5)
def current_numbers(regime: str = REFERENCE_REGIME) -> Parameters:
    composed = compose(load_book())
    reference = with_fitted(composed, _fitted(REFERENCE_REGIME))
    if regime == REFERENCE_REGIME:
        return reference
    laid = apply_regime(reference, load_regime(regime), load_book())
    fitted = _fitted(regime)
    return with_fitted(laid, {path: value for path, value in fitted.items() if path in laid.numbers})


def _fitted(regime: str) -> dict[str, float]:
    stored = load_parameters(regime).numbers
    return {path: number.value for path, number in stored.items() if number.kind == "parameter"}  # type: ignore[misc]  # fitted numbers are all floats
