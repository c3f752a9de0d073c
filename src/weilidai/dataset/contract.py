"""The data contract: every breach of the columns contract at once, before any model sees the table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Final, Literal

import pandas as pd

from weilidai.columns import DOCUMENTED, Contract
from weilidai.dataset.column_checks import check_column
from weilidai.dataset.label_checks import check_labels, check_leaks
from weilidai.dataset.problems import Problem
from weilidai.dataset.row_checks import check_combinations, check_ids
from weilidai.dataset.settings import TableLimits
from weilidai.errors import ConfigError, DataError, suggest

Purpose = Literal["train", "score"]
"""What the table is for: ``train`` also needs ids, months and labels; ``score`` needs the features alone."""

PROBLEMS_SHOWN: Final = 20
_WRITTEN_IN: Final = {
    True: "names, units and ranges are those of weilidai.columns.CATALOGUE",
    False: "names, ranges and levels are those of the mapping the model learnt with",
}


def check_table(
    applicants: pd.DataFrame, columns: Iterable[str], purpose: Purpose, limits: TableLimits | None = None,
    contract: Contract = DOCUMENTED,
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
    contract
        What the columns must look like; that of the documents unless the table is one's own.

    Raises
    ------
    ConfigError
        A wanted column is not in the contract.
    """
    limits = limits or TableLimits()
    wanted = _wanted(columns, purpose, contract)
    problems = [*_check_shape(applicants, wanted, purpose, contract)]
    occurring = Counter(applicants.columns)
    single = [name for name in wanted if occurring[name] == 1]
    for name in single:
        problems += check_column(contract.columns[name], applicants[name], limits, contract)
    features = [name for name in single if contract.columns[name].is_feature]
    problems += check_ids(applicants, is_fatal=purpose == "train") if "person_id" in single else ()
    problems += check_combinations(applicants, features, limits, contract)
    if purpose == "train":
        labelled = applicants if applicants.columns.is_unique else applicants[single]  # taking columns copies them
        problems += check_labels(labelled, limits)
        problems += check_leaks(labelled, features, limits, contract)
    return problems


def require(
    applicants: pd.DataFrame, columns: Iterable[str], purpose: Purpose, limits: TableLimits | None = None,
    contract: Contract = DOCUMENTED,
) -> list[Problem]:
    """Refuse a table that breaks the contract and hand back the warnings of one that does not.

    Raises
    ------
    DataError
        At least one breach is fatal; the message lists all of them.
    """
    problems = check_table(applicants, columns, purpose, limits, contract)
    refuse_fatal(problems, len(applicants), contract)
    return problems


def refuse_fatal(problems: Iterable[Problem], rows: int, contract: Contract = DOCUMENTED) -> None:
    """Refuse a table of so many rows for which fatal problems were found.

    Raises
    ------
    DataError
        At least one breach is fatal; the message lists all of them.
    """
    fatal = [problem for problem in problems if problem.is_fatal]
    if fatal:
        lines = [str(problem) for problem in fatal[:PROBLEMS_SHOWN]]
        rest = [f"and {len(fatal) - PROBLEMS_SHOWN} more"] if len(fatal) > PROBLEMS_SHOWN else []
        places = "1 place" if len(fatal) == 1 else f"{len(fatal)} places"
        raise DataError(
            f"the table breaks the column contract in {places}\n  " + "\n  ".join([*lines, *rest]),
            where=f"table of {rows} rows",
            cure=f"mend these columns; {_WRITTEN_IN[contract is DOCUMENTED]}",
        )


def _wanted(columns: Iterable[str], purpose: Purpose, contract: Contract) -> list[str]:
    wanted, known = list(dict.fromkeys(columns)), contract.columns
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ConfigError(f"unknown column {unknown[0]!r}", where="columns", cure=suggest(unknown[0], known))
    if purpose == "train":
        return list(dict.fromkeys([*contract.keys, *wanted, *contract.labels]))
    return list(dict.fromkeys(["person_id", *wanted]))


def _check_shape(
    applicants: pd.DataFrame, wanted: Sequence[str], purpose: Purpose, contract: Contract
) -> Iterator[Problem]:
    given = Counter(str(name) for name in applicants.columns)
    if applicants.empty:
        yield Problem("table", "has no rows")
    for name, times in given.items():
        if times > 1:
            yield Problem(name, f"occurs {times} times as a column", is_fatal=name in wanted)
    extra = [name for name in given if name not in contract.columns]
    for name in wanted:
        if name not in given:
            yield from _check_absent(name, extra, purpose, contract)
    for name in extra:
        yield Problem(name, "is not in the column contract and is left out", is_fatal=False)


def _check_absent(name: str, extra: Sequence[str], purpose: Purpose, contract: Contract) -> Iterator[Problem]:
    near = get_close_matches(name, extra, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    if purpose == "train":
        yield Problem(name, f"is missing from the table{hint}")
    elif name != "person_id":
        optional = contract.columns[name].may_be_missing
        what = "is missing from the table" + (" and taken as unknown for everybody" if optional else "")
        yield Problem(name, f"{what}{hint}", is_fatal=not optional)
