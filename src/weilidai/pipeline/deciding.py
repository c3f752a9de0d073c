"""Decisions for some rows of a file, and the count of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Literal

import pandas as pd

from weilidai.errors import DataError
from weilidai.inference.decider import Decider
from weilidai.pipeline.birth import STATEMENT


@dataclass(frozen=True)
class Predicted:
    """What a scoring job did."""

    people: int
    invited: int
    warnings: Mapping[str, int]
    """What is doubtful about the table -> pieces of it concerned."""
    is_synthetic: bool = True
    """Whether the model has learnt the simulated lender, and not a table of one's own."""


def notes_of(decider: Decider) -> dict[str, str]:
    """Say what a file of decisions tells about itself."""
    born = decider.birth_certificate
    statement = str(born.get("statement", STATEMENT if decider.bundle.own_table is None else ""))
    return {"statement": statement, "model": decider.origin, "birth_certificate": dumps(born)}


def begun(decider: Decider) -> Predicted:
    """Give the count of nobody yet."""
    return Predicted(0, 0, Counter(), decider.bundle.own_table is None)


def decide_chunk(
    decider: Decider, chunk: pd.DataFrame, reasons: Literal["zh", "en"] | None, file: Path
) -> pd.DataFrame:
    """Decide for some rows of a file; a row that breaks the contract is placed in the file."""
    try:
        return decider.decide(chunk, reasons=reasons)
    except DataError as error:
        first, last = int(chunk.index[0]) + 1, int(chunk.index[-1]) + 1
        counted = f", counted here from {first} as 1" if first > 1 else ""
        raise DataError(error.what, where=f"{file}, rows {first} to {last}{counted}", cure=error.cure) from error


def counted_in(so_far: Predicted, decided: pd.DataFrame, decider: Decider, chunk: pd.DataFrame) -> Predicted:
    """Count some more decisions in."""
    warnings = Counter(so_far.warnings)
    warnings.update(f"{problem.column}: {problem.what}" for problem in decider.problems(chunk))
    invited = int(decided["is_invited"].sum())
    return Predicted(so_far.people + len(decided), so_far.invited + invited, warnings, so_far.is_synthetic)
