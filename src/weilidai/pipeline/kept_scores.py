"""What a model said of the people of the test, kept with its run so that two runs can be compared person by person.

No identifier is kept: two runs that read the same table, which its digest tells, have the same people row by row.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.evaluation.quota_metrics import QuotaScores
from weilidai.pipeline.judging import Seen

FOLDER: Final = "scores"
INVITE: Final = f"{FOLDER}/invite.parquet"
QUOTA: Final = f"{FOLDER}/quota.parquet"

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class KeptScores:
    """Labels and what was said of them, in the order of the test table."""

    label: BoolArray
    score: FloatArray
    is_eligible: BoolArray
    quota: QuotaScores | None
    """Of the opened; None when the run has no grants."""


def write_scores(seen: Seen, folder: Path) -> None:
    """Write what the model said below a folder of artifacts."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    invited = {"label": seen.label, "score": seen.chances["test"], "is_eligible": seen.is_eligible}
    pd.DataFrame(invited).to_parquet(folder / INVITE, index=False)
    if grants := seen.grants.get("test"):
        amounts = {"actual": grants.actual, "predicted": grants.predicted, "low": grants.low, "high": grants.high}
        pd.DataFrame({n: v for n, v in amounts.items() if v is not None}).to_parquet(folder / QUOTA, index=False)


def read_scores(invite: Path, quota: Path | None, interval_share: float = 0.9) -> KeptScores:
    """Read what :func:`write_scores` wrote."""
    table = pd.read_parquet(invite)
    return KeptScores(
        table["label"].to_numpy(bool), table["score"].to_numpy(float), table["is_eligible"].to_numpy(bool),
        None if quota is None else _grants(pd.read_parquet(quota), interval_share),
    )


def _grants(table: pd.DataFrame, interval_share: float) -> QuotaScores:
    low, high = (table[end].to_numpy(float) if end in table else None for end in ("low", "high"))
    return QuotaScores(table["actual"].to_numpy(float), table["predicted"].to_numpy(float), low, high, interval_share)
