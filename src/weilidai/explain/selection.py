"""Which factors are worth telling a person, and by which of their columns, for a whole table at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from weilidai.explain.attributions import FloatArray, by_factor, without_base
from weilidai.facts import FactorCatalogue

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]
Side = Literal["adverse", "favourable"]

NOBODY: Final = -1
"""Stands in a row of chosen factors where there are no more."""


@dataclass(frozen=True)
class Chosen:
    """The factors told to each person, strongest first; shapes (people, at most so many).

    Parameters
    ----------
    factors
        Places in the catalogue; ``NOBODY`` where there are no more.
    columns
        Places among the features: the factor's column that contributes most to this side.
    contributions
        Summed log-odds of the factor.
    """

    factors: IntArray
    columns: IntArray
    contributions: FloatArray


def choose(
    contributions: npt.NDArray[Any],
    features: Sequence[str],
    catalogue: FactorCatalogue,
    *,
    side: Side = "adverse",
    most: int = 4,
    least_share: float = 0.05,
    told_already: BoolArray | None = None,
) -> Chosen:
    """Choose the factors that tell most about each person.

    A factor is told when its summed contribution is on the wanted side and makes at least ``least_share`` of
    the person's total absolute attribution. Protected factors are never told. Ties go in catalogue order.

    Parameters
    ----------
    contributions, features, catalogue
        As for :func:`~weilidai.explain.attributions.by_factor`.
    side
        ``adverse`` for what lowers the log-odds, ``favourable`` for what raises them.
    most
        Most factors for one person.
    least_share
        Least part of the person's total attribution, 0 to 1.
    told_already
        Shape (people, factors): factors that something else has told.
    """
    sign = -1.0 if side == "adverse" else 1.0
    own = without_base(contributions, features)
    strength = sign * by_factor(own, features, catalogue)
    total = np.abs(strength).sum(axis=1, keepdims=True)
    is_told = (strength > 0) & (strength >= least_share * total) & ~_protected(catalogue)
    if told_already is not None:
        is_told &= ~told_already
    ranked = np.argsort(np.where(is_told, -strength, np.inf), axis=1, kind="stable")[:, :most]
    kept = np.take_along_axis(is_told, ranked, axis=1)
    return Chosen(
        factors=np.where(kept, ranked, NOBODY),
        columns=np.take_along_axis(_strongest_columns(sign * own, features, catalogue), ranked, axis=1),
        contributions=sign * np.take_along_axis(strength, ranked, axis=1),
    )


def _protected(catalogue: FactorCatalogue) -> BoolArray:
    return np.array([factor.is_protected for factor in catalogue.factors.values()], dtype=np.bool_)


def _strongest_columns(strength: FloatArray, features: Sequence[str], catalogue: FactorCatalogue) -> IntArray:
    """Find each factor's strongest column; shape (people, factors), 0 where a factor has no feature."""
    places = {name: place for place, name in enumerate(features)}
    strongest: IntArray = np.zeros((len(strength), len(catalogue.factors)), dtype=np.intp)
    for number, factor in enumerate(catalogue.factors.values()):
        own = np.array([places[name] for name in factor.columns if name in places], dtype=np.intp)
        if own.size:
            strongest[:, number] = own[np.argmax(strength[:, own], axis=1)]
    return strongest
