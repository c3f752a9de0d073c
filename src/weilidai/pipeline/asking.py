"""One person out of a file, and the answer to a question about that person."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pandas as pd

from weilidai.dataset.people_files import find_people, read_person
from weilidai.errors import ConfigError, DataError, suggest
from weilidai.explain.asking import Answer, why_not
from weilidai.facts import load_book
from weilidai.inference.decider import Decider
from weilidai.inference.loading import load_model
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.parameters import Parameters
from weilidai.pipeline.sound_person import require_sound

PERSON = "person_id"


def ask_why_not(
    model: str, file: Path, person_id: str | None, language: Literal["en", "zh"], tracking_uri: str | None = None
) -> Answer:
    """Answer why a person is not invited, or what nearly stood in the way.

    Parameters
    ----------
    model
        Address of the model, see :func:`weilidai.load_model`.
    file
        One person (a JSON object or a list of one, or a table of one row), or many people when
        ``person_id`` says which.
    person_id
        Which of many.
    language
        Language of the answer.
    tracking_uri
        Store that holds the registry, when it is not the usual one.

    Raises
    ------
    DataError
        The file holds no such person, or not one.
    """
    decider, person = asked_person(model, file, person_id, tracking_uri)
    with placed(file):
        return why_not(decider, person, language, load_book())


def asked_person(
    model: str, file: Path, person_id: str | None, tracking_uri: str | None
) -> tuple[Decider, pd.DataFrame]:
    """Load the model, and find the person that a question is about; one row.

    Raises
    ------
    DataError
        The file holds no such person, or not one, or one whose columns contradict each other.
    """
    person = read_person(file) if person_id is None else find_person(file, person_id)
    decider = load_model(model, tracking_uri=tracking_uri)
    require_documented(decider)
    require_sound(person, file)
    return decider, person


def require_documented(decider: Decider) -> None:
    """Refuse a question about the documents' lender to a model that has learnt from a table of one's own.

    Raises
    ------
    ConfigError
        No document speaks of what the model has learnt.
    """
    if decider.bundle.own_table is not None:
        raise ConfigError(
            "the model has learnt from a table of one's own, of which no document speaks", where=decider.origin,
            cure="its reasons come with 'weilidai predict --reasons en'",
        )


def parameters_of(decider: Decider) -> Parameters:
    """Read the simulator's numbers of the regime that a model was trained in."""
    return load_parameters(str(decider.birth_certificate.get("regime", REFERENCE_REGIME)))


@contextmanager
def placed(file: Path) -> Iterator[None]:
    """Say of what is wrong with a person in which file it stands."""
    try:
        yield
    except DataError as error:
        raise DataError(error.what, where=str(file), cure=error.cure) from error


def find_person(place: Path, person_id: str) -> pd.DataFrame:
    """Find one person by number in a table of many; one row.

    Raises
    ------
    DataError
        The table has no ``person_id``, nobody has this one, or several have.
    """
    found: list[pd.DataFrame] = []
    for chunk in find_people(place).chunks():
        if PERSON not in chunk.columns:
            cure = suggest(PERSON, [str(name) for name in chunk.columns])
            raise DataError("the table has no person_id", where=str(place), cure=cure)
        found.append(chunk.loc[chunk[PERSON].astype(str) == person_id])
    people = pd.concat(found, ignore_index=True)
    if len(people) != 1:
        what = f"{len(people) or 'no'} people have the person_id asked for"
        raise DataError(what, where=str(place), cure="name one of the table's people")
    return people
