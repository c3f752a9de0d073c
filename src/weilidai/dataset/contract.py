"""The data contract: every breach of the columns contract at once, before any model sees the table."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final, Literal

import pandas as pd

from weilidai.columns import CATALOGUE
from weilidai.dataset.column_checks import check_column
from weilidai.dataset.label_checks import LABELS, check_labels, check_leaks
from weilidai.dataset.problems import Problem
from weilidai.dataset.row_checks import check_combinations, check_ids
from weilidai.dataset.settings import TableLimits
from weilidai.errors import ConfigError, DataError, suggest

Purpose = Literal["train", "score"]
"""What the table is for: ``train`` also needs ids, months and labels; ``score`` needs the features alone."""

PROBLEMS_SHOWN: Final = 20


def check_table(
    applicants: pd.DataFrame, columns: Iterable[str], purpose: Purpose, limits: TableLimits | None = None
) -> list[Problem]:
    """List every breach of the contract, fatal ones and warnings, in table order.

    Parameters
    ----------
    applicants
        One row per person; the order of the columns does not matter.
    columns
        Feature columns that will be read.
    purpose
        ``"train"`` also checks ids, snapshot months and labels and looks for copies of the label.
        ``"score"`` lets optional columns be absent and warns of repeated people only.
    limits
        When few rows, unknown categories or contradictions become fatal.

    Raises
    ------
    ConfigError
        A wanted column is not in the catalogue.
    """
    limits = limits or TableLimits()
    wanted = _wanted(columns, purpose)
    problems = [*_check_shape(applicants, wanted, purpose)]
    single = [name for name in wanted if list(applicants.columns).count(name) == 1]
    for name in single:
        problems += check_column(CATALOGUE[name], applicants[name], limits)
    features = [name for name in single if CATALOGUE[name].is_feature]
    problems += check_ids(applicants, is_fatal=purpose == "train") if "person_id" in single else ()
    problems += check_combinations(applicants, features, limits)
    if purpose == "train":
        labelled = applicants[single]
        problems += check_labels(labelled, limits)
        problems += check_leaks(labelled, features, limits)
    return problems


def require(
    applicants: pd.DataFrame, columns: Iterable[str], purpose: Purpose, limits: TableLimits | None = None
) -> list[Problem]:
    """Refuse a table that breaks the contract and hand back the warnings of one that does not.

    Raises
    ------
    DataError
        At least one breach is fatal; the message lists all of them.
    """
    problems = check_table(applicants, columns, purpose, limits)
    fatal = [problem for problem in problems if problem.is_fatal]
    if fatal:
        lines = [str(problem) for problem in fatal[:PROBLEMS_SHOWN]]
        rest = [f"and {len(fatal) - PROBLEMS_SHOWN} more"] if len(fatal) > PROBLEMS_SHOWN else []
        places = "1 place" if len(fatal) == 1 else f"{len(fatal)} places"
        raise DataError(
            f"the table breaks the column contract in {places}\n  " + "\n  ".join([*lines, *rest]),
            where=f"table of {len(applicants)} rows",
            cure="mend these columns; names, units and ranges are those of weilidai.columns.CATALOGUE",
        )
    return problems


def _wanted(columns: Iterable[str], purpose: Purpose) -> list[str]:
    wanted = list(dict.fromkeys(columns))
    unknown = [name for name in wanted if name not in CATALOGUE]
    if unknown:
        raise ConfigError(f"unknown column {unknown[0]!r}", where="columns", cure=suggest(unknown[0], CATALOGUE))
    if purpose == "train":
        return list(dict.fromkeys(["person_id", "snapshot_month", *wanted, *LABELS]))
    return list(dict.fromkeys(["person_id", *wanted]))


def _check_shape(applicants: pd.DataFrame, wanted: Sequence[str], purpose: Purpose) -> Iterator[Problem]:
    given = [str(name) for name in applicants.columns]
    if applicants.empty:
        yield Problem("table", "has no rows")
    for name in dict.fromkeys(name for name in given if given.count(name) > 1):
        yield Problem(name, f"occurs {given.count(name)} times as a column", is_fatal=name in wanted)
    extra = [name for name in dict.fromkeys(given) if name not in CATALOGUE]
    for name in wanted:
        if name not in given:
            yield from _check_absent(name, extra, purpose)
    for name in extra:
        yield Problem(name, "is not in the column contract and is left out", is_fatal=False)


def _check_absent(name: str, extra: Sequence[str], purpose: Purpose) -> Iterator[Problem]:
    near = get_close_matches(name, extra, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    if purpose == "train":
        yield Problem(name, f"is missing from the table{hint}")
    elif name != "person_id":
        optional = CATALOGUE[name].may_be_missing
        what = "is missing from the table" + (" and taken as unknown for everybody" if optional else "")
        yield Problem(name, f"{what}{hint}", is_fatal=not optional)
