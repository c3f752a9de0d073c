"""Walking down to the minimum of a distance: Gauss-Newton steps within bounds, told as they are taken."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import OptimizeResult, least_squares

from weilidai.matching.settings import MatchSettings

Vector = npt.NDArray[np.float64]
Residuals = Callable[[Vector], Vector]
Progress = Callable[[int, float], None]
"""Called with the number of the step and the distance reached."""


@dataclass(frozen=True)
class Descent:
    """Where the walk ended: the numbers, their squared distance, the slopes there, and the steps taken."""

    theta: Vector
    distance: float
    jacobian: npt.NDArray[np.float64]
    steps: int


def descend(
    residuals: Residuals, first: Vector, low: Vector, high: Vector, widths: Vector, settings: MatchSettings,
    progress: Progress | None = None, callback: Callable[[OptimizeResult], None] | None = None,
) -> Descent:
    """Find the numbers with the smallest squared residuals.

    Parameters
    ----------
    residuals
        Numbers of shape (free,) -> residuals of shape (targets,).
    first, low, high
        Start and bounds, shape (free,).
    widths
        Prior widths, shape (free,): the scale of a step and, times ``settings.difference``, of a difference.
    settings
        Most steps, and the precision at which to stop.
    progress
        Told at every step.
    callback
        May stop the walk early, as of :func:`scipy.optimize.least_squares`.
    """
    steps = 0

    def slopes(theta: Vector) -> npt.NDArray[np.float64]:
        nonlocal steps
        steps += 1
        here, columns = residuals(theta), []
        if progress:
            progress(steps, float(np.square(here).sum()))
        for i, step in enumerate(settings.difference * widths):
            moved = theta.copy()
            moved[i] += step
            columns.append((residuals(moved) - here) / step)
        return np.stack(columns, axis=1)

    found = least_squares(
        residuals, first, jac=slopes, bounds=(low, high), x_scale=widths, max_nfev=settings.steps,
        xtol=settings.precision, ftol=settings.precision, callback=callback,
    )
    return Descent(found.x, float(2 * found.cost), found.jac, steps)
