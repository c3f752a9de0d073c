"""What a first grant can be, and how wide an interval has to be to hold one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grants:
    """What grants can be: bounds and step, yuan."""

    minimum_cny: float
    maximum_cny: float
    step_cny: float

    def bound(self, cny: FloatArray) -> FloatArray:
        """Keep amounts between the smallest and the largest grant; same shape."""
        return np.clip(cny, self.minimum_cny, self.maximum_cny)

    def interval(self, centre: FloatArray, reach: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give the ends of an interval in yuan, rounded outward to the step.

        Parameters
        ----------
        centre, reach
            Middle and half width on the scale of the grant's logarithm; shapes (people,).
        """
        low, high = (self.bound(np.exp(np.ascontiguousarray(end))) for end in (centre - reach, centre + reach))
        return np.floor(low / self.step_cny) * self.step_cny, np.ceil(high / self.step_cny) * self.step_cny

    def needed(self, granted: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
        """Give the smallest number of spreads with which the rounded interval holds the grant; shape (people,).

        Rounding outward holds grants up to a step beyond the ends, and the ends themselves are kept within the
        bounds, so an interval calibrated on its ends before rounding would hold more than it promises.
        """
        step = self.step_cny
        first_too_high = np.log((np.floor(granted / step) + 1) * step)
        with np.errstate(divide="ignore"):
            last_too_low = np.log((np.ceil(granted / step) - 1) * step)
        # No low end is above the largest grant, and no high end below the smallest.
        downward = np.where(granted >= self.maximum_cny, 0.0, (centre - first_too_high) / spread)
        upward = np.where(granted <= self.minimum_cny, 0.0, (last_too_low - centre) / spread)
        needed: FloatArray = np.maximum(np.maximum(downward, upward), 0.0)
        return needed

    def chance_held(self, low: FloatArray, high: FloatArray, log_mean: FloatArray, log_sd: FloatArray) -> FloatArray:
        """Give the chance that an interval holds a grant drawn from a lognormal, stepped and bounded; shape (people,).

        Parameters
        ----------
        low, high
            Ends, whole steps, yuan.
        log_mean, log_sd
            Mean and standard deviation of the grant's logarithm before it is stepped and bounded.
        """
        half = self.step_cny / 2
        above, below = (ndtr((np.log(end) - log_mean) / log_sd) for end in (high + half, low - half))
        return np.where(high >= self.maximum_cny, 1.0, above) - np.where(low <= self.minimum_cny, 0.0, below)
