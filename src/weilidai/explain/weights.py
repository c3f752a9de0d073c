"""Documented weights against the truth's and the model's, with intervals over people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from weilidai.errors import ConfigError, suggest
from weilidai.explain.attributions import FloatArray
from weilidai.explain.recovery import paired
from weilidai.facts import FactorCatalogue

Parts = Mapping[str, Sequence[str]]
"""Part of a weighting -> the factors that feed it."""
OTHERS: Final = "others"
"""Factors that no part of a weighting names."""
COLUMNS: Final = ("documented_weight", "oracle_share", "model_share")


def parts_of(catalogue: FactorCatalogue) -> dict[str, tuple[str, ...]]:
    """Give dimension -> factors, in catalogue order: the parts of the composite lender."""
    return {
        dimension: tuple(name for name, factor in catalogue.factors.items() if factor.dimension == dimension)
        for dimension in catalogue.dimensions
    }


def with_others(parts: Parts, catalogue: FactorCatalogue) -> dict[str, tuple[str, ...]]:
    """Add the factors that no part names as a part of their own, so that nothing stays unseen."""
    named = {factor for factors in parts.values() for factor in factors}
    rest = tuple(factor for factor in catalogue.factors if factor not in named)
    return {name: tuple(factors) for name, factors in parts.items()} | ({OTHERS: rest} if rest else {})


def weight_table(
    model_contributions: npt.NDArray[Any],
    truth: pd.DataFrame,
    catalogue: FactorCatalogue,
    parts: Parts,
    documented: Mapping[str, float],
    *,
    replicates: int = 200,
    level: float = 0.95,
    seed: int = 11,
) -> pd.DataFrame:
    """Set documented weight, oracle share and model share of each part side by side, with intervals over people.

    A share is the mean absolute contribution of the part over people, centred on the same people, as a part
    of the sum over the parts with a documented weight.

    ``documented`` holds part -> weight, 0 to 1; parts without one stand on the same scale. Contributions are
    log-odds of eligible people, shape (people, factors), in catalogue order; ``truth`` is of the same people.

    Returns
    -------
    DataFrame
        One row per part: ``dimension``, ``documented_weight``, ``oracle_share``, ``model_share``,
        ``difference`` (model minus oracle), and ``<figure>_low``, ``<figure>_high`` of the last three from so
        many bootstrap ``replicates``; none from 0.

    Raises
    ------
    DataError
        The two tables are not of the same people.
    ConfigError
        A documented part or a factor does not exist.
    """
    places = _places(parts, documented, catalogue)
    weighed = np.array([name in documented for name in parts])
    oracle, model = (_sizes(contributions, places) for contributions in paired(model_contributions, truth, catalogue))
    figures = _figures(oracle.mean(axis=0), model.mean(axis=0), weighed)
    table = pd.DataFrame({
        "dimension": list(parts),
        "documented_weight": [documented.get(name, float("nan")) for name in parts],
        **figures,
    })
    if not replicates:
        return table
    draws = [_figures(o, m, weighed) for o, m in zip(*_drawn(oracle, model, replicates, seed), strict=True)]
    return table.assign(**_between(draws, level))


def rank_agreement(model_contributions: npt.NDArray[Any], truth: pd.DataFrame, catalogue: FactorCatalogue) -> float:
    """Give the mean over people of the rank correlation between true and found contributions of the factors.

    Only factors count that contribute to somebody, in truth or in the model. NaN when nobody can be compared.
    """
    oracle, model = paired(model_contributions, truth, catalogue)
    used = (oracle != 0).any(axis=0) | (model != 0).any(axis=0)
    ranks = [rankdata(one[:, used], axis=1) for one in (oracle, model)] if used.any() else []
    if not ranks:
        return float("nan")
    first, second = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    size = np.sqrt(np.square(first).sum(axis=1) * np.square(second).sum(axis=1))
    told = size > 0
    return float(((first * second).sum(axis=1)[told] / size[told]).mean()) if told.any() else float("nan")


def _places(parts: Parts, documented: Mapping[str, float], catalogue: FactorCatalogue) -> list[list[int]]:
    factors = list(catalogue.factors)
    for name in documented:
        if name not in parts:
            raise ConfigError(f"there is no part '{name}'", where="documented weights", cure=suggest(name, parts))
    for name in (factor for fed in parts.values() for factor in fed):
        if name not in catalogue.factors:
            raise ConfigError(f"there is no factor '{name}'", where="parts", cure=suggest(name, factors))
    return [[factors.index(name) for name in fed] for fed in parts.values()]


def _sizes(contributions: FloatArray, places: Sequence[Sequence[int]]) -> FloatArray:
    sums: FloatArray = np.stack([contributions[:, place].sum(axis=1) for place in places], axis=1)
    return np.abs(sums)


def _figures(oracle: FloatArray, model: FloatArray, weighed: npt.NDArray[np.bool_]) -> dict[str, FloatArray]:
    shares = [sizes / total if (total := float(sizes[weighed].sum())) else sizes for sizes in (oracle, model)]
    return {"oracle_share": shares[0], "model_share": shares[1], "difference": shares[1] - shares[0]}


def _between(draws: Sequence[Mapping[str, FloatArray]], level: float) -> dict[str, FloatArray]:
    tails = ((1 - level) / 2, (1 + level) / 2)
    held = {name: np.quantile([draw[name] for draw in draws], tails, axis=0) for name in draws[0]}
    return {f"{name}_{side}": both[place] for name, both in held.items() for place, side in enumerate(("low", "high"))}


def _drawn(oracle: FloatArray, model: FloatArray, replicates: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Draw the same people for both; shapes (replicates, parts)."""
    random, people = np.random.default_rng(seed), len(oracle)
    counts = [np.bincount(random.integers(0, people, people), minlength=people) for _ in range(replicates)]
    drawn = np.stack(counts) / people
    return drawn @ oracle, drawn @ model
