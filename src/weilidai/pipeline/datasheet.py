"""The datasheet of the generated people, written from the catalogue, the book and a small generated sample.

``python -m weilidai.pipeline.datasheet`` writes ``docs/datasheet.md`` anew; nothing in it is typed by hand
that can be counted or measured.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from weilidai.columns import CATALOGUE, LEVELS, NEEDS, Column
from weilidai.facts import Book, load_book
from weilidai.matching import REFERENCE_REGIME, load_parameters
from weilidai.parameters import Parameters
from weilidai.pipeline.simulate import simulate
from weilidai.places import project_root

ROWS: Final = 20_000
SEED: Final = 20_210
UNITS: Final = {
    "_cny": "yuan", "_share": "share", "_months": "months", "_km_7d": "km", "_years": "years", "_rate": "a day",
    "_score": "points",
}
"""Ending of a column's name, or what stands before a span of time -> unit."""
GROUPS: Final = {
    "identity": "Identity", "context": "Context", "account": "Account", "payments": "Payments", "wealth": "Wealth",
    "credit": "Credit", "permissions": "Permissions", "safety": "Device and safety",
    "decision": "Decision and journey (never features)", "after_opening": "After opening (never features)",
}
STEPS: Final = tuple(
    name for name, column in CATALOGUE.items() if column.group == "decision" and column.kind == "flag"
)
HEAD: Final = """\
# Datasheet of the generated people

Written by `make docs` from {rows:,} people (seed {seed}, regime {regime}); change the source, not this page.

**Synthetic: a simulated lender, neither the bank's model nor its data. No row describes a living person.**

## Why it was made

Nobody outside a bank can share credit data, so methods for reasons, recourse, fairness, reject inference or limit
setting are argued about on data whose truth is unknown. Here the lender is simulated after five public articles, and
the truth behind every decision is known, so that a claim about a model can be scored.

## What it is

One row is one person at one snapshot month; a population is defined by parameters, seed and number of people, and the
same three give the same bytes. Two tables belong together by `person_id`: `applicants` with the {columns} columns
below, and `truth` with the simulator's own probabilities and one contribution per documented driver, which only
evaluation may open.

## How it was made

1. {facts} facts were read in five documents, {conflicts} conflicts between them were settled by a reading each, and
   {assumptions} assumptions fill what no document says.
2. People are drawn from a few latent traits, given age, kind of user, city and region; every column is a documented,
   monotone consequence of traits with noise of its own.
3. The lender decides: conditions, invitation, application, identity check, interception, approval, quota, rate,
   repayment.
4. Free numbers were found by matching: {fit} targets steer them, {check} more are only checked.

## The four kinds of numbers

| kind | meaning | in the simulator of this regime |
|---|---|---|
| fact | read in a document | {kind_fact} |
| assumption | needed, not documented, written down with its reason | {kind_assumption} |
| parameter | found by matching, never typed by hand | {kind_parameter} |
| setting | a choice of ours: seed, sample size, and what a regime or a reading selects | {kind_setting} |

## What it must not be used for

- To decide about a living person, or to guess what the bank would decide.
- To claim anything about the bank's customers, its real rates of approval or default, or its fairness.
- To train a model for use outside the laboratory: patterns are as simple as the documents are.
- To estimate a figure the documents do not give: undocumented figures are assumptions, and say so.

Known limits: one snapshot per person, no life course; undocumented dependence follows a few traits; typical profiles of
the documents are tendencies, not bounds; what a withheld permission hides is hidden completely.

## Composition

A withheld permission, a missing bureau record or a missing card makes the columns it governs missing. Median, mean and
shares are of the people who have a value, in two digits; a flag has a share instead of a mean.
"""
TAIL: Final = """
## Licence

Code, facts and generated people are under the MIT licence (`LICENSE`). The documents themselves are not part of it:
their figures are cited with their place, their wording is not copied.
"""


def datasheet(rows: int = ROWS, seed: int = SEED, regime: str = REFERENCE_REGIME) -> str:
    """Write the datasheet as markdown."""
    book, parameters = load_book(), load_parameters(regime)
    applicants, _ = simulate(parameters, rows, seed)
    counted = _counts(book, parameters)
    head = HEAD.format(rows=rows, seed=seed, regime=regime, columns=len(CATALOGUE), **counted)
    tables = [line for group, title in GROUPS.items() for line in _group(applicants, group, title)]
    return head + "\n".join(tables) + "\n" + TAIL


def _counts(book: Book, parameters: Parameters) -> Mapping[str, int]:
    kinds = Counter(number.kind for number in parameters.numbers.values())
    roles = Counter(target.role for target in book.targets())
    return {
        "facts": len(book.facts), "conflicts": len(book.conflicts), "assumptions": len(book.assumptions),
        "fit": roles["fit"], "check": roles["check"],
        **{f"kind_{kind}": kinds[kind] for kind in ("fact", "assumption", "parameter", "setting")},
    }


def _group(applicants: pd.DataFrame, group: str, title: str) -> Iterator[str]:
    yield f"\n### {title}\n"
    yield "| column | meaning | 含义 | unit | possible range | missing when | missing | median | mean or share |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for column in CATALOGUE.values():
        if column.group == group:
            yield "| " + " | ".join(_row(column, applicants)) + " |"


def _row(column: Column, applicants: pd.DataFrame) -> tuple[str, ...]:
    values = applicants[column.name]
    missing = _percent(100 * float(values.isna().mean())) if column.may_be_missing else ""
    median, mean = _middle(column, values)
    return (
        f"`{column.name}`", column.label_en, column.label_zh, unit_of(column), _range(column),
        _missing_when(column, applicants), missing, median, mean,
    )


def unit_of(column: Column) -> str:
    """Tell the unit of a column by its kind and name.

    Examples
    --------
    >>> unit_of(CATALOGUE["monthly_spend_cny"]), unit_of(CATALOGUE["is_opened"]), unit_of(CATALOGUE["friend_count"])
    ('yuan', 'yes or no', 'number')
    """
    if column.kind == "flag":
        return "yes or no"
    if column.kind in ("category", "text"):
        return column.kind
    for ending, unit in UNITS.items():
        if column.name.endswith((ending, f"{ending}_12m", f"{ending}_6m")):
            return unit
    return "number"


def _range(column: Column) -> str:
    if column.name in LEVELS:
        return ", ".join(LEVELS[column.name])
    if column.low is None:
        return ""
    return f"{column.low:g} or more" if column.high is None else f"{_plain(column.low)} to {_plain(column.high)}"


def _missing_when(column: Column, applicants: pd.DataFrame) -> str:
    """Name the column without which there is no value, as the catalogue says or as everybody in the sample shows."""
    if not column.may_be_missing:
        return ""
    if column.name in NEEDS:
        return f"no `{NEEDS[column.name]}`"
    there = applicants[column.name].notna()
    deciding = [name for name in STEPS if bool((applicants[name].astype(bool) == there).all())]
    return f"not `{deciding[0]}`" if deciding else "it did not happen"


def _middle(column: Column, values: "pd.Series[Any]") -> tuple[str, str]:
    known = values.dropna()
    if column.group == "identity" or known.empty:
        return "", ""
    if column.name in LEVELS:
        shares = known.value_counts(normalize=True).reindex(list(LEVELS[column.name]), fill_value=0.0)
        return "", ", ".join(f"{level} {_percent(100 * share)}" for level, share in shares.items())
    if column.kind in ("category", "text"):
        return "", ""
    numbers = known.to_numpy(dtype=np.float64)
    if column.kind == "flag":
        return "", _percent(100 * float(numbers.mean()))
    return _two_digits(float(np.median(numbers))), _two_digits(float(numbers.mean()))


def _two_digits(value: float) -> str:
    """Round to two digits, so that the page is the same wherever it is written."""
    if not value:
        return "0"
    digits = 1 - math.floor(math.log10(abs(value)))
    return _plain(round(value, digits))


def _percent(percentage: float) -> str:
    return f"{_two_digits(percentage)} %"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:.6f}".rstrip("0")


def main() -> None:
    """Write ``docs/datasheet.md`` of the project."""
    file = project_root() / "docs" / "datasheet.md"
    file.write_text(datasheet(), encoding="utf-8")


if __name__ == "__main__":
    main()
