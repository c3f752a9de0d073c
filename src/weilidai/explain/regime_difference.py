"""The same person under two regimes: the change of the chance, split exactly among what caused it.

The lender meets its hard rules first and weighs afterwards, so the change is told in two stages that add up:

1. the rules that changed their mind about the person, at the weighing of the first regime;
2. the weighing, for whom the rules of the second regime let through.

Inside each stage the split is the Shapley value: the mean effect of a change over all orders in which the
changes could have come (L. S. Shapley, A value for n-person games, 1953). Stage 2 is split on the log-odds,
which are additive in factors; every part takes the same share of the change of probability as of the change of
log-odds, which is its Aumann-Shapley value along the straight path between the two.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, factorial
from typing import Final

import numpy as np
import numpy.typing as npt

from weilidai.errors import ConfigError

Vector = npt.NDArray[np.float64]
Players = frozenset[str]

MOST_CHANGES: Final = 14
"""Changes that are split exactly; every further one doubles the work."""
SAME_LOG_ODDS: Final = 1e-9
"""Log-odds closer than this have the slope of the curve in place of the chord."""


@dataclass(frozen=True)
class Standing:
    """One person before one regime: which rules are met, and what the weighing gives.

    Parameters
    ----------
    rules
        Rule or score in the order in which the lender meets it -> whether it is met.
    log_odds
        Of an invitation, were every rule met.
    """

    rules: Mapping[str, bool]
    log_odds: float

    @property
    def is_eligible(self) -> bool:
        """Whether every rule is met."""
        return all(self.rules.values())

    @property
    def p_weighed(self) -> float:
        """Probability of an invitation, were every rule met."""
        return sigmoid(self.log_odds)

    @property
    def p_invite(self) -> float:
        """Probability of an invitation, 0 for whom a rule excludes."""
        return self.p_weighed if self.is_eligible else 0.0

    @property
    def failed_rules(self) -> tuple[str, ...]:
        """Rules that are not met, in order."""
        return tuple(name for name, is_met in self.rules.items() if not is_met)


@dataclass(frozen=True)
class Split:
    """The change of the chance in parts that sum to it.

    Parameters
    ----------
    rules
        Rule that changed its mind about the person -> change of the probability.
    log_odds
        Change of the weighing -> change of the log-odds by factor, shape (factors,).
    probability_per_log_odds
        Change of the probability that goes with one unit of each part's log-odds; 0 for whom a rule excludes.
    """

    rules: Mapping[str, float]
    log_odds: Mapping[str, Vector]
    probability_per_log_odds: float

    @property
    def total(self) -> float:
        """Sum of all parts, as probability."""
        weighed = sum(float(part.sum()) for part in self.log_odds.values())
        return sum(self.rules.values()) + weighed * self.probability_per_log_odds


def split_difference(
    before: Standing, after: Standing, changes: Sequence[str], weigh: Callable[[Players], Vector]
) -> Split:
    """Split the change of the chance among rules and changes of the weighing.

    Parameters
    ----------
    before, after
        The person before the two regimes.
    changes
        What the second regime weighs differently.
    weigh
        Gives the log-odds by factor, shape (factors,), when these changes have come and the others have not.
        The sum over the factors is ``before.log_odds`` for none and ``after.log_odds`` for all of them.

    Raises
    ------
    ConfigError
        There are too many changes to try every combination.
    """
    flipped = [name for name in (*before.rules, *after.rules) if _met(before, name) != _met(after, name)]
    flipped = list(dict.fromkeys(flipped))
    always = all(is_met for standing in (before, after) for name, is_met in standing.rules.items()
                 if name not in flipped)

    def chance(turned: Players) -> Vector:
        lets_through = always and all(_met(after if name in turned else before, name) for name in flipped)
        return np.array([before.p_weighed if lets_through else 0.0])

    rules = {name: float(part[0]) for name, part in shapley(flipped, chance).items()}
    return Split(rules, shapley(changes, weigh), _slope(before, after))


def shapley(players: Sequence[str], value: Callable[[Players], Vector]) -> dict[str, Vector]:
    """Give each player's mean contribution over all orders of joining; the sum is what all add together.

    Parameters
    ----------
    players
        Names, at most ``MOST_CHANGES``.
    value
        Worth of a set of players; the same shape for every set.

    Raises
    ------
    ConfigError
        There are too many players.

    Examples
    --------
    >>> parts = shapley(["a", "b"], lambda joined: np.array([len(joined) ** 2.0]))
    >>> [float(part[0]) for part in parts.values()]
    [2.0, 2.0]
    """
    count = len(players)
    if count > MOST_CHANGES:
        raise ConfigError(f"{count} changes cannot be split exactly", cure=f"at most {MOST_CHANGES} can be")
    worth = {frozenset(some): value(frozenset(some)) for size in range(count + 1)
             for some in combinations(players, size)}
    parts: dict[str, Vector] = {}
    for player in players:
        parts[player] = np.zeros_like(worth[frozenset()], dtype=np.float64)
        for others, alone in worth.items():
            if player not in others:
                orders = factorial(len(others)) * factorial(count - len(others) - 1) / factorial(count)
                parts[player] = parts[player] + orders * (worth[others | {player}] - alone)
    return parts


def sigmoid(log_odds: float) -> float:
    """Turn log-odds into a probability, without overflow.

    Examples
    --------
    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    return 1 / (1 + exp(-log_odds)) if log_odds >= 0 else exp(log_odds) / (1 + exp(log_odds))


def _met(standing: Standing, rule: str) -> bool:
    """Tell whether a rule is met; one that a regime does not have stands in nobody's way."""
    return standing.rules.get(rule, True)


def _slope(before: Standing, after: Standing) -> float:
    if not after.is_eligible:
        return 0.0
    step = after.log_odds - before.log_odds
    if abs(step) < SAME_LOG_ODDS:
        return before.p_weighed * (1 - before.p_weighed)
    return (after.p_weighed - before.p_weighed) / step
