"""The people a grant and a rate can be learnt from: those who opened."""

import numpy as np
import pandas as pd

from weilidai.errors import DataError
from weilidai.models.features import numbers


def opened_people(people: pd.DataFrame, label: str) -> pd.DataFrame:
    """Keep the people who opened, and refuse amounts that cannot be.

    Raises
    ------
    DataError
        Nobody opened, or ``label`` is missing, infinite, zero or negative for somebody who did.
    """
    opened: pd.DataFrame = people.loc[np.equal(numbers(people["is_opened"]), 1)]
    if opened.empty:
        raise DataError(f"none of {len(people)} people opened", where="is_opened", cure="generate more people")
    amounts = numbers(opened[label])
    wrong = int((~(np.isfinite(amounts) & (amounts > 0))).sum())
    if wrong:
        raise DataError(
            f"missing, infinite, zero or negative for {wrong} of {len(opened)} people who opened",
            where=label,
            cure="every opened person has a positive first grant and rate",
        )
    return opened
