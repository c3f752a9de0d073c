"""From contributions of columns to contributions of documented factors and dimensions.

Tree SHAP shares a person's log-odds among the columns a model reads. Columns of one factor say the same
thing in several ways, so only their sum means something to a person.
"""

from collections.abc import Sequence
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
    people: pd.DataFrame, contributions: npt.NDArray[Any], features: Sequence[str]
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

    Returns
    -------
    ndarray
        The same shape and the same row sums.
    """
    places = {name: place for place, name in enumerate(features)}
    moved = np.array(contributions, copy=True)
    for name, cause in NEEDS.items():
        if name in places and cause in places:
            unseen = people[name].isna().to_numpy()
            moved[unseen, places[cause]] += moved[unseen, places[name]]
            moved[unseen, places[name]] = 0
    return moved


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
