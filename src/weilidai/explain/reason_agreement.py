"""How far what weighs on a person agrees with the truth, person by person, both counted from the same people.

Shares come with an interval over people: a person either was told the right main reason or was not.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.explain.attributions import FloatArray, gather_dimensions
from weilidai.explain.recovery import SPEAKS_UP
from weilidai.facts import FactorCatalogue

MOST_TOLD: Final = 4
LEVEL_WIDTH: Final = 1.959964
"""Standard errors on either side of a mean for 95 %."""


def agreement_by_person(truth: FloatArray, found: FloatArray, catalogue: FactorCatalogue) -> dict[str, FloatArray]:
    """Say for each person how far the reasons found are the true ones.

    Parameters
    ----------
    truth, found
        Log-odds by factor, shape (people, factors), in catalogue order; both counted from the same people.
    catalogue
        Factors and dimensions.

    Returns
    -------
    dict of str to FloatArray
        Shape (people,); NaN for whom nothing can be compared. ``main_dimension``, ``main_factor``: 1 where the most
        adverse is the true one, else 0. ``four_dimensions``, ``four_factors``: share of the (at most) four truly most
        adverse that are adverse and among the four found. ``sign``: share of equal signs over factors that make at
        least 5 % of the person's true attribution.
    """
    scores = {"sign": _same_sign(truth, found)}
    by_level = {
        "dimension": (gather_dimensions(truth, catalogue), gather_dimensions(found, catalogue)),
        "factor": (truth, found),
    }
    for level, (wanted, got) in by_level.items():
        against = (wanted < 0).any(axis=1)
        scores[f"main_{level}"] = np.where(against, wanted.argmin(axis=1) == got.argmin(axis=1), np.nan)
        scores[f"four_{level}s"] = _found(wanted, got)
    return scores


def same_main(found: Sequence[FloatArray]) -> FloatArray:
    """Say for each person which share of pairs of models names the same most adverse factor or dimension.

    Parameters
    ----------
    found
        One table per model, shape (people, factors or dimensions).
    """
    main = [one.argmin(axis=1) for one in found]
    same: FloatArray = np.mean([first == second for first, second in combinations(main, 2)], axis=0, dtype=np.float64)
    return same


def mean_with_interval(scores: npt.NDArray[np.float64]) -> Mapping[str, float]:
    """Give the mean over people who can be compared, and its 95 % interval, kept between 0 and 1."""
    told = scores[np.isfinite(scores)]
    if not len(told):
        return {"got": float("nan"), "low": float("nan"), "high": float("nan")}
    mean, half = float(told.mean()), float(LEVEL_WIDTH * told.std() / np.sqrt(len(told)))
    return {"got": mean, "low": max(mean - half, 0.0), "high": min(mean + half, 1.0)}


def _found(wanted: FloatArray, got: FloatArray) -> FloatArray:
    true, told = _worst(wanted), _worst(got)
    counts = true.sum(axis=1)
    return _share((true & told).sum(axis=1), counts)


def _worst(contributions: FloatArray) -> npt.NDArray[np.bool_]:
    ranked = np.argsort(contributions, axis=1, kind="stable")[:, :MOST_TOLD]
    marked: npt.NDArray[np.bool_] = np.zeros(contributions.shape, dtype=np.bool_)
    np.put_along_axis(marked, ranked, values=True, axis=1)
    return marked & (contributions < 0)


def _same_sign(truth: FloatArray, found: FloatArray) -> FloatArray:
    loud = np.abs(truth) >= SPEAKS_UP * np.abs(truth).sum(axis=1, keepdims=True)
    loud &= truth != 0
    counts = loud.sum(axis=1)
    same = (loud & (np.sign(truth) == np.sign(found))).sum(axis=1)
    return _share(same, counts)


def _share(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> FloatArray:
    """Divide, and give NaN where there is nothing to divide by."""
    share: FloatArray = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
