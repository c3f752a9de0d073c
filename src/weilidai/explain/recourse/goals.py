"""What a change is for, as a judge of many changed people at once: an invitation, or a higher first grant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from weilidai.columns import LEVELS
from weilidai.explain.recourse.options import Person
from weilidai.models import boosting
from weilidai.models.features import Features

if TYPE_CHECKING:
    from weilidai.models.bundle import Bundle

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
Rows = npt.NDArray[np.float32]
NOTHING: Final = 1e-9
FREE: Final = 0


@dataclass(frozen=True)
class Judged:
    """What a judge found for each changed person; arrays of shape (people,)."""

    reached: BoolArray
    """Whether the goal is reached and nothing else is worse."""
    value: FloatArray
    """Probability of an invitation, or first grant in yuan."""


class Goal(Protocol):
    """A judge of rows whose columns are :attr:`columns`."""

    columns: tuple[str, ...]
    wanted: float

    def judge(self, rows: Rows) -> Judged: ...  # noqa: D102


class Models:
    """The model's two questions, asked of rows of numbers in place of tables.

    Parameters
    ----------
    bundle
        The loaded model.
    person
        Whose categories stand; nothing a person does changes them.
    """

    def __init__(self, bundle: "Bundle", person: Person) -> None:
        self.bundle = bundle
        read = (*bundle.invite.features.names, *bundle.invite.eligibility.columns, *bundle.grants.features.names)
        self.columns = tuple(dict.fromkeys(name for name in read if name not in LEVELS))
        self._places = {name: place for place, name in enumerate(self.columns)}
        self._invite = _Reader(bundle.invite.features, self._places, person)
        self._quota = _Reader(bundle.grants.features, self._places, person)
        self._policy = {name: self._places[name] for name in dict.fromkeys(bundle.invite.eligibility.columns)}

    def eligible(self, rows: Rows) -> BoolArray:
        """Tell who passes the lender's rules; shape (people,)."""
        return self.bundle.invite.eligibility.passes(self.policy_columns(rows))

    def policy_columns(self, rows: Rows) -> dict[str, Rows]:
        """Give the columns that the lender's rules read."""
        return {name: rows[:, place] for name, place in self._policy.items()}

    def probability(self, rows: Rows) -> FloatArray:
        """Probability of an invitation, 0 for whom the rules exclude; shape (people,)."""
        chance: FloatArray = np.zeros(len(rows))
        eligible = self.eligible(rows)
        if eligible.any():
            invite = self.bundle.invite
            score = boosting.score(invite.booster, self._invite.matrix(rows[eligible]))
            chance[eligible] = expit(invite.calibration.apply(score))
        return chance

    def quota_cny(self, rows: Rows) -> FloatArray:
        """Mean first grant, yuan, within what grants can be and before any rounding; shape (people,)."""
        quota = self.bundle.grants
        mean = np.exp(boosting.score(quota.booster, self._quota.matrix(rows))) * quota.smearing
        return quota.grants.bound(mean)

    def direction(self, column: str) -> int | None:
        """Give the way in which more of a column can only help: 1, -1, 0 where it may turn, None where nobody reads it.

        Holds for both models and for the rules at once.
        """
        bundle = self.bundle
        said = [
            dict(zip(features.names, features.directions, strict=True))[column]
            for features in (bundle.invite.features, bundle.grants.features) if column in features.names
        ]
        said += [_way(rule.comparison) for rule in bundle.invite.eligibility.rules if rule.column == column]
        said += [1 for item in bundle.invite.eligibility.scorecard.items if item.column == column]
        if not said:
            return None
        return said[0] if all(way == said[0] for way in said) else FREE


class InvitationGoal:
    """Be invited, without a smaller grant.

    Parameters
    ----------
    models
        The model, for one person.
    present
        The person now; shape (1, columns).
    """

    def __init__(self, models: Models, present: Rows) -> None:
        self.models, self.columns = models, models.columns
        self.wanted = models.bundle.invite.threshold
        self.kept = float(models.quota_cny(present)[0])

    def judge(self, rows: Rows) -> Judged:
        """Judge changed people; the grant is only looked at where the chance is there."""
        chance = self.models.probability(rows)
        reached = chance >= self.wanted
        if reached.any():
            reached[reached] = self.models.quota_cny(rows[reached]) >= self.kept * (1 - NOTHING)
        return Judged(reached, chance)


class QuotaGoal:
    """Be granted more, without a smaller chance of being invited.

    Parameters
    ----------
    models, present
        As for the invitation.
    gain_share
        How much more, as a share of the present grant.
    """

    def __init__(self, models: Models, present: Rows, gain_share: float) -> None:
        self.models, self.columns = models, models.columns
        self.wanted = float(models.quota_cny(present)[0]) * (1 + gain_share)
        self.kept = float(models.probability(present)[0])

    def judge(self, rows: Rows) -> Judged:
        """Judge changed people; the chance is only looked at where the grant is there."""
        grant = self.models.quota_cny(rows)
        reached = grant >= self.wanted * (1 - NOTHING)
        if reached.any():
            reached[reached] = self.models.probability(rows[reached]) >= self.kept - NOTHING
        return Judged(reached, grant)


class _Reader:
    """Puts rows into a model's order, with the person's categories filled in."""

    def __init__(self, features: Features, places: Mapping[str, int], person: Person) -> None:
        self._take = np.array([places.get(name, 0) for name in features.names])
        self._codes = {
            place: _code(features.levels[name], person.get(name))
            for place, name in enumerate(features.names) if name in features.levels
        }

    def matrix(self, rows: Rows) -> Rows:
        matrix: Rows = rows[:, self._take]
        for place, code in self._codes.items():
            matrix[:, place] = code
        return matrix


def _code(levels: tuple[str, ...], level: Any) -> float:  # noqa: ANN401  # a word, or nothing
    return float(levels.index(level)) if level in levels else float("nan")


def _way(comparison: str) -> int:
    return {">=": 1, "<=": -1}.get(comparison, FREE)
