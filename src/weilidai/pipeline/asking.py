"""One person out of a file, and the answer to a question about that person."""

from pathlib import Path
from typing import Literal

import pandas as pd

from weilidai.errors import DataError, suggest
from weilidai.explain.asking import Answer, why_not
from weilidai.explain.person import read_person
from weilidai.inference.loading import load_model
from weilidai.pipeline.people_files import find_people

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
        One person (JSON, or a table of one row), or many people when ``person_id`` says which.
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
    if file.is_dir() and person_id is None:
        raise DataError("holds many people", where=str(file), cure="say which one: --id PERSON_ID")
    person = read_person(file) if person_id is None else find_person(file, person_id)
    decider = load_model(model, tracking_uri=tracking_uri)
    try:
        return why_not(decider, person, language)
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
