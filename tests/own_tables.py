"""Tables of the columns of the public Taiwan table, drawn at random, for tests that need one of one's own."""

from pathlib import Path

import numpy as np
import pandas as pd

from weilidai.dataset.mapping import read_mapping
from weilidai.own_table import OwnTable
from weilidai.places import configs_dir

MAPPING = configs_dir() / "own_data" / "taiwan_mapping.yaml"
LABEL = "default.payment.next.month"
MONTHS = ("0", "2", "3", "4", "5", "6")


def taiwan() -> OwnTable:
    return read_mapping(MAPPING)


def drawn_table(rows: int = 3000, seed: int = 5) -> pd.DataFrame:
    """Draw customers: who pays late and has a small line defaults more often."""
    random = np.random.default_rng(seed)
    late = random.choice([-2, -1, 0, 1, 2, 3], (rows, 6), p=[0.1, 0.2, 0.5, 0.1, 0.08, 0.02])
    line = np.round(random.lognormal(11.8, 0.8, rows), -4) + 10_000
    bills = np.round(line[:, None] * random.uniform(0, 0.9, (rows, 6)))
    paid = np.round(bills * random.uniform(0, 0.3, (rows, 6)))
    odds = -1.6 + 0.8 * np.maximum(late[:, 0], 0) + 0.3 * np.maximum(late[:, 1], 0) - 0.5 * np.log(line / 130_000)
    table = {"ID": np.arange(1, rows + 1), "LIMIT_BAL": line, "SEX": random.integers(1, 3, rows)}
    table |= {"EDUCATION": random.integers(0, 7, rows), "MARRIAGE": random.integers(0, 4, rows)}
    table |= {"AGE": random.integers(21, 70, rows)}
    table |= {f"PAY_{name}": late[:, place] for place, name in enumerate(MONTHS)}
    table |= {f"BILL_AMT{place + 1}": bills[:, place] for place in range(6)}
    table |= {f"PAY_AMT{place + 1}": paid[:, place] for place in range(6)}
    return pd.DataFrame(table | {LABEL: (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)})


def written(table: pd.DataFrame, file: Path) -> Path:
    table.to_csv(file, index=False)
    return file
