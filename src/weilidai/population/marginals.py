"""From a standard normal index to a realistic value: skewed, zero-inflated, heaped, bounded.

Every function rises with z. ``z`` has shape (people,) and about unit variance; values come back in the same
shape as float32, flags as bool.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from weilidai.logistic import logistic
from weilidai.population.settings import ColumnModel

FloatArray = npt.NDArray[np.float32]
_f = np.float32


def lognormal(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Positive and skewed: the median times exp(spread z)."""
    value: FloatArray = _f(model.median) * np.exp(_f(model.spread) * z)
    return value


def hurdle(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Zero for most of the low end, lognormal above."""
    cut = _threshold(model.share)
    middle = _f(ndtri(1 - _given(model.share) / 2))
    value = _f(model.median) * np.exp(_f(model.spread) * (z - middle))
    return np.where(z > cut, value, _f(0))


def count(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Whole numbers with a long tail and a natural share of zeros."""
    return np.floor(lognormal(z, model))


def share(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Between 0 and 1, both excluded."""
    value: FloatArray = logistic(_f(model.location) + _f(model.spread) * z)
    return value


def full_share(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Exactly 1 for the upper part, below 1 for the others."""
    cut = _threshold(model.full)
    return np.where(z > cut, _f(1), short_share(z, model))


def short_share(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Go on rising where a full share would have jumped to 1: always below 1."""
    value: FloatArray = logistic(_f(model.location) + _f(model.spread) * (z - _threshold(model.full)))
    return value


def flag(z: FloatArray, model: ColumnModel) -> npt.NDArray[np.bool_]:
    """Give true for the upper part."""
    return z > _threshold(model.share)


def score(z: FloatArray, model: ColumnModel) -> FloatArray:
    """Spread normally around the mean."""
    return _f(model.mean) + _f(model.sd) * z


def _given(value: float | None) -> float:
    if value is None:
        raise ValueError("this marginal needs a share")
    return value


def _threshold(share_above: float | None) -> np.float32:
    return _f(ndtri(1 - _given(share_above)))


MARGINALS: dict[str, Callable[[FloatArray, ColumnModel], npt.NDArray[Any]]] = {
    "lognormal": lognormal, "hurdle": hurdle, "count": count, "share": share,
    "full_share": full_share, "flag": flag, "score": score,
}
