"""People for a study: only the columns it reads, so that a million fit into memory, and the lender they met."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import FEATURES, TRUTH
from weilidai.parameters import Parameters
from weilidai.pipeline.simulate import simulate_blocks
from weilidai.progress import Progress

SEED_STEP: Final = 1_000
"""Between the seeds of two populations of a study; a test population stands half a step further."""
LABELS: Final = (
    "is_eligible", "is_invited", "is_opened", "initial_quota_cny", "daily_rate", "credit_grade", "is_overdue",
)


@dataclass(frozen=True)
class Crowd:
    """People and the truth behind them, row by row."""

    people: pd.DataFrame
    truth: pd.DataFrame

    def __len__(self) -> int:
        return len(self.people)

    def rows(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_] | slice) -> "Crowd":
        """Keep some rows, by position or by mask."""
        return Crowd(self.people.iloc[chosen], self.truth.iloc[chosen])


def gather(parameters: Parameters, rows: int, seed: int, progress: Progress, more: Iterable[str] = ()) -> Crowd:
    """Make people with every feature, label and true probability, and nothing else.

    Parameters
    ----------
    parameters
        The numbers of a regime.
    rows, seed
        How many, and which.
    progress
        Where to report to.
    more
        Further columns of applicants.
    """
    wanted = list(dict.fromkeys(("person_id", "snapshot_month", *FEATURES, *LABELS, *more)))
    kept: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    done = 0
    with progress.stage(f"making {rows:,} people of {parameters.regime}", rows) as advance:
        for applicants, truth in simulate_blocks(parameters, rows, seed):
            kept.append((applicants[wanted], truth[list(TRUTH)]))
            done += len(applicants)
            advance(done)
    people, behind = (pd.concat(parts, ignore_index=True) for parts in zip(*kept, strict=True))
    return Crowd(people, behind)


def seeds_of(first: int, count: int) -> tuple[int, ...]:
    """Give the seeds of ``count`` independent populations."""
    return tuple(first + SEED_STEP * number for number in range(count))
