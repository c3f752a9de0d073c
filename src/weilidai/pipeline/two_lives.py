"""One person before two regimes: simulated twice with the same noise, or held as a file tells of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS
from weilidai.dataset.contract import require
from weilidai.dataset.people_files import read_person
from weilidai.errors import ConfigError, DataError
from weilidai.explain.regime_difference import Standing, Vector
from weilidai.lender.eligibility import EligibilityParameters, policy
from weilidai.lender.invitation import InvitationParameters
from weilidai.matching import REFERENCE_REGIME
from weilidai.matching.policies import COMPOSITE
from weilidai.matching.regimes import load_regime
from weilidai.models.features import numbers
from weilidai.noise import BLOCK
from weilidai.parameters import Number, Parameters, build, nest
from weilidai.pipeline.asking import PERSON, find_person
from weilidai.pipeline.generating import CERTIFICATE
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.simulate import Simulator, applicants_frame
from weilidai.pipeline.sound_person import require_sound
from weilidai.rules import Eligibility

Array = npt.NDArray[Any]
LATER_REGIME: Final = "contraction"
"""The regime asked about when the person's table was not made for one: the one that took most entries away."""


@dataclass(frozen=True)
class Life:
    """One person before one regime.

    Parameters
    ----------
    parameters
        Numbers of the regime.
    seen
        One row with what the lender sees; and what became of the person, where that is known.
    columns
        Column -> array of shape (1,), as the lender's mechanisms read them.
    tells
        Whether what became of the person in ``seen`` happened under this regime.
    """

    parameters: Parameters
    seen: pd.DataFrame
    columns: Mapping[str, Array]
    tells: bool

    @property
    def regime(self) -> str:
        """Name of the regime."""
        return self.parameters.regime

    @cached_property
    def cells(self) -> Mapping[str, object]:
        """What the row holds, by column."""
        return {str(name): self.seen[name].iloc[0] for name in self.seen.columns}

    @cached_property
    def policy(self) -> Eligibility:
        """Hard rules and score of the regime."""
        return policy(self._eligibility)

    @cached_property
    def _eligibility(self) -> EligibilityParameters:
        tree = nested(self.parameters.numbers, "lender.eligibility.")
        return build(tree, EligibilityParameters, "lender.eligibility")

    @cached_property
    def invitation(self) -> InvitationParameters:
        """Weighing of the regime."""
        tree = nested(self.parameters.numbers, "lender.invitation.")
        return build(tree, InvitationParameters, "lender.invitation")

    @property
    def wait_months(self) -> float | None:
        """Months until the person may be looked at again after a failed rule; None when nothing is to be waited for."""
        waits = self._eligibility.wait_months
        failed = (name for name, missed in self.policy.failed(self.columns).items() if missed[0])
        return max((waits[name] for name in failed if name in waits), default=None)

    def standing(self, log_odds: Vector) -> Standing:
        """Say which rules the person meets here, beside what the weighing gives by factor, shape (factors,)."""
        failed = self.policy.failed(self.columns)
        return Standing({name: not bool(missed[0]) for name, missed in failed.items()}, float(log_odds.sum()))


@dataclass(frozen=True)
class Lives:
    """The same person before two regimes; simulated with the same noise, or held as a file tells."""

    before: Life
    after: Life
    is_simulated: bool


def find_lives(file: Path, person_id: str | None, before: str | None, after: str | None) -> Lives:
    """Find a person, and put them before two regimes.

    Parameters
    ----------
    file, person_id
        One person, or many and which of them. People in a folder as ``weilidai generate`` writes it are
        simulated again when the stored numbers are still those they were made with.
    before, after
        The two regimes; the reference, and the one of the person's table or else a later one.

    Raises
    ------
    DataError
        The file holds no such person, or not one, or a column that the lender reads is missing or impossible.
    ConfigError
        There is no such regime, the two are the same, or the people met a policy of one regime alone.
    """
    person = read_person(file) if person_id is None else find_person(file, person_id)
    require_sound(person, file)
    made_for = str(person["regime"].iloc[0]) if "regime" in person.columns else None
    first = before or REFERENCE_REGIME
    second = after or (made_for if made_for not in (None, first) else LATER_REGIME)
    for name in (first, second):
        load_regime(name)
    if first == second:
        raise ConfigError(f"both regimes are '{first}'", where="--before, --after", cure="name two regimes")
    birth = _birth(file)
    readings = birth.get("readings")
    own, other = (numbers_of(name, readings) for name in (first, second))
    made_with = next((one for one in (own, other) if one.regime == birth.get("regime")), None)
    if birth and (made_with or numbers_of(birth["regime"], readings)).digest == birth["digest"]:
        number = int(person[PERSON].iloc[0])
        seed = int(birth["seed"])
        return Lives(_simulated(own, seed, number), _simulated(other, seed, number), is_simulated=True)
    return _held(person, own, other, made_for)


def nested(numbers_by_path: Mapping[str, Number], folder: str) -> dict[str, Any]:
    """Give the stored values below a folder of paths as nested mappings."""
    inside = {path: number.value for path, number in numbers_by_path.items() if path.startswith(folder)}
    return nest({path.removeprefix(folder): value for path, value in inside.items()})


def _birth(place: Path) -> dict[str, Any]:
    """Read how a folder of people was made; empty when it does not say so in the way this version writes it."""
    file = place / CERTIFICATE
    if not file.is_file():
        return {}
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        settings = told["settings"]
        policy_name = str(settings["policy"])
        birth = {
            "seed": int(told["seed"]), "regime": str(told["regime"]), "digest": str(told["parameters_digest"]),
            "readings": dict(settings["readings"]),
        }
    except (KeyError, TypeError, ValueError):
        return {}
    if policy_name != COMPOSITE:
        raise ConfigError(f"these people met the policy '{policy_name}', which no other regime knows",
                          where=str(place), cure=f"generate them with the policy '{COMPOSITE}'")
    return birth


def _simulated(parameters: Parameters, seed: int, number: int) -> Life:
    block, place = divmod(number, BLOCK)
    columns, _ = Simulator.of(parameters).block(seed, block)
    seen = applicants_frame(columns, parameters.regime, place, place + 1)
    return Life(parameters, seen, {name: values[place:place + 1] for name, values in columns.items()}, tells=True)


def _held(person: pd.DataFrame, own: Parameters, other: Parameters, made_for: str | None) -> Lives:
    """Hold the columns of a person of whom only they are known."""
    drafts = [Life(one, person, {}, tells=False) for one in (own, other)]
    read = list(dict.fromkeys(name for draft in drafts for name in _columns_read(draft)))
    require(person, read, "score")
    columns = {name: _array(person, name) for name in read}
    told_of = made_for if made_for in (own.regime, other.regime) else other.regime
    lives = [Life(one, person, columns, tells=one.regime == told_of) for one in (own, other)]
    return Lives(lives[0], lives[1], is_simulated=False)


def _columns_read(life: Life) -> Iterator[str]:
    """Name what rules and weighing read."""
    yield from life.policy.columns
    for term in life.invitation.terms.values():
        yield term.column
        if term.relief is not None:
            yield term.relief.column
        if term.stronger_in_tier:
            yield "city_tier"


def _array(person: pd.DataFrame, name: str) -> Array:
    """Give one column as the lender's mechanisms read it; shape (1,)."""
    if name not in person.columns:
        return np.array([np.nan], dtype=np.float32)
    if name in LEVELS:
        level = str(person[name].iloc[0])
        if level not in LEVELS[name]:
            raise DataError("holds an unknown category", where=name, cure=f"one of {', '.join(LEVELS[name])}")
        return np.array([LEVELS[name].index(level)], dtype=np.uint8)
    value = numbers(person[name]).astype(np.float32)
    return value.astype(np.bool_) if CATALOGUE[name].kind == "flag" else value
