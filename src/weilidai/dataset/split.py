"""Who is learnt from, who stops the learning, who calibrates and who tests: by person and by time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.dataset.settings import DataSettings
from weilidai.errors import DataError

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_WORD: Final = 2**64
_STEP: Final = 0x9E3779B97F4A7C15
_MIXERS: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
"""Constants of splitmix64 (Steele, Lea and Flood, 2014)."""


@dataclass(frozen=True)
class Split:
    """Row positions of the four parts; no person is in two of them.

    ``train``, ``valid`` and ``calibrate`` share the earlier months and are told apart by person; ``test``
    holds the last months, whose people nobody has seen before.
    """

    train: IntArray
    valid: IntArray
    calibrate: IntArray
    test: IntArray
    test_months: tuple[str, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """People in each part."""
        return {name: len(getattr(self, name)) for name in ("train", "valid", "calibrate", "test")}


def split(applicants: pd.DataFrame, settings: DataSettings) -> Split:
    """Split a population by person within the earlier months and by time for the test.

    Where there is no time, the test is a share of the people, drawn by their numbers.

    The part of a person follows from the person's number and the seed alone: neither the order of the rows
    nor the number of other people moves anybody.

    Parameters
    ----------
    applicants
        One row per person with ``person_id``, and with ``snapshot_month`` unless the table knows no time.
    settings
        Months, or the share of people, kept for the test; shares of the other parts; seed.

    Raises
    ------
    DataError
        A person occurs twice, the months leave nothing to learn from, or a part stays empty.
    """
    twice = int(applicants["person_id"].duplicated().sum())
    if twice:
        raise DataError(
            f"{twice} rows repeat a person, who could then be learnt from and tested on",
            where="person_id",
            cure="keep one snapshot per person",
        )
    draw = person_draw(applicants["person_id"].to_numpy(), settings.seed)
    if "snapshot_month" in applicants.columns:
        months = applicants["snapshot_month"].to_numpy(dtype=object)
        test_months = _last_months(months, settings.test_months)
        is_test = np.isin(months, test_months)
    else:  # a number of its own per purpose: who tests says nothing about who stops and who calibrates
        test_months = ()
        is_test = person_draw(applicants["person_id"].to_numpy(), settings.seed + 1) < settings.test_share
    is_valid = ~is_test & (draw < settings.valid_share)
    is_calibrate = ~is_test & ~is_valid & (draw < settings.valid_share + settings.calibrate_share)
    parts = Split(
        train=np.flatnonzero(~(is_test | is_valid | is_calibrate)),
        valid=np.flatnonzero(is_valid),
        calibrate=np.flatnonzero(is_calibrate),
        test=np.flatnonzero(is_test),
        test_months=test_months,
    )
    _refuse_empty(parts, len(applicants))
    return parts


def person_draw(person_id: npt.NDArray[np.generic], seed: int) -> FloatArray:
    """Draw a uniform number on [0, 1) that belongs to the person; shape (people,).

    Examples
    --------
    >>> person_draw(np.array([1, 2]), seed=7).tolist() == person_draw(np.array([2, 1]), seed=7).tolist()[::-1]
    True
    """
    mixed = person_id.astype(np.int64).astype(np.uint64) + np.uint64((seed + 1) * _STEP % _WORD)
    for shift, mixer in _MIXERS:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(mixer)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _last_months(months: npt.NDArray[np.object_], count: int) -> tuple[str, ...]:
    known = sorted(set(months.tolist()))
    if len(known) <= count:
        raise DataError(
            f"{len(known)} snapshot months, the last {count} kept for the test: none is left to learn from",
            where="snapshot_month",
            cure="generate more months or lower data.test_months",
        )
    return tuple(known[-count:])


def _refuse_empty(parts: Split, rows: int) -> None:
    empty = [name for name, size in parts.sizes.items() if not size]
    if empty:
        raise DataError(
            f"{rows} people leave nobody for {', '.join(empty)}",
            where="split",
            cure="generate more people, or raise data.valid_share and data.calibrate_share",
        )
