"""Simulated method of moments: find the free numbers under which generated people obey the documents.

The same people with the same noise are judged under every trial value (common random numbers), and states
enter as probabilities, so the distance is smooth and Gauss-Newton steps find its minimum. A weak pull
towards the assumed values decides where the documents leave something open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from weilidai.facts import Book, Prior, Target
from weilidai.lender import LenderParameters
from weilidai.matching.compose import with_fitted
from weilidai.matching.descent import Progress, Vector, descend
from weilidai.matching.moments import MOMENTS
from weilidai.matching.settings import MatchSettings
from weilidai.matching.simulated import Columns, centred, expected_crowd, marks_of, populate
from weilidai.parameters import Parameters, build, flatten, nest
from weilidai.population import PopulationParameters


class Residuals(Protocol):
    """Distances from targets as a function of free numbers."""

    def residuals(self, theta: Vector) -> Vector:
        """Distances from the targets, in tolerances."""


@dataclass(frozen=True)
class Fit:
    """What matching found: full parameters, the distance at the start and at the end, and the steps taken."""

    parameters: Parameters
    distance_before: float
    distance_after: float
    steps: int
    spread: dict[str, float] = field(default_factory=dict)
    """Free number -> standard deviation over populations of other seeds, each re-fitted by one step."""


class _Problem:
    """Distance between simulated moments and targets as a function of the free numbers."""

    def __init__(self, parameters: Parameters, book: Book, settings: MatchSettings) -> None:
        self.base = parameters
        self.book = book
        self.settings = settings
        self.targets = [t for t in book.targets() if t.role == "fit"]
        self.priors = dict(book.priors())
        self.paths = sorted(self.priors)
        self.marks = marks_of(parameters, book)
        self.sd = np.array([self.priors[p].sd for p in self.paths])
        self._people: dict[bytes, list[Columns]] = {}

    def on(self, seed: int) -> "_Problem":
        """Pose the same problem to the people of another seed."""
        return _Problem(self.base, self.book, self.settings.model_copy(update={"seed": seed}))

    def residuals(self, theta: Vector) -> Vector:
        """Distances from the targets in tolerances, then the weak pull towards the assumed values."""
        population, lender = self.parts(theta)
        blocks = self.people(theta, population)
        lender = centred(lender, blocks, self.settings.seed)
        crowd = expected_crowd(blocks, lender, self.settings.seed, self.marks)
        off = [distance(target, MOMENTS[target.moment](crowd)) for target in self.targets]
        start = np.array([_start(self.priors[path]) for path in self.paths])
        return np.concatenate([off, self.settings.pull * (theta - start) / self.sd])

    def parts(self, theta: Vector) -> tuple[PopulationParameters, LenderParameters]:
        """Read population and lender at these values of the free numbers."""
        values = {path: number.value for path, number in self.base.numbers.items()}
        values.update(zip(self.paths, map(float, theta), strict=True))
        tree = nest(values)
        return (
            build(tree["population"], PopulationParameters, "population"),
            build(tree["lender"], LenderParameters, "lender"),
        )

    def people(self, theta: Vector, population: PopulationParameters) -> list[Columns]:
        """Make the people of these free numbers, or give those made before."""
        key = theta[[path.startswith("population.") for path in self.paths]].tobytes()
        if key not in self._people:
            if len(self._people) > 1:
                self._people.pop(next(reversed(self._people)))
            self._people[key] = populate(population, self.settings.seed, self.settings.blocks)
        return self._people[key]


def fit(
    parameters: Parameters, book: Book, settings: MatchSettings,
    start: Mapping[str, float] | None = None, progress: Progress | None = None,
) -> Fit:
    """Find the free numbers that bring every ``fit`` target within reach.

    Parameters
    ----------
    parameters
        Documented and assumed numbers (see :func:`weilidai.matching.compose.compose`).
    book
        The facts, for targets and priors.
    settings
        People, seed, steps.
    start
        Free numbers to start from instead of the assumed ones.
    progress
        Told after every step.
    """
    problem = _Problem(parameters, book, settings)
    first = _bounded(problem, start or {})
    low, high = (np.array([getattr(problem.priors[p], side) for p in problem.paths]) for side in ("low", "high"))
    found = descend(problem.residuals, first, low, high, problem.sd, settings, progress)
    before = float(np.square(problem.residuals(first)).sum())
    moves = moves_over(problem, map(problem.on, other_seeds(settings)), found.theta, found.jacobian)
    theta = np.clip(averaged(found.theta, moves), low, high)
    after = float(np.square(problem.residuals(theta)).sum())
    spread = spread_of(moves, problem.paths)
    return Fit(with_fitted(parameters, _measured(problem, theta)), before, after, found.steps, spread)


def other_seeds(settings: MatchSettings) -> range:
    """Name the seeds of the populations over which the spread of fitted numbers is taken."""
    return range(settings.seed + 1, settings.seed + 1 + settings.spread_seeds)


def moves_over(
    own: Residuals, others: Iterable[Residuals], theta: Vector, jacobian: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Tell how the free numbers would move on other people; shape (populations, free).

    From the minimum, one Gauss-Newton step per seed leads to that population's own minimum to first order,
    so a full fit for each is not needed. What is left at the fitted people's own minimum is no move.

    Parameters
    ----------
    own, others
        The problem on the people it was solved for, and on people of other seeds.
    theta, jacobian
        Free numbers at the minimum, and how the residuals follow them there.
    """
    left = own.residuals(theta)
    moved = [np.linalg.lstsq(jacobian, left - other.residuals(theta), rcond=None)[0] for other in others]
    return np.reshape(moved, (len(moved), len(theta)))


def averaged(theta: Vector, moves: npt.NDArray[np.float64]) -> Vector:
    """Average the minima of all populations, the fitted one among them: the chance of one draw fades."""
    centre: Vector = theta + moves.sum(axis=0) / (len(moves) + 1)
    return centre


def spread_of(moves: npt.NDArray[np.float64], paths: Sequence[str]) -> dict[str, float]:
    """Give the standard deviation of each free number over populations; empty where fewer than two were asked."""
    if len(moves) < 2:  # noqa: PLR2004  # one value has no spread
        return {}
    return dict(zip(paths, np.std(moves, axis=0, ddof=1).tolist(), strict=True))


def distance(target: Target, got: float) -> float:
    """Distance of a moment from its target in tolerances; 0 beyond a one-sided bound."""
    off = (got - target.wanted) / target.tolerance
    if target.bound == "at_least":
        return min(off, 0.0)
    return max(off, 0.0) if target.bound == "at_most" else off


def _bounded(problem: _Problem, start: Mapping[str, float]) -> Vector:
    values = [start.get(path, _start(problem.priors[path])) for path in problem.paths]
    margin = 1e-6
    low = [problem.priors[p].low + margin for p in problem.paths]
    high = [problem.priors[p].high - margin for p in problem.paths]
    inside: Vector = np.clip(np.array(values), low, high)
    return inside


def _start(prior: Prior) -> float:
    return 0.0 if prior.start is None else prior.start


def _measured(problem: _Problem, theta: Vector) -> dict[str, float]:
    """Collect the free numbers and what only a population can tell (means, scales)."""
    population, lender = problem.parts(theta)
    blocks = problem.people(theta, population)
    lender = centred(lender, blocks, problem.settings.seed)
    fitted: dict[str, Any] = dict(zip(problem.paths, map(float, theta), strict=True))
    fitted |= flatten(dict(lender.invitation.centres), "lender.invitation.centres")
    fitted |= flatten(dict(lender.invitation.neutral), "lender.invitation.neutral")
    met = {name: meeting.model_dump() for name, meeting in lender.invitation.meetings.items()}
    fitted |= flatten(met, "lender.invitation.meetings")
    grant = lender.first_grant
    fitted |= {
        "lender.first_grant.signal_centre": grant.signal_centre,
        "lender.first_grant.signal_scale": grant.signal_scale,
    }
    return {path: round(float(value), 6) for path, value in fitted.items()}


def perturbed(
    book: Book, settings: MatchSettings, widths: float, paths: Sequence[str] | None = None
) -> dict[str, float]:
    """Draw a start away from the assumed values, by so many prior widths, inside the bounds."""
    draw = np.random.default_rng(settings.seed)
    moved = {}
    for path in sorted(paths or book.priors()):
        prior = book.priors()[path]
        away = _start(prior) + widths * prior.sd * draw.uniform(-1, 1)
        moved[path] = float(np.clip(away, prior.low, prior.high))
    return moved
