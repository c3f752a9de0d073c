"""What the weighing gives one person when some changes of a regime have come and others have not."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

import numpy as np

from weilidai.columns import NEEDS
from weilidai.explain.gone_words import GENERAL_LEVEL
from weilidai.explain.regime_difference import Players, Vector
from weilidai.lender.invitation import InvitationParameters, factor_logits
from weilidai.pipeline.regime_changes import CENTRES, INTERCEPT, NEUTRAL, SCALES, TERMS, RegimeChange
from weilidai.pipeline.two_lives import Lives

TENURE: Final = "tenure"
"""The one change that is not in the lender but in the people."""
Entry = TypeVar("Entry")


class Weighing:
    """The log-odds of one person by factor, for any of the changes between two regimes.

    Parameters
    ----------
    lives
        The person before the two regimes.
    changes
        What the second regime weighs differently.
    """

    def __init__(self, lives: Lives, changes: tuple[RegimeChange, ...]) -> None:
        self.changes = changes
        self.names = (GENERAL_LEVEL, *_factors(lives))
        self._lives = lives
        self._by_name = {change.name: change for change in changes}

    @property
    def none(self) -> Vector:
        """Log-odds by factor under the first regime, shape (factors,)."""
        return self.log_odds(frozenset())

    @property
    def all(self) -> Vector:
        """Log-odds by factor under the second regime, shape (factors,)."""
        return self.log_odds(frozenset(self._by_name))

    def log_odds(self, come: Players) -> Vector:
        """Log-odds by factor when these changes have come, the general level first; shape (factors,)."""
        before, after = self._lives.before, self._lives.after
        paths = [path for name in sorted(come) for path in self._by_name[name].paths]
        invitation = _with_paths(before.invitation, after.invitation, paths)
        person = (after if TENURE in come else before).columns
        parts = factor_logits(person, invitation)
        told = [float(parts[name][0]) if name in parts else 0.0 for name in self.names[1:]]
        return np.array([invitation.intercept, *told], dtype=np.float64)


def _with_paths(
    before: InvitationParameters, after: InvitationParameters, paths: Iterable[str]
) -> InvitationParameters:
    """Take the numbers at these paths from the second regime; a change holds all that differs in a term."""
    moved = list(paths)
    return before.model_copy(update={
        "intercept": (after if INTERCEPT in moved else before).intercept,
        "scales": _taken(before.scales, after.scales, SCALES, moved),
        "terms": _taken(before.terms, after.terms, TERMS, moved),
        "neutral": _taken(before.neutral, after.neutral, NEUTRAL, moved),
        "centres": _taken(before.centres, after.centres, CENTRES, moved),
    })


def _taken(
    own: Mapping[str, Entry], other: Mapping[str, Entry], folder: str, paths: Iterable[str]
) -> dict[str, Entry]:
    moved = {path.removeprefix(f"{folder}.").split(".")[0] for path in paths if path.startswith(f"{folder}.")}
    sides = {name: other if name in moved else own for name in {**own, **other}}
    return {name: side[name] for name, side in sides.items() if name in side}


def _factors(lives: Lives) -> tuple[str, ...]:
    """Name the factors of both regimes, those that only tell of missing columns included."""
    terms = [term for life in (lives.before, lives.after) for term in life.invitation.terms.values()]
    factor_of = {term.column: term.factor for term in terms}
    causes = (factor_of.get(NEEDS.get(term.column, "")) for term in terms)
    return tuple(dict.fromkeys(name for name in (*(term.factor for term in terms), *causes) if name))
