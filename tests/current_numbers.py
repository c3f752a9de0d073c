"""The simulator's numbers for tests of mechanisms: facts and assumptions of now, fitted numbers as stored.

A test of what a mechanism does need not wait for a new matching after a fact or an assumption was added.
"""

from functools import lru_cache

from weilidai.facts import load_book
from weilidai.matching import load_parameters
from weilidai.matching.compose import compose, with_fitted
from weilidai.parameters import Parameters


@lru_cache(maxsize=1)
def current_numbers() -> Parameters:
    stored = load_parameters()
    composed = compose(load_book())
    fitted = {path: number.value for path, number in stored.numbers.items() if number.kind == "parameter"}
    return with_fitted(composed, fitted)  # type: ignore[arg-type]  # fitted numbers are all floats
