"""What is true of a person, before and after a change: the simulator as a judge of advice.

A person made by the simulator is made again from the same random streams with the change set, and everything
after it follows. Of a person from elsewhere only the columns are known: they are all held, and the lender's true
rule, which is certain given the columns, is asked.
"""

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from weilidai.columns import CATALOGUE, FEATURES, LEVELS
from weilidai.errors import DataError, WeilidaiError
from weilidai.explain.recourse.advice import Checked
from weilidai.explain.recourse.options import Person
from weilidai.lender import LenderParameters, policy
from weilidai.lender.first_grant import expected_grant, log_moments
from weilidai.lender.invitation import factor_logits, invitation_probability
from weilidai.noise import BLOCK
from weilidai.parameters import Parameters
from weilidai.pipeline.generating import CERTIFICATE
from weilidai.pipeline.numbers import numbers_of
from weilidai.pipeline.simulate import Simulator

Array = npt.NDArray[Any]
SAME: Final = 1e-4
"""Relative difference within which a column counts as the one generated."""


@dataclass(frozen=True)
class Truth:
    """What is true of a person: probability of an invitation, expected first grant in yuan."""

    p_invite: float
    quota_cny: float


class Trial(Protocol):
    """Asks the truth of one person."""

    checked: Checked

    def ask(self, changes: Mapping[str, float], unknown: frozenset[str] = frozenset()) -> Truth: ...  # noqa: D102


class SamePerson:
    """The same person with the same noise, made again with some columns set.

    Parameters
    ----------
    simulator, seed, number
        Population and person number.
    """

    checked: Checked = "same_person_and_noise"

    def __init__(self, simulator: Simulator, seed: int, number: int) -> None:
        self._simulator, self._seed = simulator, seed
        self._block, self._row = divmod(number, BLOCK)
        self._now = self.make({})

    def of(self, number: int) -> "SamePerson":
        """Give another person of the same population, without making a block anew that is there already."""
        block, row = divmod(number, BLOCK)
        if block != self._block:
            return SamePerson(self._simulator, self._seed, number)
        other = copy(self)
        other._row = row  # noqa: SLF001  # its own kind
        return other

    def ask(self, changes: Mapping[str, float], unknown: frozenset[str] = frozenset()) -> Truth:
        """Ask the truth after a change; what only comes to light is as it is in truth."""
        _, truth = self.make(changes, unknown) if changes else self._now
        return Truth(float(truth["p_invite"][self._row]), float(truth["quota_mean_cny"][self._row]))

    def make(
        self, changes: Mapping[str, float], unknown: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Make the person's block with the change set: columns and truth."""
        set_to = {name: value for name, value in changes.items() if name not in unknown}
        return self._simulator.block(self._seed, self._block, set_to)

    def is_this(self, person: Person) -> bool:
        """Tell whether a person of a table is the one that the simulator makes."""
        columns, _ = self._now
        return all(_agrees(name, columns[name][self._row], person[name]) for name in FEATURES if name in person)


class AsGiven:
    """The lender's true rule on the columns given, every one of them held.

    Parameters
    ----------
    lender
        The lender's numbers.
    person
        The person's columns.
    """

    checked: Checked = "columns_as_given"

    def __init__(self, lender: LenderParameters, person: Person) -> None:
        self._lender, self._person = lender, person

    def ask(self, changes: Mapping[str, float], unknown: frozenset[str] = frozenset()) -> Truth:  # noqa: ARG002
        """Ask the truth after a change; what only comes to light is what it is reckoned with."""
        people = {name: _column(name, changes.get(name, self._person.get(name))) for name in FEATURES}
        logits = factor_logits(people, self._lender.invitation)
        eligible = policy(self._lender.eligibility).passes(people)
        chance = invitation_probability(logits, eligible, self._lender.invitation)
        first = self._lender.first_grant
        return Truth(float(chance[0]), float(expected_grant(*log_moments(people, first), first)[0]))


def trial_of(file: Path, person: Person, row: pd.DataFrame, parameters: Parameters) -> Trial:
    """Find how the truth about a person can be asked.

    Parameters
    ----------
    file
        Where the person was read; a generated folder knows how its people were made.
    person, row
        The person, as numbers and as a table of one row.
    parameters
        The simulator's numbers of the model's regime, for people from elsewhere.
    """
    made = _maker(file)
    if made is not None and "person_id" in row.columns:
        parameters, seed = made
        again = SamePerson(Simulator.of(parameters), seed, int(row["person_id"].iloc[0]))
        if again.is_this(person):
            return again
    return AsGiven(parameters.part("lender", LenderParameters), person)


def _maker(file: Path) -> tuple[Parameters, int] | None:
    """Read numbers and seed of a generated folder; None where they are not to be had any more."""
    folder = next((place for place in (file, file.parent, file.parent.parent) if (place / CERTIFICATE).is_file()), None)
    if folder is None:
        return None
    try:
        told = json.loads((folder / CERTIFICATE).read_text(encoding="utf-8"))
        settings = told["settings"]
        parameters = numbers_of(settings["regime"], settings.get("readings"), *_policy(settings))
        return parameters, int(told["seed"])
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("the birth certificate cannot be read", where=str(folder / CERTIFICATE),
                        cure="generate the folder anew with 'weilidai generate'") from error
    except WeilidaiError:
        return None


def _policy(settings: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(settings["policy"]),) if "policy" in settings else ()


def _agrees(name: str, made: Any, given: float | str) -> bool:  # noqa: ANN401  # one cell of an array
    if name in LEVELS:
        return LEVELS[name][int(made)] == given
    made = float(made)
    return isinstance(given, str) is False and bool(
        np.isclose(made, float(given), rtol=SAME, atol=SAME, equal_nan=True)
    )


def _column(name: str, value: float | str | None) -> Array:
    if name in LEVELS:
        return np.array([LEVELS[name].index(str(value)) if value in LEVELS[name] else 0], dtype=np.uint8)
    number = np.nan if value is None else float(value)
    if CATALOGUE[name].kind == "flag":
        return np.array([number == 1])
    return np.array([number], dtype=np.float32)
