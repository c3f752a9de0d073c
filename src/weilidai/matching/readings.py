"""Readings: where the documents contradict each other, which way the data follow.

``configs/readings.yaml`` lists, for each contradiction that changes data, the conflict it belongs to, the
reading by default, and what other readings change. The numbers are not matched anew under another reading:
what moves in the data is what the reading moves.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from pydantic import model_validator

from weilidai.errors import ConfigError, suggest
from weilidai.facts import Book
from weilidai.matching.overlay import Change, Closed, Text, overlaid, read_settings
from weilidai.parameters import Parameters
from weilidai.places import configs_dir

SOURCE: Final = "configs/readings.yaml"


class Choice(Closed):
    """One way to read a contradiction."""

    says: Text
    changes: tuple[Change, ...] = ()


class Reading(Closed):
    """A contradiction with its readings."""

    conflict: Text
    """Id of the conflict row."""
    default: Text
    choices: dict[str, Choice]
    regimes: tuple[Text, ...] = ()
    """Regimes in which the question arises; left out, every one."""

    @model_validator(mode="after")
    def _stands_on_its_default(self) -> Self:
        if self.default not in self.choices:
            raise ValueError(f"the default is no choice; {suggest(self.default, self.choices)}")
        if self.choices[self.default].changes:
            raise ValueError("the default is what the stored parameters follow, so it changes nothing")
        return self


class Readings(Closed):
    """Every switchable contradiction, by key."""

    readings: dict[str, Reading]


def load_readings(file: Path | None = None) -> Mapping[str, Reading]:
    """Read the table of readings: key -> reading."""
    return _read(configs_dir() / "readings.yaml" if file is None else file).readings


def with_readings(parameters: Parameters, chosen: Mapping[str, str], book: Book) -> Parameters:
    """Lay the chosen readings over stored parameters; a default changes nothing.

    Parameters
    ----------
    parameters
        Of any regime.
    chosen
        Reading -> choice, as in ``{"thin_files": "gate"}``. A reading changes nothing in a regime in which its
        question does not arise.
    book
        Where facts are looked up.

    Raises
    ------
    ConfigError
        A reading or a choice does not exist; the near name is given.
    """
    for key, choice in chosen.items():
        reading = _known(key)
        changes = _choice(key, reading, choice).changes
        if not reading.regimes or parameters.regime in reading.regimes:
            parameters = overlaid(parameters, changes, book, SOURCE)
    return parameters


def _known(key: str) -> Reading:
    known = load_readings()
    if key not in known:
        raise ConfigError(f"unknown reading '{key}'", where="data.readings", cure=suggest(key, known))
    return known[key]


def _choice(key: str, reading: Reading, choice: str) -> Choice:
    if choice not in reading.choices:
        raise ConfigError(f"'{choice}' is no choice of reading '{key}'", where="data.readings",
                          cure=suggest(choice, reading.choices))
    return reading.choices[choice]


@lru_cache(maxsize=4)
def _read(file: Path) -> Readings:
    return read_settings(file, Readings, SOURCE)
