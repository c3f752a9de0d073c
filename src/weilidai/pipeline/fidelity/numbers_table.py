"""How well the fitted numbers of the simulator are known, as a section of the fidelity page."""

import math
from collections.abc import Sequence

from weilidai.matching.uncertainty import FittedNumber
from weilidai.pipeline.fidelity.figures import NONE, short
from weilidai.pipeline.fidelity.tables import table
from weilidai.pipeline.markup import Html, element

HEADINGS = ("number", "value", "± over seeds", "assumed", "± assumed", "left open", "moved by", "left open by")
TOLD = (
    "Numbers that no document gives and matching finds, the least known first. The spread is the standard deviation "
    "over populations of other seeds; what is left open is that spread as a part of the assumed one, so 0 % is settled "
    "by the documents and 100 % is no better known than assumed; moved by is the distance from the assumed value in "
    "assumed spreads."
)


def numbers_section(numbers: Sequence[FittedNumber]) -> tuple[Html, ...]:
    """Show every fitted number with its spread, its prior and the file that leaves it open."""
    if not numbers:
        return ()
    rows = (_row(one) for one in numbers)
    return element("h2", "Fitted numbers"), element("p", TOLD), table(HEADINGS, rows, words=(0, 7))


def _row(one: FittedNumber) -> list[str]:
    spread = NONE if one.spread is None else short(one.spread)
    left_open = f"{one.left_open:.1%}".replace("%", "\u00a0%") if math.isfinite(one.left_open) else "not measured"
    return [
        element("code", one.path), short(one.value), spread, short(one.prior), short(one.prior_sd), left_open,
        f"{one.pulled:+.2f}".replace("-", "\u2212"), element("code", one.source),
    ]
