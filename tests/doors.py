"""People inside and outside the column contract, and every door to a decision about them.

An outcome is what a caller sees: the figures and reasons, every digit kept, or the exit code of the refusal.
"""

from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import small_bundle  # type: ignore[import-not-found]
from weilidai.columns import CATALOGUE
from weilidai.errors import WeilidaiError

Outcome = list[dict[str, Any]] | int
Language = Any
DECIDED = ("is_invited", "is_opened", "initial_quota_cny", "daily_rate")
NUMBERS = [name for name, column in CATALOGUE.items() if column.is_feature and column.kind in ("number", "count")]
FLAGS = [name for name, column in CATALOGUE.items() if column.is_feature and column.kind == "flag"]
OPTIONAL = [name for name, column in CATALOGUE.items() if column.is_feature and column.may_be_missing]
CATEGORIES = [name for name, column in CATALOGUE.items() if column.is_feature and column.kind == "category"]
KINDS = {"float64": NUMBERS, "object": NUMBERS, "Float64": NUMBERS, "int8": FLAGS, "boolean": FLAGS}
STRANGE = [np.inf, -np.inf, np.nan, -1.0, -0.0, 5e-324, 1e308, 0.5, 2.0, 3e38]


@st.composite
def tables(draw: Callable[[Any], Any]) -> pd.DataFrame:
    """Draw a few people, and up to three things done to their table."""
    rows, seed = draw(st.integers(1, 5)), draw(st.integers(0, 10_000))
    people = small_bundle.draw_people(rows, seed=seed).drop(columns=list(DECIDED))
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
        people = change(draw, people)
    return people


def _another_kind(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    kind = draw(st.sampled_from(sorted(KINDS)))
    name = draw(st.sampled_from([name for name in KINDS[kind] if name in people]))
    return people.astype({name: kind}) if _has_numbers(people, name) else people


def _has_numbers(people: pd.DataFrame, name: str) -> bool:
    """Tell whether another change has not put text into a column already."""
    return bool(pd.api.types.is_numeric_dtype(people[name]))


def _a_strange_number(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    name = draw(st.sampled_from([name for name in (*NUMBERS, *FLAGS) if name in people]))
    if not _has_numbers(people, name):
        return people
    values = people[name].astype("float64").to_numpy(copy=True)
    values[draw(st.integers(0, len(people) - 1))] = draw(st.sampled_from(STRANGE))
    return people.assign(**{name: values})


def _text_for_numbers(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    name = draw(st.sampled_from([name for name in (*NUMBERS, *FLAGS) if name in people]))
    return people.assign(**{name: draw(st.sampled_from(["12", "1,200", "", "true", "=cmd"]))})


def _a_strange_category(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    name = draw(st.sampled_from(CATEGORIES))
    values = people[name].astype(object).to_numpy(copy=True)
    values[0] = draw(st.sampled_from(["astronaut", "", "x" * 10_000, "＜script＞", "unknown", None]))
    return people.assign(**{name: values})


def _a_column_fewer(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    choices = draw(st.sampled_from([OPTIONAL, OPTIONAL, [*NUMBERS, *FLAGS, *CATEGORIES, "person_id"]]))
    return people.drop(columns=draw(st.sampled_from(choices)), errors="ignore")


def _a_column_more(_draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(favourite_colour="green")


def _another_order(draw: Callable[[Any], Any], people: pd.DataFrame) -> pd.DataFrame:
    return people[draw(st.permutations(list(people.columns)))]


CHANGES = (
    _another_kind, _another_kind, _a_strange_number, _text_for_numbers, _a_strange_category, _a_column_fewer,
    _a_column_more, _another_order,
)  # fmt: skip


def through_python(decider: Any, people: pd.DataFrame, language: Language) -> Outcome:
    """Ask the loaded model."""
    try:
        return as_rows(decider.decide(people, reasons=language))
    except WeilidaiError as error:
        return error.exit_code


def one_by_one(decider: Any, people: pd.DataFrame, language: Language) -> Outcome:
    """Ask for each person alone; a table is refused when one of its people is."""
    outcomes = [through_python(decider, people.iloc[place : place + 1], language) for place in range(len(people))]
    refused = [outcome for outcome in outcomes if isinstance(outcome, int)]
    return refused[0] if refused else [row for outcome in outcomes if not isinstance(outcome, int) for row in outcome]


def through_mlflow(model: Any, people: pd.DataFrame, language: Language) -> Outcome:
    """Ask MLflow's model, whose refusals are ours."""
    try:
        return as_rows(model.predict(people, params={"reasons": language} if language else None))
    except WeilidaiError as error:
        return error.exit_code


def through_the_command_line(bundle: Path, people: pd.DataFrame, language: Language) -> Outcome:
    """Ask ``weilidai predict`` for a Parquet file."""
    from weilidai.cli import main

    with TemporaryDirectory() as folder:
        given, told = Path(folder) / "people.parquet", Path(folder) / "decided.parquet"
        people.to_parquet(given)
        words = ["predict", "--model", bundle, "--input", given, "--out", told]
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                main([str(word) for word in (*words, *(["--reasons", language] if language else []))])
        except SystemExit as left:
            if left.code:
                return int(left.code)
        return as_rows(pd.read_parquet(told).drop(columns="is_synthetic"))


def as_rows(decided: pd.DataFrame) -> list[dict[str, Any]]:
    """Give decisions as JSON spells them, every digit kept."""
    return [dict(zip(decided.columns, row, strict=True)) for row in decided.to_numpy(dtype=object).tolist()]
