"""Same risk, same price: gaps between groups of equal true risk, and how large one must be to be found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

DAYS_A_YEAR: Final = 360
"""By which the documents turn a daily rate into an annual one."""
BASIS_POINTS: Final = 10_000
FEWEST_IN_A_BIN: Final = 2
"""People a group needs in a bin for its price there to have a spread."""


def annual_bp(daily_rate: FloatArray) -> FloatArray:
    """Write daily rates as basis points a year.

    Examples
    --------
    >>> annual_bp(np.array([0.00023])).round(6).tolist()
    [828.0]
    """
    return daily_rate * DAYS_A_YEAR * BASIS_POINTS


def risk_bins(chance: FloatArray, bins: int) -> IntArray:
    """Cut people into bins of about equal size by their true chance of being overdue; ties stay together."""
    cuts = np.unique(np.quantile(chance, np.arange(1, bins) / bins))
    return np.searchsorted(cuts, chance, side="right").astype(np.int64)


@dataclass(frozen=True)
class PriceGap:
    """How much more a group pays than others of the same risk.

    Parameters
    ----------
    gap_bp
        Basis points of the annual rate; 0 is parity, above 0 the group pays more.
    error_bp
        Standard error.
    compared
        Part of the group that has others of the same risk to be compared with.
    """

    gap_bp: float
    error_bp: float
    compared: float


def price_gap(price_bp: FloatArray, risk: IntArray, member: BoolArray) -> PriceGap:
    """Compare the prices of a group with those of the others, risk bin by risk bin, each as the group fills it.

    Parameters
    ----------
    price_bp
        Prices, basis points a year; shape (people,).
    risk
        Risk bin; shape (people,).
    member
        Who belongs to the group; shape (people,).
    """
    ours, theirs = (_moments(price_bp[who], risk[who], int(risk.max()) + 1) for who in (member, ~member))
    both = (ours[0] >= FEWEST_IN_A_BIN) & (theirs[0] >= FEWEST_IN_A_BIN)
    if not both.any():
        return PriceGap(float("nan"), float("nan"), 0.0)
    weight = ours[0][both] / ours[0][both].sum()
    gap = float(np.sum(weight * (ours[1][both] - theirs[1][both])))
    variance = ours[2][both] / ours[0][both] + theirs[2][both] / theirs[0][both]
    return PriceGap(gap, float(np.sqrt(np.sum(weight**2 * variance))), float(ours[0][both].sum() / member.sum()))


@dataclass(frozen=True)
class Power:
    """How often planted gaps are found.

    Parameters
    ----------
    planted_bp
        Gaps.
    found
        Share of the draws in which each is found, the same order.
    false_alarm
        Share of the draws in which one is found though none is planted; about 1 less the level when all is right.
    detectable_bp
        Smallest gap found in the wanted share of draws.
    """

    planted_bp: tuple[float, ...]
    found: tuple[float, ...]
    false_alarm: float
    detectable_bp: float


def planted_power(
    price_bp: FloatArray, risk: IntArray, member: BoolArray, planted_bp: Sequence[float], *,
    resamples: int, level: float, power: float, seed: int,
) -> Power:
    """Plant gaps in prices that have none, and count how often they are found.

    Prices are shuffled within each risk bin, which takes every gap away and keeps all else; people are drawn with
    replacement; then everybody of the group pays the planted gap more. As a gap for everybody moves the measured
    one by itself and no error, one draw serves for all gaps.

    Parameters
    ----------
    price_bp, risk, member
        As for :func:`price_gap`.
    planted_bp
        Gaps to plant.
    resamples
        Draws.
    level
        Level of the interval that must exclude 0 for a gap to be found.
    power
        Wanted share of draws.
    seed
        Seed of the draws.
    """
    random, people = np.random.default_rng(seed), len(price_bp)
    drawn = []
    for _ in range(resamples):
        chosen = random.integers(people, size=people)
        shuffled = _shuffled_within(price_bp[chosen], risk[chosen], random)
        drawn.append(price_gap(shuffled, risk[chosen], member[chosen]))
    gaps, errors = (np.array([getattr(one, name) for one in drawn]) for name in ("gap_bp", "error_bp"))
    reach = float(ndtri((1 + level) / 2)) * errors

    def share_found(planted: float) -> float:
        return float(np.mean(np.abs(gaps + planted) > reach))

    needed = np.sort(reach - gaps)
    detectable = float(np.quantile(needed, power)) if np.isfinite(needed).all() else float("nan")
    return Power(tuple(planted_bp), tuple(share_found(gap) for gap in planted_bp), share_found(0.0), detectable)


def _moments(price: FloatArray, risk: IntArray, bins: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count, mean and sample variance by bin."""
    count = np.bincount(risk, minlength=bins).astype(np.float64)
    mean = np.bincount(risk, price, minlength=bins) / np.maximum(count, 1)
    squares = np.bincount(risk, (price - mean[risk]) ** 2, minlength=bins)
    return count, mean, squares / np.maximum(count - 1, 1)


def _shuffled_within(price: FloatArray, risk: IntArray, random: np.random.Generator) -> FloatArray:
    by_bin = np.argsort(risk, kind="stable")
    mixed = np.lexsort((random.random(len(price)), risk))
    shuffled = np.empty_like(price)
    shuffled[by_bin] = price[mixed]
    return shuffled
