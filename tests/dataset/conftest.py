"""A small table that keeps the column contract, drawn column by column from the catalogue."""

from zlib import crc32

import numpy as np
import pandas as pd
import pytest

from weilidai.columns import CATALOGUE, LEVELS, Column

ROWS = 1200
MONTHS = tuple(f"2021-{month:02d}" for month in range(1, 13))


def draw(column: Column) -> pd.Series:
    random = np.random.default_rng(crc32(column.name.encode()))
    if column.kind == "category":
        return pd.Series(random.choice(LEVELS[column.name], ROWS), dtype="str")
    if column.kind == "flag":
        return pd.Series(random.random(ROWS) < 0.5)
    low = column.low or 0.0
    high = min(column.high or 50.0, low + 50.0)
    numbers = random.uniform(low, high, ROWS)
    return pd.Series(np.floor(numbers) if column.kind == "count" else numbers, dtype="float32")


@pytest.fixture(scope="session")
def _kept_table() -> pd.DataFrame:
    random = np.random.default_rng(3)
    table = pd.DataFrame({name: draw(c) for name, c in CATALOGUE.items() if c.kind != "text"})
    table["person_id"] = np.arange(ROWS)
    table["snapshot_month"] = pd.Series(random.choice(MONTHS, ROWS), dtype="str")
    table["regime"] = "optimisation"
    table["real_name_months"] = np.minimum(table["real_name_months"], table["account_age_months"])
    table["bureau_inquiry_count_3m"] = np.minimum(table["bureau_inquiry_count_3m"], table["bureau_inquiry_count_6m"])
    for name, column in CATALOGUE.items():
        if column.permission is not None:
            table.loc[~table[column.permission], name] = np.nan
    return table


@pytest.fixture
def applicants(_kept_table: pd.DataFrame) -> pd.DataFrame:
    """A table of one's own to break."""
    return _kept_table.copy()
