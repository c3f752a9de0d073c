"""From contributions of columns to contributions of documented factors and dimensions.

Tree SHAP shares a person's log-odds among the columns a model reads. Columns of one factor say the same
thing in several ways, so only their sum means something to a person.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import NEEDS
from weilidai.errors import ModelError
from weilidai.facts import FactorCatalogue

FloatArray = npt.NDArray[np.float64]
Level = Literal["factor", "dimension"]


def credit_missing(
    people: pd.DataFrame, contributions: npt.NDArray[Any], features: Sequence[str], *,
    averages: Mapping[str, float] | None = None,
) -> npt.NDArray[Any]:
    """Give what a missing value contributes to the column that makes it missing.

    Without a bureau record or with a permission withheld, the columns behind it are missing together, and
    trees may hang the same loss on any of them. The one thing known of the person is the record or the
    permission, so that is where the reason belongs; the simulator's truth is told the same way.

    Parameters
    ----------
    people
        One row per person.
    contributions
        Log-odds, shape (people, features) or one column more for their mean.
    features
        Column names in the order of the contributions.
    averages
        Column that may be missing -> the mean contribution it is counted from, that of people who have it; the
        mean itself goes to what makes it missing, as in the simulator's truth. Counted from 0 when left out.

    Returns
    -------
    ndarray
        The same shape and the same row sums.
    """
    unseen = {name: people[name].isna().to_numpy() for name in NEEDS if name in features}
    return credit_unseen(unseen, contributions, features, averages or {})


def credit_unseen(
    unseen: Mapping[str, npt.NDArray[np.bool_]], contributions: npt.NDArray[Any], features: Sequence[str],
    averages: Mapping[str, float],
) -> npt.NDArray[Any]:
    """Do what :func:`credit_missing` does, told for whom each column that may be missing is missing."""
    places = {name: place for place, name in enumerate(features)}
    moved = np.array(contributions, copy=True)
    for name, cause in NEEDS.items():
        if name in places and cause in places:
            average = averages.get(name, 0.0)
            moved[:, places[cause]] += np.where(unseen[name], moved[:, places[name]], average)
            moved[:, places[name]] = np.where(unseen[name], 0.0, moved[:, places[name]] - average)
    return moved


def seen_averages(
    people: pd.DataFrame, contributions: npt.NDArray[Any], features: Sequence[str]
) -> dict[str, float]:
    """Give, for each column that may be missing, the mean contribution over those of these people who have it."""
    averages = {}
    for place, name in enumerate(features):
        seen = people[name].notna().to_numpy() if name in NEEDS else np.zeros(len(people), dtype=np.bool_)
        if seen.any():
            averages[name] = float(contributions[seen, place].mean())
    return averages


def by_factor(contributions: npt.NDArray[Any], features: Sequence[str], catalogue: FactorCatalogue) -> FloatArray:
    """Sum contributions over the columns of each factor.

    Parameters
    ----------
    contributions
        Shape (people, features), log-odds; a last column more, the mean they are counted from, is left out.
    features
        Column names in the order of the contributions.
    catalogue
        Which column belongs to which factor.

    Returns
    -------
    FloatArray
        Shape (people, factors), in catalogue order; 0 where no column of the factor is a feature.

    Raises
    ------
    ModelError
        The contributions are not one per feature.
    ConfigError
        A feature belongs to no factor.
    """
    own = without_base(contributions, features)
    places = {factor: place for place, factor in enumerate(catalogue.factors)}
    summed: FloatArray = np.zeros((len(own), len(places)), dtype=np.float64)
    for place, name in enumerate(features):
        summed[:, places[catalogue.of_column(name).id]] += own[:, place]
    return summed


def gather_dimensions(factors: FloatArray, catalogue: FactorCatalogue) -> FloatArray:
    """Sum contributions of factors, shape (people, factors), to shape (people, dimensions)."""
    places = {dimension: place for place, dimension in enumerate(catalogue.dimensions)}
    summed: FloatArray = np.zeros((len(factors), len(places)), dtype=np.float64)
    for place, factor in enumerate(catalogue.factors.values()):
        summed[:, places[factor.dimension]] += factors[:, place]
    return summed


def shares(
    contributions: npt.NDArray[Any], features: Sequence[str], catalogue: FactorCatalogue, level: Level = "factor"
) -> pd.Series:
    """Say how much of the decisions each factor or each dimension makes.

    Returns
    -------
    Series
        Factor or dimension id -> mean absolute summed contribution as a part of the total; sums to 1, or is
        0 throughout when nothing contributes.
    """
    summed = by_factor(contributions, features, catalogue)
    if level == "dimension":
        return _shares(gather_dimensions(summed, catalogue), tuple(catalogue.dimensions))
    return _shares(summed, tuple(catalogue.factors))


def without_base(contributions: npt.NDArray[Any], features: Sequence[str]) -> FloatArray:
    """Leave out the mean that contributions are counted from, when it is there; shape (people, features)."""
    given = np.asarray(contributions, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] - len(features) not in (0, 1):  # noqa: PLR2004  (a table)
        raise ModelError(
            f"contributions of shape {given.shape} do not belong to {len(features)} features",
            where="contributions", cure="give one column per feature, in the order of the features",
        )
    return given[:, : len(features)]


def _shares(summed: FloatArray, names: tuple[str, ...]) -> pd.Series:
    sizes = np.abs(summed).mean(axis=0) if len(summed) else np.zeros(len(names))
    total = sizes.sum()
    return pd.Series(sizes / total if total else sizes, index=list(names), name="share")
